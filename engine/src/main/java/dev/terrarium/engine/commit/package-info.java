/** What a container wrote: looked at, and made a layer of an image. */
@NullMarked
package dev.terrarium.engine.commit;

import org.jspecify.annotations.NullMarked;
