package dev.terrarium.engine.stub;

import dev.terrarium.engine.syscall.Call;

/**
 * A child was killed from outside in the middle of its setup; its parent has answered in its place.
 */
public final class ChildLostException extends RuntimeException {
  public ChildLostException(int child, Call call) {
    super("process " + child + " was killed before it could make " + call);
  }
}
