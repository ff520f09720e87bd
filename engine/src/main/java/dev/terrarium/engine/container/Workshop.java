package dev.terrarium.engine.container;

import dev.terrarium.engine.fact.Fact;
import dev.terrarium.engine.journal.Run;
import dev.terrarium.engine.net.Switch;
import dev.terrarium.engine.stub.StubPool;
import java.util.function.Consumer;

/**
 * What all containers of one engine are made with.
 *
 * @param run the engine's folder and journal
 * @param stubs who makes the calls
 * @param networkSwitch what those with a network of their own are plugged into
 * @param facts hears everything that happens
 */
public record Workshop(Run run, StubPool stubs, Switch networkSwitch, Consumer<Fact> facts) {
  public void tell(Fact fact) {
    facts.accept(fact);
  }
}
