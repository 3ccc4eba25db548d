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
        LOG_SUM_EXP,
        WEIGHT_FORWARD,
        WEIGHT_BACKWARD,
        WEIGHT_GRADIENT,
        BIAS,
        BIAS_GRADIENT,
        /** Rows of ready-made logits. */
        LOGITS
    }

    private final Map<Use, float[]> arrays = new EnumMap<>(Use.class);
    private double[] alpha = {};
    private final ScratchMeter meter = new ScratchMeter();

    /** Lengths of arrays. */
    static final class Plan {
        private final Map<Use, Long> floats = new EnumMap<>(Use.class);
        private long doubles;

        Plan floats(Use use, long length) {
            floats.put(use, length);
            return this;
        }

        /** The forward scores of the lattices, the one array in double. */
        Plan alpha(long length) {
            doubles = length;
            return this;
        }

        long bytes() {
            return floats.values().stream().mapToLong(Long::longValue).sum() * Float.BYTES + doubles * Double.BYTES;
        }
    }

    /**
     * Makes all arrays at least as long as planned. In all no more is held than the plan needs or was held before,
     * whichever is more; and never more than the limit if the plan is within it.
     */
    void fit(Plan plan, long limit) {
        long held = 0;
        for (Use use : Use.values()) {
            held += Math.max(plan.floats.getOrDefault(use, 0L), length(use)) * Float.BYTES;
        }
        held += Math.max(plan.doubles, alpha.length) * Double.BYTES;
        boolean trim = held > limit;
        for (Use use : Use.values()) {
            long needed = plan.floats.getOrDefault(use, 0L);
            if (length(use) < needed || trim && length(use) > needed) {
                meter.give(length(use) * Float.BYTES);
                arrays.remove(use);
            }
        }
        if (alpha.length < plan.doubles || trim && alpha.length > plan.doubles) {
            meter.give((long) alpha.length * Double.BYTES);
            alpha = new double[0];
        }
        plan.floats.forEach(this::floats);
        if (alpha.length < plan.doubles) {
            alpha = new double[Math.toIntExact(plan.doubles)];
            meter.take((long) alpha.length * Double.BYTES);
        }
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
