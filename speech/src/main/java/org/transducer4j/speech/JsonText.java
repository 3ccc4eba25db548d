package org.transducer4j.speech;

import com.fasterxml.jackson.annotation.JsonInclude;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonGeneratorDelegate;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Results as JSON. A number that isn't finite is null: JSON has none, and a string in its place is a number to no reader. How many there are of
 * what has no number, the result says by counts of its own.
 */
public final class JsonText {
    private static final JsonMapper LINE = builder().build();
    private static final JsonMapper INDENTED =
            builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final JsonMapper PRESENT = builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .changeDefaultPropertyInclusion(value -> value.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();

    private JsonText() {}

    private static JsonMapper.Builder builder() {
        return JsonMapper.builder(JsonFactory.builder()
                .addDecorator((_, generator) -> new Finite(generator))
                .build());
    }

    /**
     * In one line.
     *
     * @param value records, maps, lists, arrays and plain values
     * @return the text, without a line break
     */
    public static String line(Object value) {
        return LINE.writeValueAsString(value);
    }

    /**
     * In many lines, for people, too.
     *
     * @param value records, maps, lists, arrays and plain values
     * @return the text, a line break at its end
     */
    public static String indented(Object value) {
        return INDENTED.writeValueAsString(value) + "\n";
    }

    /**
     * In many lines, without the components of records that are null.
     *
     * @param value records, maps, lists, arrays and plain values
     * @return the text, a line break at its end
     */
    public static String present(Object value) {
        return PRESENT.writeValueAsString(value) + "\n";
    }

    /** Writes null for what isn't finite. */
    private static final class Finite extends JsonGeneratorDelegate {
        Finite(JsonGenerator generator) {
            super(generator, false);
        }

        @Override
        public JsonGenerator writeNumber(double value) {
            if (Double.isFinite(value)) {
                delegate.writeNumber(value);
            } else {
                delegate.writeNull();
            }
            return this;
        }

        @Override
        public JsonGenerator writeNumber(float value) {
            if (Float.isFinite(value)) {
                delegate.writeNumber(value);
            } else {
                delegate.writeNull();
            }
            return this;
        }

        @Override
        public JsonGenerator writeArray(double[] values, int from, int count) {
            writeStartArray();
            for (int i = from; i < from + count; i++) {
                writeNumber(values[i]);
            }
            return writeEndArray();
        }
    }
}
