package dev.terrarium.engine.capability;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A set of capabilities, a bit each; may hold ones that are newer than {@link Capability} knows.
 *
 * @param bits bit n stands for the capability of number n
 */
public record CapabilitySet(long bits) {
  public static final CapabilitySet NONE = new CapabilitySet(0);

  /** All that there are and will be. */
  public static final CapabilitySet ALL = new CapabilitySet(-1);

  public static CapabilitySet of(Collection<Capability> members) {
    return new CapabilitySet(members.stream().mapToLong(each -> 1L << each.number()).sum());
  }

  /**
   * Those with these names.
   *
   * @throws IllegalArgumentException if there is no capability of such a name
   */
  public static CapabilitySet named(Collection<String> names) {
    return new CapabilitySet(
        names.stream()
            .map(name ->
                Capability.named(name)
                    .orElseThrow(() -> new IllegalArgumentException("no capability " + name)))
            .mapToLong(each -> 1L << each.number())
            .reduce(0, (a, b) -> a | b));
  }

  /** From the hexadecimal digits of {@code CapEff:} and its like. Source: proc_pid_status(5). */
  public static CapabilitySet parse(String hexadecimal) {
    return new CapabilitySet(Long.parseUnsignedLong(hexadecimal, 16));
  }

  public boolean has(Capability capability) {
    return has(capability.number());
  }

  public boolean has(int number) {
    return (bits >>> number & 1) != 0;
  }

  public boolean isEmpty() {
    return bits == 0;
  }

  /** What both hold. */
  public CapabilitySet and(CapabilitySet other) {
    return new CapabilitySet(bits & other.bits);
  }

  /** By number; one without a name is called by it, as {@code cap_41}: so does libcap. */
  public List<String> names() {
    return IntStream.range(0, Long.SIZE).filter(this::has).mapToObj(Capability::nameOf).toList();
  }

  /** As a C program would write it: {@code CAP_CHOWN|CAP_KILL}, or 0. */
  @Override
  public String toString() {
    return isEmpty() ? "0" : names().stream().collect(Collectors.joining("|"));
  }
}
