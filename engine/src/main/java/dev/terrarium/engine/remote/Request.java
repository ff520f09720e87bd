package dev.terrarium.engine.remote;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A call on an object of the other side.
 *
 * @param id greater than that of every request before it
 * @param on the object's number; {@link References#ENGINE} is the engine
 * @param call the method's name
 * @param with its arguments
 */
record Request(long id, int on, String call, List<JsonNode> with) {
  Request {
    if (id <= 0) {
      throw new IllegalArgumentException("a request's id is a positive number");
    }
    with = List.copyOf(with);
  }
}
