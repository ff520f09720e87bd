package dev.terrarium.engine.fact;

import dev.terrarium.engine.layer.ImageTree;

/**
 * A layer that an instruction made.
 *
 * @param diffId the digest of its uncompressed archive
 * @param manifest the digest of an image with it on top, which can be looked into and run
 * @param packedBytes of its archive in the store
 * @param share what it stores, adds and hides
 */
public record BuildLayer(String diffId, String manifest, long packedBytes, ImageTree.Share share) {}
