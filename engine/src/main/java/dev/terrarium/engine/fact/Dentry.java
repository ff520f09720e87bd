package dev.terrarium.engine.fact;

import dev.terrarium.engine.syscall.Inode;

/**
 * A path, and what it led to before a mount changed that, and after. Source: path_resolution(7).
 *
 * @param path absolute, without links, as seen on its side
 */
public record Dentry(String path, Inode before, Inode after) {}
