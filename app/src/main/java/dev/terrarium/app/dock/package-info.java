/** Below the panes: the system calls, the kernel delta and the two terminals. */
@NullMarked
package dev.terrarium.app.dock;

import org.jspecify.annotations.NullMarked;
