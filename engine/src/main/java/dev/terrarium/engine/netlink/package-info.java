/**
 * Talks to the kernel about links, addresses, routes and packet filters: rtnetlink and nf_tables,
 * as messages over a stub's socket.
 */
@NullMarked
package dev.terrarium.engine.netlink;

import org.jspecify.annotations.NullMarked;
