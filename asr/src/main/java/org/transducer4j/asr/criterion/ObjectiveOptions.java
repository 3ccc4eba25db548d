package org.transducer4j.asr.criterion;

import java.util.EnumSet;
import java.util.Set;
import org.transducer4j.asr.model.ModelConfig.Branch;
import org.transducer4j.asr.model.ModelConfig.Criterion;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.Schedule;

/**
 * Which loss is trained on, and how it is computed.
 *
 * @param loss {@code aligned}, {@code pruned}, {@code ctc}, or the word of a {@link Schedule}: the exact transducer loss, so
 *     many nodes in flight
 * @param memoryBudget what the loss's scratch memory may come to
 * @param occupancyFloor nodes with less occupancy are left out of the backward pass; 0 for none
 * @param fastEmit FastEmit's lambda (Yu et al. 2021); 0 for none
 * @param delayPenalty what a frame's delay costs a label (Kang et al. 2023), in nats; 0 for none
 * @param hat whether blank is normalised by itself (Variani et al. 2020)
 * @param clamp limit on the gradient with respect to a logit; 0 for none
 * @param ctcScale weight of a CTC loss on the encoder's output that is added to a transducer's; 0 for none
 * @param aligned what {@code aligned} needs
 * @param pruned what {@code pruned} needs
 */
public record ObjectiveOptions(
        String loss,
        MemoryBudget memoryBudget,
        double occupancyFloor,
        double fastEmit,
        double delayPenalty,
        boolean hat,
        float clamp,
        double ctcScale,
        AlignedOptions aligned,
        PrunedOptions pruned) {
    /** The families of losses. */
    public enum Method {
        /** The transducer loss over whole lattices. */
        EXACT,
        /** Over what an alignment allows. */
        ALIGNED,
        /** Over what a simple joiner leaves. */
        PRUNED,
        /** Connectionist temporal classification; there is no predictor. */
        CTC
    }

    /** Checks each option. */
    public ObjectiveOptions {
        Method method = method(loss);
        lossOptions(
                schedule(loss, method),
                memoryBudget,
                occupancyFloor,
                new LatticeOptions(0, Topology.REGULAR, fastEmit, delayPenalty, false, true),
                clamp,
                1);
        if (!(ctcScale >= 0) || Double.isInfinite(ctcScale)) {
            throw new IllegalArgumentException("the CTC scale must be 0 or more and finite, got " + ctcScale);
        }
        if (method == Method.CTC && ctcScale != 0) {
            throw new IllegalArgumentException("CTC can't be added to CTC: a CTC scale is for a transducer's loss");
        }
        if (method == Method.CTC && hat) {
            throw new IllegalArgumentException("HAT is a way to normalise a transducer's logits; CTC has none");
        }
        if (method == Method.PRUNED && hat) {
            throw new IllegalArgumentException(
                    "HAT doesn't go with pruned: the simple joiner has one softmax over blank and labels");
        }
    }

    /**
     * @return what the loss does by itself, nothing added
     */
    public static ObjectiveOptions defaults() {
        LossOptions options = LossOptions.defaults();
        return new ObjectiveOptions(
                options.schedule().word(),
                options.memoryBudget(),
                org.transducer4j.loss.method.Method.USUAL_FLOOR,
                0,
                0,
                false,
                0,
                0,
                AlignedOptions.defaults(),
                PrunedOptions.defaults());
    }

    /**
     * @param word of a loss
     * @return the same options with this
     */
    public ObjectiveOptions withLoss(String word) {
        return new ObjectiveOptions(
                word, memoryBudget, occupancyFloor, fastEmit, delayPenalty, hat, clamp, ctcScale, aligned, pruned);
    }

    /**
     * @param floor nodes with less occupancy are left out of the backward pass; 0 for none
     * @return the same options with this
     */
    public ObjectiveOptions withOccupancyFloor(double floor) {
        return new ObjectiveOptions(
                loss, memoryBudget, floor, fastEmit, delayPenalty, hat, clamp, ctcScale, aligned, pruned);
    }

    /**
     * @param scale of the CTC loss that is added
     * @return the same options with this
     */
    public ObjectiveOptions withCtcScale(double scale) {
        return new ObjectiveOptions(
                loss, memoryBudget, occupancyFloor, fastEmit, delayPenalty, hat, clamp, scale, aligned, pruned);
    }

    /**
     * @param own whether blank is normalised by itself
     * @return the same options with this
     */
    public ObjectiveOptions withHat(boolean own) {
        return new ObjectiveOptions(
                loss, memoryBudget, occupancyFloor, fastEmit, delayPenalty, own, clamp, ctcScale, aligned, pruned);
    }

    /**
     * @param options of aligned training
     * @return the same options with these
     */
    public ObjectiveOptions withAligned(AlignedOptions options) {
        return new ObjectiveOptions(
                loss, memoryBudget, occupancyFloor, fastEmit, delayPenalty, hat, clamp, ctcScale, options, pruned);
    }

    private static Method method(String word) {
        return switch (word) {
            case "aligned" -> Method.ALIGNED;
            case "pruned" -> Method.PRUNED;
            case "ctc" -> Method.CTC;
            default -> Method.EXACT;
        };
    }

    private static Schedule schedule(String word, Method method) {
        if (method != Method.EXACT) {
            return new Schedule.Tiled();
        }
        try {
            return Schedule.parse(word);
        } catch (IllegalArgumentException e) {
            throw word.startsWith("split:")
                    ? e
                    : new IllegalArgumentException(
                            "\"" + word
                                    + "\" is no loss: tiled, sample-wise, packed, batched, split:N, aligned, pruned or ctc",
                            e);
        }
    }

    /**
     * @return the family of the loss
     */
    public Method method() {
        return method(loss);
    }

    /** How the trained model's output is read. */
    public Criterion criterion() {
        return method() == Method.CTC ? Criterion.CTC : hat ? Criterion.HAT : Criterion.TRANSDUCER;
    }

    /** Output layers that the loss needs besides the joint network's. */
    public Set<Branch> branches() {
        Set<Branch> branches = EnumSet.noneOf(Branch.class);
        if (method() == Method.CTC || ctcScale > 0) {
            branches.add(Branch.CTC);
        }
        if (method() == Method.PRUNED) {
            branches.add(Branch.SIMPLE);
        }
        return branches;
    }

    /** Of the loss over a model's lattice; an utterance without a finite loss is skipped. */
    public LossOptions lossOptions(LatticeOptions lattice, int threads) {
        return lossOptions(
                schedule(loss, method()),
                memoryBudget,
                occupancyFloor,
                new LatticeOptions(
                        lattice.blank(),
                        lattice.topology(),
                        fastEmit,
                        delayPenalty,
                        lattice.hat(),
                        lattice.renormalise()),
                clamp,
                threads);
    }

    private static LossOptions lossOptions(
            Schedule schedule,
            MemoryBudget memoryBudget,
            double occupancyFloor,
            LatticeOptions lattice,
            float clamp,
            int threads) {
        return LossOptions.defaults()
                .withLattice(lattice)
                .withSchedule(schedule)
                .withMemoryBudget(memoryBudget)
                .withOccupancyFloor(occupancyFloor)
                .withClamp(clamp)
                .withThreads(threads)
                .withNonFinite(NonFinite.SKIP);
    }
}
