package org.transducer4j.loss.method;

/** Numbers in the words of methods. */
final class WholeNumber {
    private WholeNumber() {}

    static int read(String text, String where, String usage) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    where + " takes a whole number (" + usage + "), got \"" + text + "\"", e);
        }
    }
}
