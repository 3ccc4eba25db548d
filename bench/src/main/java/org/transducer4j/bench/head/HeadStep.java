package org.transducer4j.bench.head;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.bench.plan.Lengths;
import org.transducer4j.loss.SimpleLoss;
import org.transducer4j.loss.TransducerLoss;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.SimpleJoiner;
import org.transducer4j.loss.input.SimpleResult;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.AlignmentBounds;
import org.transducer4j.loss.method.Pruning;

/** A training step's head by one method. */
final class HeadStep implements AutoCloseable {
    private final HeadMethod method;
    private final TransducerLoss loss;
    private final @Nullable SimpleLoss simple;

    HeadStep(HeadMethod method, int threads) {
        this(method, method.options(threads));
    }

    /** The method's nodes, computed in another way. */
    HeadStep(HeadMethod method, LossOptions options) {
        this.method = method;
        loss = TransducerLoss.open(options);
        simple = method.nodes() == HeadMethod.Nodes.PRUNED
                ? SimpleLoss.open(options, SimpleJoiner.SMOOTHED, Pruning.of(method.size()))
                : null;
    }

    /** Losses and gradients of a batch; that of the simple joiner, if there is one, included. */
    LossResult run(JointNetwork joint, HeadInputs.Batch batch) {
        return switch (method.nodes()) {
            case ALL -> loss.compute(joint, batch.utterances());
            case ALIGNED -> loss.compute(joint, batch.utterances(), aligned(batch.utterances()));
            case PRUNED -> pruned(joint, batch);
        };
    }

    private List<Band> aligned(List<Utterance> utterances) {
        AlignmentBounds bounds = new AlignmentBounds(method.size(), method.size());
        return utterances.stream()
                .map(u -> bounds.band(
                        u.name(),
                        new Lengths(u.frames(), u.labels().length).evenAlignment(),
                        u.frames(),
                        Topology.REGULAR))
                .toList();
    }

    private LossResult pruned(JointNetwork joint, HeadInputs.Batch batch) {
        if (simple == null) {
            throw new IllegalStateException("only pruned has a simple joiner");
        }
        SimpleResult first = simple.compute(batch.simple());
        LossResult second = loss.compute(joint, batch.utterances(), first.bands());
        return new LossResult(
                second.losses(),
                second.skipped(),
                second.nodes(),
                second.nodesBackward(),
                second.nodesAgain(),
                second.leftOut(),
                second.gradientErrorBound(),
                // The workspaces of both are held together.
                first.loss().peakScratchBytes() + second.peakScratchBytes());
    }

    @Override
    public void close() {
        loss.close();
        if (simple != null) {
            simple.close();
        }
    }
}
