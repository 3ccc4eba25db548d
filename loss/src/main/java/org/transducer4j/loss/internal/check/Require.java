package org.transducer4j.loss.internal.check;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Checks at the public face. */
public final class Require {
    private Require() {}

    /** Refuses with a message in {@link String#format}'s language. */
    public static void that(boolean condition, String message, Object... arguments) {
        if (!condition) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, message, arguments));
        }
    }

    /** Refuses null by the argument's name. */
    public static <T> T given(@Nullable T argument, String name) {
        if (argument == null) {
            throw new NullPointerException(name + " must not be null");
        }
        return argument;
    }

    /** A copy of a list without nulls. */
    public static <T> List<T> all(@Nullable List<? extends @Nullable T> list, String name) {
        List<? extends @Nullable T> some = given(list, name);
        for (int i = 0; i < some.size(); i++) {
            if (some.get(i) == null) {
                throw new NullPointerException("element " + i + " of " + name + " must not be null");
            }
        }
        @SuppressWarnings("NullAway") // checked above
        List<T> copy = List.copyOf(some);
        return copy;
    }

    /** A product of sizes, none negative, or a refusal where it is beyond all memory. */
    public static long product(String what, long... factors) {
        long product = 1;
        for (long factor : factors) {
            long next = product * factor;
            if (Math.multiplyHigh(product, factor) != 0 || next < 0) {
                StringBuilder sizes = new StringBuilder();
                for (long f : factors) {
                    sizes.append(sizes.isEmpty() ? "" : " x ").append(f);
                }
                throw new IllegalArgumentException(what + " of " + sizes + " bytes is larger than can be addressed");
            }
            product = next;
        }
        return product;
    }
}
