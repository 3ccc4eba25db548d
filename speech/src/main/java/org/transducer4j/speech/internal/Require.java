package org.transducer4j.speech.internal;

import java.util.Locale;

/** Checks at the public face. */
public final class Require {
    private Require() {}

    public static void that(boolean condition, String message, Object... arguments) {
        if (!condition) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, message, arguments));
        }
    }
}
