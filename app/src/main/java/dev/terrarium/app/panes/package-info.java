/**
 * What the host sees beside what the container sees: namespace chips, process panes, and why they
 * differ.
 */
@NullMarked
package dev.terrarium.app.panes;

import org.jspecify.annotations.NullMarked;
