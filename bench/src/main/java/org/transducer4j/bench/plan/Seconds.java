package org.transducer4j.bench.plan;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write them. */
public final class Seconds {
    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ms|s|min)");

    private Seconds() {}

    /**
     * Reads a length of time.
     *
     * @param text a number and ms, s or min
     * @return seconds, above 0
     * @throws IllegalArgumentException if it is none, or 0
     */
    public static double parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no length of time; write a number and ms, s or min, for example 40s or 40ms");
        }
        double number = Double.parseDouble(matcher.group(1));
        double seconds = switch (matcher.group(2)) {
            case "ms" -> number / 1000;
            case "min" -> number * 60;
            default -> number;
        };
        if (!(seconds > 0)) {
            throw new IllegalArgumentException("a length of time must be above 0, not \"" + text + "\"");
        }
        return seconds;
    }
}
