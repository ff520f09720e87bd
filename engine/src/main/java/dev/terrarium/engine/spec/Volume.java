package dev.terrarium.engine.spec;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A folder or file that is bound into the root before the container pivots there.
 *
 * @param source on the host; empty for an anonymous one, a folder that the engine makes
 * @param target absolute, inside the container
 */
public record Volume(Optional<Path> source, String target, boolean readOnly) {}
