package org.transducer4j.speech;

import java.util.Locale;

/** Checks at the public face. */
final class Require {
    private Require() {}

    static void that(boolean condition, String message, Object... arguments) {
        if (!condition) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, message, arguments));
        }
    }
}
