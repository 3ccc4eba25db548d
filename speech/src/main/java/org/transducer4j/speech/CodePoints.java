package org.transducer4j.speech;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The characters of a text by their numbers: for messages about what can't be told apart by sight, and for what no text may hold. */
public final class CodePoints {
    /** So many different characters are named in a message, ... */
    private static final int MOST = 8;
    /** ... and so many of them by Unicode's names. */
    private static final int MOST_NAMES = 2;

    private CodePoints() {}

    /**
     * A text in quotes. Behind it the code points of what isn't ASCII: letters of other scripts look alike, other characters can't be seen.
     *
     * @param text any text
     * @return such as {@code "one"}, or {@code "caf}&eacute;{@code " (U+00E9 LATIN SMALL LETTER E WITH ACUTE)}
     */
    public static String quoted(String text) {
        StringBuilder shown = new StringBuilder("\"");
        text.codePoints().forEach(point -> {
            // These would break the line that the message is.
            if (unusable(point) || (WhiteSpace.is(point) && point != ' ')) {
                shown.append(number(point));
            } else {
                shown.appendCodePoint(point);
            }
        });
        shown.append('"');
        List<Integer> odd = text.codePoints()
                .filter(point -> point < ' ' || point > '~')
                .distinct()
                .boxed()
                .toList();
        if (!odd.isEmpty()) {
            shown.append(odd.stream()
                    .limit(MOST)
                    .map(point -> odd.size() <= MOST_NAMES ? name(point) : number(point))
                    .collect(Collectors.joining(", ", " (", odd.size() > MOST ? ", ...)" : ")")));
        }
        return shown.toString();
    }

    /**
     * A character by its number and name.
     *
     * @param codePoint a Unicode code point
     * @return such as {@code U+00E9 LATIN SMALL LETTER E WITH ACUTE}
     */
    public static String name(int codePoint) {
        if (isSurrogate(codePoint)) {
            return number(codePoint) + " UNPAIRED SURROGATE";
        }
        String name = Character.getName(codePoint);
        return name == null ? number(codePoint) : number(codePoint) + " " + name;
    }

    private static String number(int codePoint) {
        return String.format(Locale.ROOT, "U+%04X", codePoint);
    }

    /**
     * What a text holds that none should: half of a surrogate pair, which no file can hold, or a control character other than white space.
     *
     * @param text any text
     * @return the first of them, in words, and where it is; null where the text is clean
     */
    public static @Nullable String fault(String text) {
        int index = 0;
        int at = 0;
        while (index < text.length()) {
            int point = text.codePointAt(index);
            at++;
            if (unusable(point)) {
                return (isSurrogate(point) ? "half of a surrogate pair" : "a control character") + ", " + number(point)
                        + ", as character " + at;
            }
            index += Character.charCount(point);
        }
        return null;
    }

    private static boolean unusable(int point) {
        return isSurrogate(point) || (Character.getType(point) == Character.CONTROL && !WhiteSpace.is(point));
    }

    private static boolean isSurrogate(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }
}
