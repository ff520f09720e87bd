package dev.terrarium.engine.step;

/**
 * What is done to the files that a container sees: with mounts, and so only in a mount namespace
 * that is not the host's.
 */
public sealed interface FileStep extends Step
    permits LayerStep, MountStep, DeviceStep, VolumeStep, PathStep, AwareStep {}
