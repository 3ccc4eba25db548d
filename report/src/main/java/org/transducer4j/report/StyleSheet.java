package org.transducer4j.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The style sheet of pages, report.css, and its colors for pictures of their own. */
final class StyleSheet {
    /** All of it. */
    static final String TEXT = read();

    private static final Pattern COLOR = Pattern.compile("--(\\w+): (#[0-9a-f]{3,6});");
    private static final Map<String, String> LIGHT = new HashMap<>();
    private static final Map<String, String> DARK = new HashMap<>();

    static {
        // Each is given twice, the dark one second.
        Matcher matcher = COLOR.matcher(TEXT);
        while (matcher.find()) {
            (LIGHT.containsKey(matcher.group(1)) ? DARK : LIGHT).put(matcher.group(1), matcher.group(2));
        }
    }

    private StyleSheet() {}

    /**
     * Rules with colors in the place of variables, which programs that draw SVG files often don't know: dark on light, and
     * light on dark where the color scheme is dark.
     *
     * @param rules of CSS, with {@code var(--NAME)} for each color
     */
    static String inBothSchemes(String rules) {
        return inColors(rules, LIGHT) + "@media (prefers-color-scheme: dark) {\n" + inColors(rules, DARK) + "}\n";
    }

    private static String inColors(String rules, Map<String, String> colors) {
        return Pattern.compile("var\\(--(\\w+)\\)").matcher(rules).replaceAll(variable -> {
            String color = colors.get(variable.group(1));
            if (color == null) {
                throw new IllegalStateException("report.css has no color --" + variable.group(1));
            }
            return color;
        });
    }

    private static String read() {
        try (InputStream in = StyleSheet.class.getResourceAsStream("report.css")) {
            if (in == null) {
                throw new IllegalStateException("report.css isn't packed with the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
