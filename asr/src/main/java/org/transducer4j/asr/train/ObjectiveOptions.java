package org.transducer4j.asr.train;

import java.util.Set;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.loss.LossOptions;
import org.transducer4j.loss.NonFinite;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.schedule.MemoryBudget;
import org.transducer4j.loss.schedule.Schedule;

/**
 * Which loss is trained on, and how it is computed.
 *
 * @param loss the word of a {@link Schedule}: the exact loss, so many nodes in flight
 * @param memoryBudget what the loss's scratch memory may come to
 * @param occupancyFloor nodes with less occupancy are left out of the backward pass; 0 for none
 * @param fastEmit FastEmit's lambda (Yu et al. 2021); 0 for none
 * @param delayPenalty what a frame's delay costs a label (Kang et al. 2023), in nats; 0 for none
 * @param clamp limit on the gradient with respect to a logit; 0 for none
 */
public record ObjectiveOptions(
        String loss,
        MemoryBudget memoryBudget,
        double occupancyFloor,
        double fastEmit,
        double delayPenalty,
        float clamp) {
    /** Checks each option. */
    public ObjectiveOptions {
        options(loss, memoryBudget, occupancyFloor, fastEmit, delayPenalty, clamp, Topology.REGULAR, 0, 1);
    }

    /**
     * @return what the loss does by itself
     */
    public static ObjectiveOptions defaults() {
        LossOptions options = LossOptions.defaults();
        return new ObjectiveOptions(
                options.schedule().word(), options.memoryBudget(), options.occupancyFloor(), 0, 0, 0);
    }

    /** How the trained model's output is read. */
    ModelConfig.Criterion criterion() {
        return ModelConfig.Criterion.TRANSDUCER;
    }

    /** Output layers that the loss needs besides the joint network's. */
    Set<ModelConfig.Branch> branches() {
        return Set.of();
    }

    /** Of the loss over a model's lattice; an utterance without a finite loss is skipped. */
    LossOptions lossOptions(Topology topology, int blank, int threads) {
        return options(loss, memoryBudget, occupancyFloor, fastEmit, delayPenalty, clamp, topology, blank, threads);
    }

    private static LossOptions options(
            String loss,
            MemoryBudget memoryBudget,
            double occupancyFloor,
            double fastEmit,
            double delayPenalty,
            float clamp,
            Topology topology,
            int blank,
            int threads) {
        return LossOptions.defaults()
                .withLattice(new LatticeOptions(blank, topology, fastEmit, delayPenalty, false, true))
                .withSchedule(Schedule.parse(loss))
                .withMemoryBudget(memoryBudget)
                .withOccupancyFloor(occupancyFloor)
                .withClamp(clamp)
                .withThreads(threads)
                .withNonFinite(NonFinite.SKIP);
    }
}
