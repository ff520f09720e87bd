package dev.terrarium.engine.observe;

import dev.terrarium.engine.syscall.SyscallEvent;
import java.util.Optional;

/**
 * A change and the system call that brought it about.
 *
 * @param by empty if no recorded call explains it: the rest of the host lives its own life
 */
public record Caused(Change change, Optional<SyscallEvent> by) {}
