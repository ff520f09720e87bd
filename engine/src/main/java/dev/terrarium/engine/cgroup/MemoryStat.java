package dev.terrarium.engine.cgroup;

/**
 * Of what a cgroup's memory consists, in bytes, those of the cgroups below included. Source: kernel
 * document admin-guide/cgroup-v2, "memory.stat".
 *
 * @param anon what belongs to no file
 * @param file page cache, shared memory included
 * @param shmem shared memory and tmpfs
 * @param mapped of the page cache, what is mapped into a process
 * @param slabReclaimable of the kernel's own, what it would give back; 0 with version 1
 */
public record MemoryStat(
    long anon,
    long file,
    long shmem,
    long mapped,
    long dirty,
    long writeback,
    long activeAnon,
    long inactiveAnon,
    long activeFile,
    long inactiveFile,
    long unevictable,
    long slabReclaimable,
    long slabUnreclaimable) {}
