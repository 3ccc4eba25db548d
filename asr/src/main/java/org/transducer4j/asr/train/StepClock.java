package org.transducer4j.asr.train;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Where the time of training steps goes. */
final class StepClock {
    /** What a step does, in order. */
    enum Part {
        /** Waiting for the next batch: sound, augmentation and features come from threads of their own. */
        DATA,
        ENCODER,
        /** Predictor, joint network, loss and their gradients. */
        LOSS,
        /** Back through encoder and predictor. */
        BACKWARD,
        OPTIMIZER
    }

    private final Map<Part, Long> nanos = new EnumMap<>(Part.class);
    private long steps;
    private long last;

    /** A step begins. */
    void begin() {
        steps++;
        last = System.nanoTime();
    }

    /** What has passed since the last call was this. */
    void was(Part part) {
        long now = System.nanoTime();
        nanos.merge(part, now - last, Long::sum);
        last = now;
    }

    /** Mean milliseconds of each part since the last call of this method. */
    Map<String, Double> take() {
        Map<String, Double> means = new LinkedHashMap<>();
        nanos.forEach((part, sum) -> means.put(part.name().toLowerCase(Locale.ROOT), sum / 1e6 / steps));
        nanos.clear();
        steps = 0;
        return means;
    }
}
