package dev.terrarium.engine.json;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.jsontype.NamedType;

/** Tells Jackson what it would otherwise have to read in annotations: who belongs to a family. */
final class SealedFamilies extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1L;

  /** Not a component's name in any record of a family. */
  static final String WHICH = "is";

  private static final JsonTypeInfo.Value BY_NAME =
      JsonTypeInfo.Value.construct(
          JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, WHICH, null, false, true, true);

  /** The records at the ends of a sealed hierarchy. */
  static List<Class<?>> members(Class<?> family) {
    List<Class<?>> members = new ArrayList<>();
    for (Class<?> permitted : family.getPermittedSubclasses()) {
      if (permitted.isSealed()) {
        members.addAll(members(permitted));
      } else {
        members.add(permitted);
      }
    }
    return members;
  }

  static String name(Class<?> member) {
    return member.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  @Override
  public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
      MapperConfig<?> config, Annotated annotated) {
    return annotated.getRawType().isSealed()
        ? BY_NAME
        : super.findPolymorphicTypeInfo(config, annotated);
  }

  @Override
  public @Nullable List<NamedType> findSubtypes(MapperConfig<?> config, Annotated annotated) {
    return annotated.getRawType().isSealed()
        ? members(annotated.getRawType()).stream()
            .map(member -> new NamedType(member, name(member)))
            .toList()
        : super.findSubtypes(config, annotated);
  }
}
