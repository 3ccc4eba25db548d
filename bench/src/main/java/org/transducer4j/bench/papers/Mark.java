package org.transducer4j.bench.papers;

import java.util.Locale;

/** How a cell came by its figures. */
public enum Mark {
    /** On all its utterances. */
    MEASURED,
    /** On some of its utterances: the time is theirs times the ratio of operations, the memory is the plan's. */
    EXTRAPOLATED,
    /** Not run: the memory is what it would need. */
    DOES_NOT_FIT,
    /** By its authors, on their machine. */
    PUBLISHED,
    /** It should have run and didn't. */
    FAILED;

    /** As files have it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
