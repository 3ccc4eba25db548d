package org.transducer4j.loss.method;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is wrong with the parts of a text, gathered so that it is said at once. */
final class Problems {
    private final List<String> all = new ArrayList<>();

    void add(String problem) {
        all.add(problem);
    }

    /** The part that is read, or null where that fails; then its problem is among them. */
    <T> @Nullable T tried(Supplier<T> part) {
        try {
            return part.get();
        } catch (IllegalArgumentException e) {
            all.add(String.valueOf(e.getMessage()));
            return null;
        }
    }

    /**
     * Ends here if there are any.
     *
     * @throws IllegalArgumentException with all of them in one line
     */
    void check() {
        if (!all.isEmpty()) {
            throw new IllegalArgumentException(String.join("; and ", all));
        }
    }
}
