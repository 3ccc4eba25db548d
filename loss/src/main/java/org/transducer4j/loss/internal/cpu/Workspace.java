package org.transducer4j.loss.internal.cpu;

import java.util.EnumMap;
import java.util.Map;

/** Scratch arrays that are kept from one use to the next and only grow. */
final class Workspace {
    /** What the arrays are for. */
    enum Use {
        TILE,
        HIDDEN,
        LEFT_STRIPS,
        LEFT_STRIPS_TRANSPOSED,
        RIGHT_PANELS,
        WEIGHT_FORWARD,
        WEIGHT_BACKWARD,
        WEIGHT_GRADIENT,
        BIAS,
        BIAS_GRADIENT,
        HIDDEN_GRADIENT,
        ENCODER,
        ENCODER_GRADIENT,
        PREDICTOR,
        PREDICTOR_GRADIENT,
        LOGITS
    }

    private final Map<Use, float[]> arrays = new EnumMap<>(Use.class);
    private final ScratchMeter meter = new ScratchMeter();

    /** An array of at least this length; what it holds is left over from earlier. */
    float[] floats(Use use, long length) {
        float[] array = arrays.get(use);
        if (array == null || array.length < length) {
            if (array != null) {
                meter.give((long) array.length * Float.BYTES);
                arrays.remove(use);
            }
            array = new float[Math.toIntExact(length)];
            meter.take((long) array.length * Float.BYTES);
            arrays.put(use, array);
        }
        return array;
    }

    ScratchMeter meter() {
        return meter;
    }
}
