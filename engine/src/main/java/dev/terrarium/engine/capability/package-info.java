/** The pieces into which Linux has cut root's power, and who holds which. */
@NullMarked
package dev.terrarium.engine.capability;

import org.jspecify.annotations.NullMarked;
