package dev.terrarium.engine.tar;

/**
 * How much an archive may ask for before it is refused.
 *
 * @param entries members
 * @param bytes of content, unpacked
 * @param name bytes of one path or link; the kernel's PATH_MAX is 4096
 * @param header bytes of one member's extended header, attributes included
 */
public record TarLimits(long entries, long bytes, int name, int header) {
  /** Generous for real images, too small for a bomb. */
  public static final TarLimits USUAL = new TarLimits(2_000_000, 64L << 30, 4095, 1 << 20);
}
