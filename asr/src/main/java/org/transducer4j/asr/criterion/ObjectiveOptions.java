package org.transducer4j.asr.criterion;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.AlignedBand;
import org.transducer4j.loss.method.FullBand;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.Method;
import org.transducer4j.loss.method.PrunedBand;
import org.transducer4j.loss.method.Schedule;

/**
 * Which loss is trained on, and how it is computed.
 *
 * @param method losses with their weights, band, schedule and occupancy floor
 * @param memoryBudget what the loss's scratch memory may come to
 * @param fastEmit FastEmit's lambda (Yu et al. 2021); 0 for none
 * @param delayPenalty what a frame's delay costs a label (Kang et al. 2023), in nats; 0 for none
 * @param hat whether blank is normalised by itself (Variani et al. 2020)
 * @param clamp limit on the gradient with respect to a logit; 0 for none
 * @param aligned what the band {@code aligned} needs
 * @param pruned what the band {@code pruned} needs
 */
public record ObjectiveOptions(
        Method method,
        MemoryBudget memoryBudget,
        double fastEmit,
        double delayPenalty,
        boolean hat,
        float clamp,
        AlignedOptions aligned,
        PrunedOptions pruned) {
    /**
     * Checks each option, and that the criterion heeds it.
     *
     * @throws IllegalArgumentException if there is no such loss, or an option is out of range or means nothing to it
     */
    public ObjectiveOptions(
            Method method,
            MemoryBudget memoryBudget,
            double fastEmit,
            double delayPenalty,
            boolean hat,
            float clamp,
            AlignedOptions aligned,
            PrunedOptions pruned) {
        this.method = Objects.requireNonNull(method, "method");
        this.memoryBudget = Objects.requireNonNull(memoryBudget, "memoryBudget");
        this.fastEmit = fastEmit;
        this.delayPenalty = delayPenalty;
        this.hat = hat;
        this.clamp = clamp;
        this.aligned = Objects.requireNonNull(aligned, "aligned");
        this.pruned = Objects.requireNonNull(pruned, "pruned");
        lossOptions(new LatticeOptions(0, Topology.REGULAR, 0, 0, false, true));
        Criterion criterion = criterion();
        criterion.check(this);
        if (hat && criterion.reading(this) != ModelConfig.Criterion.HAT) {
            throw new IllegalArgumentException(
                    "HAT is a way to normalise a transducer's logits; the loss " + method.lossWord() + " has none");
        }
        if (!criterion.hasLattice()) {
            requireNoLattice();
        }
    }

    /**
     * Refuses what a band alone heeds where another band was chosen. A training does so before it begins; these options by themselves
     * don't, so that they can be put together in any order.
     *
     * @throws IllegalArgumentException if an option would be ignored, naming it
     */
    public void requireHeeded() {
        String band = method.band().name();
        if (!aligned.equals(AlignedOptions.defaults()) && !band.equals(new AlignedBand().name())) {
            throw new IllegalArgumentException("a file of word times is for the band aligned, got band "
                    + method.band().word() + " and ctm " + aligned.ctm());
        }
        if (!pruned.equals(PrunedOptions.defaults()) && !band.equals(new PrunedBand().name())) {
            throw new IllegalArgumentException("window rule, warm steps and scales are for the band pruned, got band "
                    + method.band().word() + " and " + pruned);
        }
    }

    private void requireNoLattice() {
        List<String> unheeded = new ArrayList<>();
        if (!(method.band() instanceof FullBand)) {
            unheeded.add("band " + method.band().word());
        }
        if (!(method.schedule() instanceof Schedule.Tiled)) {
            unheeded.add("schedule " + method.schedule().word());
        }
        if (method.occupancyFloor() > 0) {
            unheeded.add("occupancy floor " + method.occupancyFloor());
        }
        if (fastEmit != 0) {
            unheeded.add("FastEmit " + fastEmit);
        }
        if (delayPenalty != 0) {
            unheeded.add("delay penalty " + delayPenalty);
        }
        if (!unheeded.isEmpty()) {
            throw new IllegalArgumentException("the loss " + method.lossWord()
                    + " goes through no transducer's lattice: it can't heed " + String.join(", ", unheeded));
        }
    }

    /**
     * The exact transducer loss, nothing added.
     *
     * @return the defaults
     */
    public static ObjectiveOptions defaults() {
        return new ObjectiveOptions(
                Method.exact(),
                LossOptions.defaults().memoryBudget(),
                0,
                0,
                false,
                0,
                AlignedOptions.defaults(),
                PrunedOptions.defaults());
    }

    /**
     * Another method.
     *
     * @param other losses, band, schedule and floor
     * @return the same options with this
     */
    public ObjectiveOptions withMethod(Method other) {
        return new ObjectiveOptions(other, memoryBudget, fastEmit, delayPenalty, hat, clamp, aligned, pruned);
    }

    /**
     * Another method, by its word. One without a floor keeps the floor that there is, where the loss can heed one; a floor without a
     * number is the one that there is, or the usual one.
     *
     * @param word what {@link Method#parse(String)} reads
     * @return the same options with this
     * @throws IllegalArgumentException if it is none
     */
    public ObjectiveOptions withLoss(String word) {
        double usual = method.occupancyFloor() > 0 ? method.occupancyFloor() : Method.USUAL_FLOOR;
        Method named = Method.parse(word, usual, Criteria.names());
        boolean keep = named.occupancyFloor() == 0 && Criteria.of(named).hasLattice();
        return withMethod(keep ? named.withOccupancyFloor(method.occupancyFloor()) : named);
    }

    /**
     * Another occupancy floor.
     *
     * @param floor nodes with less occupancy are left out of the backward pass; 0 for none
     * @return the same options with this
     */
    public ObjectiveOptions withOccupancyFloor(double floor) {
        return withMethod(method.withOccupancyFloor(floor));
    }

    /**
     * Another memory budget.
     *
     * @param budget what the loss's scratch memory may come to
     * @return the same options with this
     */
    public ObjectiveOptions withMemoryBudget(MemoryBudget budget) {
        return new ObjectiveOptions(method, budget, fastEmit, delayPenalty, hat, clamp, aligned, pruned);
    }

    /**
     * HAT or not.
     *
     * @param own whether blank is normalised by itself
     * @return the same options with this
     */
    public ObjectiveOptions withHat(boolean own) {
        return new ObjectiveOptions(method, memoryBudget, fastEmit, delayPenalty, own, clamp, aligned, pruned);
    }

    /**
     * Other alignments.
     *
     * @param options of aligned training
     * @return the same options with these
     */
    public ObjectiveOptions withAligned(AlignedOptions options) {
        return new ObjectiveOptions(method, memoryBudget, fastEmit, delayPenalty, hat, clamp, options, pruned);
    }

    /**
     * Other options of pruned training.
     *
     * @param options of pruned training
     * @return the same options with these
     */
    public ObjectiveOptions withPruned(PrunedOptions options) {
        return new ObjectiveOptions(method, memoryBudget, fastEmit, delayPenalty, hat, clamp, aligned, options);
    }

    /**
     * What is made small.
     *
     * @return the criterion, or the weighted sum of several, that the method means
     */
    public Criterion criterion() {
        return Criteria.of(method);
    }

    /**
     * How a transducer's loss is computed.
     *
     * @param lattice of the model
     * @return all that these options say, for one thread; an utterance without a finite loss is skipped
     */
    public LossOptions lossOptions(LatticeOptions lattice) {
        return LossOptions.defaults()
                .withLattice(new LatticeOptions(
                        lattice.blank(),
                        lattice.topology(),
                        fastEmit,
                        delayPenalty,
                        lattice.hat(),
                        lattice.renormalise()))
                .withSchedule(method.schedule())
                .withMemoryBudget(memoryBudget)
                .withOccupancyFloor(method.occupancyFloor())
                .withClamp(clamp)
                .withThreads(1)
                .withNonFinite(NonFinite.SKIP);
    }
}
