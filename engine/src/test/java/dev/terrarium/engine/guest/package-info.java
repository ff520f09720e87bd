/** What runs the tests in the virtual machine of {@code src/test/vm}. */
@NullMarked
package dev.terrarium.engine.guest;

import org.jspecify.annotations.NullMarked;
