package dev.terrarium.lessons.format;

/**
 * Something that the learner does by hand.
 *
 * @param check a CEL expression over the host's state that becomes true when it is done
 * @param solution what a person would type in the container's terminal
 */
public record YourTurn(String check, String solution) {}
