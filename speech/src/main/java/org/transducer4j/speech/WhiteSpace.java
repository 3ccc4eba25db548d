package org.transducer4j.speech;

import java.util.ArrayList;
import java.util.List;

/**
 * White space as Unicode defines it (the property White_Space): one definition for whatever splits text, so that tokens, the words of a
 * score and the columns of files agree. {@link Character#isWhitespace} is another one: it lacks the no-break spaces and U+0085, and has
 * the control characters U+001C to U+001F.
 */
public final class WhiteSpace {
    private WhiteSpace() {}

    /**
     * Whether a character is white space.
     *
     * @param codePoint a Unicode code point
     * @return whether it has the property White_Space
     */
    public static boolean is(int codePoint) {
        return switch (codePoint) {
            case '\t', '\n', 0x0b, '\f', '\r', ' ' -> true;
            case 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000 -> true;
            default -> codePoint >= 0x2000 && codePoint <= 0x200a;
        };
    }

    /**
     * Whether there is any in a text.
     *
     * @param text any text
     * @return whether a character of it is white space
     */
    public static boolean in(String text) {
        return text.codePoints().anyMatch(WhiteSpace::is);
    }

    /**
     * Whether a text has no word.
     *
     * @param text any text
     * @return whether it is empty or white space
     */
    public static boolean only(String text) {
        return text.codePoints().allMatch(WhiteSpace::is);
    }

    /**
     * What is between white space.
     *
     * @param text any text
     * @return its words, none of them empty; none where it is empty or white space
     */
    public static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int from = -1;
        for (int i = 0; i < text.length(); i++) {
            // All white space is one char long.
            if (!is(text.charAt(i))) {
                from = from < 0 ? i : from;
            } else if (from >= 0) {
                words.add(text.substring(from, i));
                from = -1;
            }
        }
        if (from >= 0) {
            words.add(text.substring(from));
        }
        return List.copyOf(words);
    }

    /**
     * A text without the white space around it.
     *
     * @param text any text
     * @return the text from the first character that is none to the last
     */
    public static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && is(text.charAt(from))) {
            from++;
        }
        while (to > from && is(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }
}
