package org.transducer4j.loss.internal.cpu;

import java.util.EnumMap;
import java.util.Map;

/**
 * Scratch arrays that are kept from one use to the next. A plan says how long each must be; those that are long enough
 * stay, unless keeping longer ones than needed would hold more than the plan's own total.
 */
final class Workspace {
    /** What the arrays are for. */
    enum Use {
        /** Logits of a tile. */
        TILE,
        /** Hidden values of a chunk. */
        HIDDEN,
        HIDDEN_GRADIENT,
        LEFT_STRIPS,
        LEFT_STRIPS_TRANSPOSED,
        RIGHT_PANELS,
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
    private final ScratchMeter meter = new ScratchMeter();

    /** Lengths of arrays. */
    static final class Plan {
        private final Map<Use, Long> floats = new EnumMap<>(Use.class);
        private long alpha;

        Plan floats(Use use, long length) {
            floats.put(use, length);
            return this;
        }

        /** The forward scores of the lattices. */
        Plan alpha(long length) {
            alpha = length;
            return this;
        }

        long bytes() {
            return floats.values().stream().mapToLong(Long::longValue).sum() * Float.BYTES + alpha * Double.BYTES;
        }
    }

    /**
     * Makes all arrays at least as long as planned. Longer ones from earlier stay, unless more than the limit would be
     * held: then all are cut to the plan.
     */
    void fit(Plan plan, long limit) {
        long held = 0;
        for (Use use : Use.values()) {
            held += Math.max(plan.floats.getOrDefault(use, 0L), length(use)) * Float.BYTES;
        }
        held += Math.max(plan.alpha, alpha.length) * Double.BYTES;
        boolean trim = held > limit;
        // Everything that goes, goes before anything comes.
        for (Use use : Use.values()) {
            if (unfit(length(use), plan.floats.getOrDefault(use, 0L), trim)) {
                meter.give(length(use) * Float.BYTES);
                arrays.remove(use);
            }
        }
        alpha = freed(alpha, plan.alpha, trim);
        plan.floats.forEach(this::floats);
        alpha = filled(alpha, plan.alpha);
    }

    private static boolean unfit(long length, long needed, boolean trim) {
        return length < needed || (trim && length > needed);
    }

    private double[] freed(double[] array, long needed, boolean trim) {
        if (!unfit(array.length, needed, trim)) {
            return array;
        }
        meter.give((long) array.length * Double.BYTES);
        return new double[0];
    }

    private double[] filled(double[] array, long needed) {
        if (array.length >= needed) {
            return array;
        }
        meter.take(needed * Double.BYTES);
        return new double[Math.toIntExact(needed)];
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

    ScratchMeter meter() {
        return meter;
    }
}
