package org.transducer4j.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A case.json: sizes, and where the arrays are. Every message names the file. */
final class CaseFile {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;
    private final JsonNode root;

    private CaseFile(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    static CaseFile read(Path file) {
        JsonNode root;
        try {
            root = JSON.readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new BadCaseException("%s:%d: is no JSON: %s"
                    .formatted(file, Math.max(1, e.getLocation().getLineNr()), e.getOriginalMessage()));
        } catch (IOException e) {
            throw new BadCaseException(file + ": can't be read: " + e.getMessage());
        }
        if (!root.isObject()) {
            throw new BadCaseException(file + ": is no JSON object");
        }
        return new CaseFile(file, root);
    }

    BadCaseException bad(String message, Object... arguments) {
        return new BadCaseException(file + ": " + message.formatted(arguments));
    }

    /** Whether it describes logits with a reference; other formats have other arrays. */
    boolean describesLogits() {
        JsonNode arrays = root.path("arrays");
        return !arrays.isObject() || arrays.has("logits") || arrays.has("loss_ref") || arrays.has("grad_ref");
    }

    /** A whole number that must be there. */
    int integer(String key) {
        JsonNode node = root.path(key);
        if (node.isMissingNode()) {
            throw bad("has no \"%s\"", key);
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw bad("\"%s\" must be a whole number, it is %s", key, node);
        }
        return node.asInt();
    }

    /** The shape of an array as case.json gives it, or null. */
    long @Nullable [] shape(String array) {
        JsonNode shape = entry(array).path("shape");
        if (shape.isMissingNode()) {
            return null;
        }
        if (!shape.isArray()) {
            throw bad("the shape of \"%s\" must be a list, it is %s", array, shape);
        }
        long[] sizes = new long[shape.size()];
        for (int i = 0; i < sizes.length; i++) {
            JsonNode size = shape.get(i);
            if (!size.isIntegralNumber() || !size.canConvertToLong() || size.asLong() < 0) {
                throw bad("the shape of \"%s\" must hold whole numbers, it is %s", array, shape);
            }
            sizes[i] = size.asLong();
        }
        return sizes;
    }

    /**
     * Maps an array.
     *
     * @param arena owner of the mapping
     * @param array its name under "arrays"
     * @param types what its elements may be
     * @param expected its shape
     */
    RawArray array(Arena arena, String array, List<RawArray.Type> types, long... expected) {
        JsonNode entry = entry(array);
        JsonNode fileName = entry.path("file");
        if (!fileName.isString() || fileName.asString().isBlank()) {
            throw bad("the array \"%s\" has no \"file\"", array);
        }
        RawArray.Type type = type(array, entry, fileName.asString());
        if (!types.contains(type)) {
            throw bad(
                    "the array \"%s\" is %s, expected %s",
                    array, type, types.stream().map(Object::toString).collect(Collectors.joining(" or ")));
        }
        long[] shape = shape(array);
        if (shape != null && !Arrays.equals(shape, expected)) {
            throw bad(
                    "the array \"%s\" has shape %s, expected %s",
                    array, Arrays.toString(shape), Arrays.toString(expected));
        }
        long length = 1;
        try {
            for (long size : expected) {
                length = Math.multiplyExact(length, size);
            }
            Math.multiplyExact(length, Long.BYTES);
        } catch (ArithmeticException e) {
            throw bad("the array \"%s\" can't have shape %s", array, Arrays.toString(expected));
        }
        Path raw = file.resolveSibling(fileName.asString());
        return RawArray.map(arena, raw, type, length, Arrays.toString(expected));
    }

    /** A list of B whole numbers, from an array or, where there is none, from the list of that name. */
    int[] integers(Arena arena, String key, int count) {
        if (root.path("arrays").has(key)) {
            RawArray array = array(arena, key, List.of(RawArray.Type.INT32, RawArray.Type.INT64), count);
            return IntStream.range(0, count)
                    .map(i -> toInt(array, array.getInteger(i)))
                    .toArray();
        }
        JsonNode list = root.path(key);
        if (!list.isArray()) {
            throw bad("has neither an array nor a list \"%s\"", key);
        }
        List<Integer> values = new ArrayList<>();
        for (JsonNode value : list) {
            if (!value.isIntegralNumber() || !value.canConvertToInt()) {
                throw bad("\"%s\" must hold whole numbers, there is %s", key, value);
            }
            values.add(value.asInt());
        }
        if (values.size() != count) {
            throw bad("\"%s\" has %d entries, expected B = %d", key, values.size(), count);
        }
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    static int toInt(RawArray array, long value) {
        if (value != (int) value) {
            throw new BadCaseException(array.file() + ": " + value + " is out of range");
        }
        return (int) value;
    }

    private RawArray.Type type(String array, JsonNode entry, String fileName) {
        // Without a dtype the file's ending says it: .f4, .f8, .i4, .i8.
        String name = entry.path("dtype").isString()
                ? entry.path("dtype").asString()
                : fileName.substring(fileName.lastIndexOf('.') + 1);
        return RawArray.Type.of(name)
                .orElseThrow(() -> bad(
                        "the array \"%s\" has the unknown dtype \"%s\"; known are float32, float64, int32, int64",
                        array, name));
    }

    private JsonNode entry(String array) {
        JsonNode arrays = root.path("arrays");
        if (!arrays.isObject()) {
            throw bad("has no \"arrays\"");
        }
        if (!arrays.path(array).isObject()) {
            throw bad("has no array \"%s\"", array);
        }
        return arrays.path(array);
    }
}
