package org.transducer4j.loss.method;

import java.util.List;

/** How many nodes are in flight at once. All schedules compute the same losses and gradients. */
public sealed interface Schedule {
    /** How schedules are written, the one that holds most first; for help and messages. */
    List<String> USAGE = List.of("batched", "split:N", "packed", "sample-wise", "tiled");

    /** The whole batch, padded to the longest utterance; the padding is computed, too. The usual baseline. */
    record Batched() implements Schedule {}

    /**
     * Padded sub-batches, each pushed back before the next (as NeMo's fused batches).
     *
     * @param size utterances in a sub-batch
     */
    record Split(int size) implements Schedule {
        /**
         * Checks the size.
         *
         * @throws IllegalArgumentException if it isn't positive
         */
        public Split {
            if (size < 1) {
                throw new IllegalArgumentException("split needs 1 utterance or more, not " + size);
            }
        }
    }

    /** The whole batch without padding, gradients in the place of the logits (Li et al. 2019, arXiv 1909.12415). */
    record Packed() implements Schedule {}

    /** One utterance after another (Braun, McDermott, Hsiao 2022, arXiv 2211.16270). */
    record SampleWise() implements Schedule {}

    /** Rows of any utterances, as many as the memory budget holds. The default. */
    record Tiled() implements Schedule {}

    /**
     * Reads a schedule.
     *
     * @param word batched, split:N, packed, sample-wise or tiled
     * @return the schedule
     * @throws IllegalArgumentException if it is none of them
     */
    static Schedule parse(String word) {
        if (word.startsWith("split:")) {
            try {
                return new Split(Integer.parseInt(word.substring(6)));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "split needs a number of utterances (split:4), not \"" + word + "\"", e);
            }
        }
        return switch (word) {
            case "batched" -> new Batched();
            case "packed" -> new Packed();
            case "sample-wise" -> new SampleWise();
            case "tiled" -> new Tiled();
            default ->
                throw new IllegalArgumentException("\"" + word + "\" is no schedule: "
                        + String.join(", ", USAGE.subList(0, USAGE.size() - 1)) + " or " + USAGE.getLast());
        };
    }

    /**
     * The word for it.
     *
     * @return what {@link #parse} reads
     */
    default String word() {
        return switch (this) {
            case Batched b -> "batched";
            case Split split -> "split:" + split.size;
            case Packed p -> "packed";
            case SampleWise s -> "sample-wise";
            case Tiled t -> "tiled";
        };
    }
}
