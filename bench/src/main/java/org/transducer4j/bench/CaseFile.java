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

    /** What a case is made of. */
    enum Kind {
        /** Ready logits. */
        LOGITS,
        /** Encoder and predictor outputs and a joint network. */
        JOINT,
        /** The parts of a simple joiner, and logits to be pruned. */
        PRUNED,
        /** Something that this isn't for. */
        OTHER
    }

    /** What it describes, told by its arrays. A folder that has none is broken logits: those are told what's missing. */
    Kind kind() {
        JsonNode arrays = root.path("arrays");
        if (arrays.has("am") || arrays.has("lm") || arrays.has("boundary")) {
            return Kind.PRUNED;
        }
        if (arrays.has("enc") || arrays.has("pred") || arrays.has("weight")) {
            return Kind.JOINT;
        }
        boolean logits = !arrays.isObject() || arrays.has("logits") || arrays.has("loss_ref") || arrays.has("grad_ref");
        return logits ? Kind.LOGITS : Kind.OTHER;
    }

    boolean has(String array) {
        return root.path("arrays").has(array);
    }

    /** Names of arrays, sorted. */
    List<String> arrays() {
        return root.path("arrays").propertyNames().stream().sorted().toList();
    }

    /** A number, or another where there is none. */
    double number(String key, double otherwise) {
        JsonNode node = root.path(key);
        if (node.isMissingNode()) {
            return otherwise;
        }
        if (!node.isNumber()) {
            throw bad("\"%s\" must be a number, it is %s", key, node);
        }
        return node.asDouble();
    }

    /** A word, or another where there is none. */
    String word(String key, String otherwise) {
        JsonNode node = root.path(key);
        if (node.isMissingNode()) {
            return otherwise;
        }
        if (!node.isString()) {
            throw bad("\"%s\" must be a word, it is %s", key, node);
        }
        return node.asString();
    }

    void checkSizes(int b, int t, int u, int v, int blank) {
        if (b < 1 || t < 1 || u < 0 || v < 2 || u == Integer.MAX_VALUE) {
            throw bad("needs B >= 1, T >= 1, U >= 0, V >= 2, has B = %d, T = %d, U = %d, V = %d", b, t, u, v);
        }
        if (blank < 0 || blank >= v) {
            throw bad("blank is %d, expected 0 to V-1 = %d", blank, v - 1);
        }
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
            RawArray array = array(arena, key, RawArray.INTEGERS, count);
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

    /** Lengths, each in a range. */
    int[] lengths(Arena arena, String key, int count, int least, int most) {
        int[] lengths = integers(arena, key, count);
        for (int i = 0; i < count; i++) {
            if (lengths[i] < least || lengths[i] > most) {
                throw bad("%s of utterance %d is %d, expected %d to %d", key, i, lengths[i], least, most);
            }
        }
        return lengths;
    }

    /** The labels of each utterance, from an array (B, U) whose padding may hold anything. */
    int[][] labels(Arena arena, String array, int stride, int[] lengths, int vocabulary, int blank) {
        RawArray targets = array(arena, array, RawArray.INTEGERS, lengths.length, stride);
        int[][] labels = new int[lengths.length][];
        for (int b = 0; b < labels.length; b++) {
            labels[b] = new int[lengths[b]];
            for (int u = 0; u < lengths[b]; u++) {
                long label = targets.getInteger((long) b * stride + u);
                if (label < 0 || label >= vocabulary || label == blank) {
                    throw new BadCaseException("%s: label %d of utterance %d is %d, expected 0 to %d and not blank (%d)"
                            .formatted(targets.file(), u, b, label, vocabulary - 1, blank));
                }
                labels[b][u] = (int) label;
            }
        }
        return labels;
    }

    /** Losses (B), all finite. */
    double[] losses(Arena arena, String array, int count) {
        RawArray reference = array(arena, array, RawArray.FLOATS, count);
        double[] losses = new double[count];
        for (int b = 0; b < count; b++) {
            losses[b] = reference.get(b);
            if (!Double.isFinite(losses[b])) {
                throw new BadCaseException("%s: the loss of utterance %d is %s, expected a finite number"
                        .formatted(reference.file(), b, losses[b]));
            }
        }
        return losses;
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
