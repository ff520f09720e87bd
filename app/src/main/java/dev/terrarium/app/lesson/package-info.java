/** A lesson on screen: its list, story, cards, code, buttons and timeline, and what feeds them. */
@NullMarked
package dev.terrarium.app.lesson;

import org.jspecify.annotations.NullMarked;
