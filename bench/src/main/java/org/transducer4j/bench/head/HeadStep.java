package org.transducer4j.bench.head;

import org.jspecify.annotations.Nullable;
import org.transducer4j.bench.plan.Lengths;
import org.transducer4j.bench.plan.NamedMethod;
import org.transducer4j.loss.SimpleLoss;
import org.transducer4j.loss.TransducerLoss;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.SimpleResult;
import org.transducer4j.loss.method.PrunedBand;
import org.transducer4j.loss.method.Pruning;

/** A training step's head by one method. */
final class HeadStep implements AutoCloseable {
    private final NamedMethod method;
    private final TransducerLoss loss;
    private final @Nullable SimpleLoss simple;

    /** The task's nodes; options say how they are computed. */
    HeadStep(NamedMethod method, LossOptions options) {
        this.method = method;
        loss = TransducerLoss.open(options);
        simple = method.method().band() instanceof PrunedBand pruned
                ? SimpleLoss.open(options.forSimpleJoiner(), SimpleJoiner.SMOOTHED, Pruning.of(pruned.range()))
                : null;
    }

    /** Losses and gradients of a batch; that of the simple joiner, if there is one, included. */
    LossResult run(JointNetwork joint, HeadInputs.Batch batch) {
        if (method.exact()) {
            return loss.compute(joint, batch.utterances(), Reduction.SUM);
        }
        if (simple != null) {
            return pruned(simple, joint, batch);
        }
        // What other rules go by isn't there: the nodes are those that plans take, for aligned near evenly spread
        // tokens.
        return loss.compute(
                joint,
                batch.utterances(),
                batch.utterances().stream()
                        .map(u -> method.band(new Lengths(u.frames(), u.labelCount())))
                        .toList(),
                Reduction.SUM);
    }

    private LossResult pruned(SimpleLoss simple, JointNetwork joint, HeadInputs.Batch batch) {
        SimpleResult first = simple.compute(batch.simple(), Reduction.SUM);
        LossResult second = loss.compute(joint, batch.utterances(), first.bands(), Reduction.SUM);
        // The workspaces of both are held together.
        return second.withPeakScratchBytes(first.loss().peakScratchBytes() + second.peakScratchBytes());
    }

    @Override
    public void close() {
        loss.close();
        if (simple != null) {
            simple.close();
        }
    }
}
