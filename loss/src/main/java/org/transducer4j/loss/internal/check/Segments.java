package org.transducer4j.loss.internal.check;

import java.lang.foreign.MemorySegment;

/** Checks of memory that others own; nothing is read or written. */
public final class Segments {
    private Segments() {}

    /**
     * Refuses memory whose elements are of another kind: an array of doubles, or what doesn't lie as elements of that size must.
     *
     * @param what it is, for the message
     * @param segment the memory
     * @param element bytes of an element: 4 of a float, 2 of a bfloat16
     */
    public static void requireElements(String what, MemorySegment segment, int element) {
        Object base = segment.heapBase().orElse(null);
        Class<?> expected = element == Float.BYTES ? float[].class : short[].class;
        Require.that(
                base == null || base.getClass() == expected,
                "%s must be over native memory or a %s, not over a %s",
                what,
                expected.getSimpleName(),
                base == null ? "" : base.getClass().getSimpleName());
        long alignment = segment.maxByteAlignment();
        // The array behind a segment that can only be read isn't shown; where it has larger elements its alignment
        // tells.
        boolean hidden = base == null && !segment.isNative();
        Require.that(
                alignment >= element && !(hidden && alignment > element),
                "%s must be made of elements of %d bytes; the segment's are aligned to %d",
                what,
                element,
                alignment);
        Require.that(
                segment.byteSize() % element == 0,
                "%s must be made of elements of %d bytes, the segment has %d bytes",
                what,
                element,
                segment.byteSize());
    }

    /** Whether two segments share a byte. */
    public static boolean overlap(MemorySegment a, MemorySegment b) {
        return a.byteSize() > 0
                && b.byteSize() > 0
                && a.isNative() == b.isNative()
                && a.asOverlappingSlice(b).isPresent();
    }

    /** Whether two segments begin at the same byte. */
    public static boolean sameStart(MemorySegment a, MemorySegment b) {
        return a.isNative() == b.isNative()
                && a.address() == b.address()
                && (a.isNative() || a.asOverlappingSlice(b).isPresent());
    }
}
