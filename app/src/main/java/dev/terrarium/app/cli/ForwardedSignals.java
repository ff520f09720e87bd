package dev.terrarium.app.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears the signals that would end this program, so that they reach a container instead.
 *
 * <p>The JDK's only door to signals is {@code sun.misc.Signal}, whose mere mention is a compiler
 * warning that cannot be silenced; hence the way through reflection.
 */
final class ForwardedSignals {
  private static final Logger LOG = LoggerFactory.getLogger(ForwardedSignals.class);

  private ForwardedSignals() {}

  /**
   * From now on these signals do nothing but call the receiver with their number, on a thread of
   * the JVM's.
   *
   * @param names without SIG, such as {@code TERM}
   */
  @SuppressWarnings("ReferenceEquality") // what equals means for a handler
  static void to(IntConsumer receiver, List<String> names) {
    try {
      Class<?> signalClass = Class.forName("sun.misc.Signal");
      Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
      Method number = signalClass.getMethod("getNumber");
      InvocationHandler heard =
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> {
                  receiver.accept((int) number.invoke(arguments[0]));
                  yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "forwarded to the container";
              };
      Object handler =
          Proxy.newProxyInstance(
              ForwardedSignals.class.getClassLoader(), new Class<?>[] {handlerClass}, heard);
      Method handle = signalClass.getMethod("handle", signalClass, handlerClass);
      for (String name : names) {
        handle.invoke(null, signalClass.getConstructor(String.class).newInstance(name), handler);
      }
    } catch (InvocationTargetException e) {
      // The JVM was told to keep its hands off signals (-Xrs); then they end it, as they always do.
      LOG.debug("signals are not forwarded", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM has no sun.misc.Signal", e);
    }
  }
}
