package org.transducer4j.asr.train;

import java.util.Objects;
import org.transducer4j.asr.criterion.AlignedOptions;
import org.transducer4j.asr.criterion.Criteria;
import org.transducer4j.asr.criterion.ObjectiveOptions;
import org.transducer4j.asr.criterion.PrunedOptions;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.Method;

/**
 * The options of a loss, as a checkpoint keeps them: its method as a word.
 *
 * @param method what {@link Method#parse(String)} reads
 * @param memoryBudget what the loss's scratch memory may come to
 * @param fastEmit FastEmit's lambda
 * @param delayPenalty what a frame's delay costs a label, in nats
 * @param hat whether blank is normalised by itself
 * @param clamp limit on the gradient with respect to a logit
 * @param aligned what the band {@code aligned} needs
 * @param pruned what the band {@code pruned} needs
 */
record StoredObjective(
        String method,
        MemoryBudget memoryBudget,
        double fastEmit,
        double delayPenalty,
        boolean hat,
        float clamp,
        AlignedOptions aligned,
        PrunedOptions pruned) {
    StoredObjective {
        Objects.requireNonNull(method, "method");
    }

    static StoredObjective of(ObjectiveOptions options) {
        return new StoredObjective(
                options.method().word(),
                options.memoryBudget(),
                options.fastEmit(),
                options.delayPenalty(),
                options.hat(),
                options.clamp(),
                options.aligned(),
                options.pruned());
    }

    /**
     * The options again.
     *
     * @throws IllegalArgumentException if a loss or a band isn't registered here
     */
    ObjectiveOptions options() {
        return new ObjectiveOptions(
                Method.parse(method, Method.USUAL_FLOOR, Criteria.names()),
                memoryBudget,
                fastEmit,
                delayPenalty,
                hat,
                clamp,
                aligned,
                pruned);
    }
}
