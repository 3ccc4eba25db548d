package org.transducer4j.loss.internal.cpu;

import java.util.EnumMap;
import java.util.Map;
import org.transducer4j.loss.input.Scratch;

/**
 * Scratch arrays that are kept from one use to the next. A plan says how long each must be; those that are long enough
 * stay, unless keeping longer ones than needed would hold more than the plan's own total.
 */
public final class Workspace {
    /** What the arrays are for. */
    enum Use {
        /** Logits of a tile. */
        TILE,
        /** Rows of a tile that are kept, where others lie between them. */
        KEPT_ROWS,
        /** Hidden values of a chunk. */
        HIDDEN,
        HIDDEN_GRADIENT,
        LEFT_STRIPS,
        RIGHT_STRIPS,
        /** Encoder outputs of the frames of a chunk. */
        ENCODER,
        ENCODER_GRADIENT,
        /** Predictor outputs of a group. */
        PREDICTOR,
        PREDICTOR_GRADIENT,
        BLANK_EDGE,
        LABEL_EDGE,
        /** Sums that normalise the logits. */
        SUM,
        WEIGHT_FORWARD,
        WEIGHT_BACKWARD,
        WEIGHT_GRADIENT,
        /** Rows of ready-made logits. */
        LOGITS
    }

    private final Map<Use, float[]> arrays = new EnumMap<>(Use.class);
    private double[] alpha = {};
    private double[] logSumExp = {};
    private final ScratchMeter meter = new ScratchMeter();

    /** Lengths of arrays. */
    static final class Plan {
        private final Map<Use, Long> floats = new EnumMap<>(Use.class);
        private long alpha;
        private long logSumExp;
        private long beside;

        Plan floats(Use use, long length) {
            floats.put(use, length);
            return this;
        }

        /** The forward scores of the lattices. */
        Plan alpha(long length) {
            alpha = length;
            return this;
        }

        /** The normalisers of the logits. */
        Plan logSumExp(long length) {
            logSumExp = length;
            return this;
        }

        /** Bytes that lattices take beside these arrays, and that nobody keeps. */
        Plan beside(long bytes) {
            beside = bytes;
            return this;
        }

        long bytes() {
            return floats.values().stream().mapToLong(Long::longValue).sum() * Float.BYTES
                    + (alpha + logSumExp) * Double.BYTES
                    + beside;
        }

        private long length(Use use) {
            return floats.getOrDefault(use, 0L);
        }

        /**
         * What is held when arrays of these lengths have been made fit for another plan: longer ones stay, unless more
         * than the limit would be held: then all are cut to that plan.
         */
        Plan after(Plan needed, long limit) {
            Plan longest = new Plan()
                    .alpha(Math.max(alpha, needed.alpha))
                    .logSumExp(Math.max(logSumExp, needed.logSumExp))
                    .beside(needed.beside);
            for (Use use : Use.values()) {
                longest.floats(use, Math.max(length(use), needed.length(use)));
            }
            return longest.bytes() > limit ? needed : longest;
        }

        Scratch scratch() {
            long logits = 0;
            long hidden = 0;
            long lattice = (alpha + logSumExp) * Double.BYTES + beside;
            long weights = 0;
            long predictor = 0;
            for (Map.Entry<Use, Long> entry : floats.entrySet()) {
                long bytes = entry.getValue() * Float.BYTES;
                switch (entry.getKey()) {
                    case TILE, LOGITS -> logits += bytes;
                    case BLANK_EDGE, LABEL_EDGE, SUM -> lattice += bytes;
                    case PREDICTOR, PREDICTOR_GRADIENT -> predictor += bytes;
                    case WEIGHT_FORWARD, WEIGHT_BACKWARD, WEIGHT_GRADIENT -> weights += bytes;
                    default -> hidden += bytes;
                }
            }
            return new Scratch(logits, hidden, lattice, weights, predictor);
        }
    }

    /** Makes all arrays at least as long as planned, see {@link Plan#after}. */
    void fit(Plan plan, long limit) {
        Plan target = held().after(plan, limit);
        // Everything that goes, goes before anything comes.
        for (Use use : Use.values()) {
            if (length(use) != target.length(use)) {
                meter.give(length(use) * Float.BYTES);
                arrays.remove(use);
            }
        }
        alpha = freed(alpha, target.alpha);
        logSumExp = freed(logSumExp, target.logSumExp);
        plan.floats.keySet().forEach(use -> floats(use, target.length(use)));
        alpha = filled(alpha, target.alpha);
        logSumExp = filled(logSumExp, target.logSumExp);
    }

    private Plan held() {
        Plan held = new Plan().alpha(alpha.length).logSumExp(logSumExp.length);
        arrays.forEach((use, array) -> held.floats(use, array.length));
        return held;
    }

    private double[] freed(double[] array, long length) {
        if (array.length == length) {
            return array;
        }
        meter.give((long) array.length * Double.BYTES);
        return new double[0];
    }

    private double[] filled(double[] array, long length) {
        if (array.length == length) {
            return array;
        }
        meter.take(length * Double.BYTES);
        return new double[Math.toIntExact(length)];
    }

    private long length(Use use) {
        float[] array = arrays.get(use);
        return array == null ? 0 : array.length;
    }

    /** An array of at least this length; what it holds is left over from earlier. */
    float[] floats(Use use, long length) {
        float[] array = arrays.get(use);
        if (array == null || array.length < length) {
            meter.give(length(use) * Float.BYTES);
            arrays.remove(use);
            array = new float[Math.toIntExact(length)];
            meter.take((long) array.length * Float.BYTES);
            arrays.put(use, array);
        }
        return array;
    }

    /** The array of a use that has been planned. */
    float[] floats(Use use) {
        return floats(use, 0);
    }

    double[] alpha() {
        return alpha;
    }

    double[] logSumExp() {
        return logSumExp;
    }

    ScratchMeter meter() {
        return meter;
    }
}
