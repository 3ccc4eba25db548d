package org.transducer4j.speech.corpus;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies of plain values that nobody can change. */
final class Attributes {
    private Attributes() {}

    static Map<String, Object> copy(Map<String, ?> attributes) {
        Map<String, Object> copy = new LinkedHashMap<>();
        attributes.forEach((name, value) -> copy.put(name, plain(name, value)));
        return Collections.unmodifiableMap(copy);
    }

    @SuppressWarnings("NullAway") // null is a value like others here
    private static Object plain(String name, @Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> text;
            case Number number -> number;
            case Boolean truth -> truth;
            case List<?> list -> list(name, list);
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((key, inner) -> copy.put(String.valueOf(key), plain(name, inner)));
                yield Collections.unmodifiableMap(copy);
            }
            case Object array when array.getClass().isArray() -> list(name, elements(array));
            default ->
                throw new IllegalArgumentException("attribute \"" + name
                        + "\" must be made of strings, numbers, booleans, lists, arrays and maps, got a "
                        + value.getClass().getName());
        };
    }

    /** Also of an array of primitive values. */
    private static List<Object> elements(Object array) {
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(array); i++) {
            elements.add(Array.get(array, i));
        }
        return elements;
    }

    private static List<Object> list(String name, List<?> list) {
        List<Object> copy = new ArrayList<>();
        list.forEach(inner -> copy.add(plain(name, inner)));
        return Collections.unmodifiableList(copy);
    }
}
