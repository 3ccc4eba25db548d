package org.transducer4j.loss.internal.check;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Memory that a computation reads and writes: what is written must lie apart from all else. Native memory is compared by address, memory on
 * the heap by array and offset, both sorted.
 */
public final class Overlaps {
    private final List<Region> natives = new ArrayList<>();
    private final IdentityHashMap<Object, List<Region>> arrays = new IdentityHashMap<>();

    /** On the heap and only to be read: their arrays aren't shown, so they are compared one by one. */
    private final List<Region> hidden = new ArrayList<>();

    private boolean writes;

    /**
     * Some memory.
     *
     * @param owner whose it is, for the message
     * @param part which of the owner's
     * @param segment exactly the memory
     * @param written whether it is written
     */
    private record Region(String owner, String part, MemorySegment segment, boolean written) {
        long begin() {
            return segment.address();
        }

        long end() {
            return segment.address() + segment.byteSize();
        }

        @Override
        public String toString() {
            return part + (owner.isEmpty() ? "" : " of " + owner);
        }
    }

    /**
     * Adds memory that is read only.
     *
     * @param owner whose it is
     * @param part which of the owner's
     * @param segment exactly the memory
     */
    public void read(String owner, String part, MemorySegment segment) {
        add(new Region(owner, part, segment, false));
    }

    /**
     * Adds memory that is written.
     *
     * @param owner whose it is
     * @param part which of the owner's
     * @param segment exactly the memory
     * @throws IllegalArgumentException if it can only be read
     */
    public void written(String owner, String part, MemorySegment segment) {
        Region region = new Region(owner, part, segment, true);
        Require.that(!segment.isReadOnly(), "the %s is to be written, but its segment can only be read", region);
        writes = true;
        add(region);
    }

    private void add(Region region) {
        if (region.segment.byteSize() == 0) {
            return;
        }
        if (region.segment.isNative()) {
            natives.add(region);
        } else {
            region.segment
                    .heapBase()
                    .ifPresentOrElse(
                            array -> arrays.computeIfAbsent(array, _ -> new ArrayList<>())
                                    .add(region),
                            () -> hidden.add(region));
        }
    }

    /**
     * Refuses memory that is written and overlaps any other.
     *
     * @throws IllegalArgumentException if there is some, naming both
     */
    public void require() {
        if (!writes) {
            return;
        }
        require(natives);
        arrays.values().forEach(Overlaps::require);
        for (Region read : hidden) {
            for (List<Region> regions : arrays.values()) {
                for (Region region : regions) {
                    if (region.written
                            && region.segment.asOverlappingSlice(read.segment).isPresent()) {
                        throw refusal(region, read);
                    }
                }
            }
        }
    }

    private static void require(List<Region> regions) {
        regions.sort(Comparator.comparingLong(Region::begin));
        Region farthest = null;
        Region farthestWritten = null;
        for (Region region : regions) {
            Region before = region.written ? farthest : farthestWritten;
            if (before != null && region.begin() < before.end()) {
                throw region.written ? refusal(region, before) : refusal(before, region);
            }
            farthest = farther(farthest, region);
            farthestWritten = region.written ? farther(farthestWritten, region) : farthestWritten;
        }
    }

    private static Region farther(@Nullable Region a, Region b) {
        return a == null || b.end() > a.end() ? b : a;
    }

    private static IllegalArgumentException refusal(Region written, Region other) {
        return new IllegalArgumentException(
                "the " + written + " overlaps the " + other + ": what is written must lie apart from everything else");
    }
}
