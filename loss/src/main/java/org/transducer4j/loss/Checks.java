package org.transducer4j.loss;

import java.util.List;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.PaddedBatch;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.internal.check.Overlaps;
import org.transducer4j.loss.internal.check.Require;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.Schedule;

/** Checks of labels, bands, options, and of where gradients go. */
final class Checks {
    /** The most nodes of a lattice: more than an array holds can't be numbered. */
    private static final long MOST_NODES = Integer.MAX_VALUE - 1024;

    private Checks() {}

    static void blank(int blank, int vocabulary) {
        Require.that(blank < vocabulary, "blank is %d, but the vocabulary ends at %d", blank, vocabulary - 1);
    }

    static void labels(String utterance, int[] labels, int blank, int vocabulary) {
        for (int u = 0; u < labels.length; u++) {
            if (labels[u] < 0 || labels[u] >= vocabulary || labels[u] == blank) {
                Require.that(
                        false,
                        "utterance %s: label %d is %d; labels are 0 to %d, without blank %d",
                        utterance,
                        u,
                        labels[u],
                        vocabulary - 1,
                        blank);
            }
        }
    }

    static void band(String utterance, Band band, int frames, int labels, LossOptions options) {
        Topology topology = options.lattice().topology();
        Require.that(
                band.frames() == frames && band.labels() == labels,
                "utterance %s: it has %d frames and %d labels, its band %d and %d",
                utterance,
                frames,
                labels,
                band.frames(),
                band.labels());
        Require.that(
                band.nodes() <= MOST_NODES,
                "utterance %s: a lattice of %d nodes is larger than an array can be",
                utterance,
                band.nodes());
        if (options.nonFinite() == NonFinite.SKIP) {
            return; // without a path the loss is infinite, and the utterance is skipped for that
        }
        Require.that(
                !topology.labelTakesFrame() || labels <= frames,
                "utterance %s: %d labels don't fit into %d frames, as the %s topology gives each label a frame",
                utterance,
                labels,
                frames,
                topology);
        int blocked = band.blocked(topology);
        Require.that(blocked < 0, "utterance %s: no path gets through its band at frame %d", utterance, blocked);
    }

    /** Options that a loss without tiles has no use for. */
    static void noSchedule(String loss, LossOptions options) {
        unused(loss, "schedule", options.schedule().word(), options.schedule() instanceof Schedule.Tiled);
        unused(loss, "occupancyFloor", options.occupancyFloor(), options.occupancyFloor() == 0);
    }

    /** Refuses an option that a loss would ignore. */
    static void unused(String loss, String option, Object value, boolean isDefault) {
        Require.that(
                isDefault,
                "the %s has no use for the option %s, which is %s: leave it as LossOptions.defaults() has it",
                loss,
                option,
                value);
    }

    /** Gradients of a batch must lie apart from each other and from all that is read, or take the very place of their own values. */
    static void apart(JointNetwork joint, List<Utterance> batch) {
        Overlaps overlaps = new Overlaps();
        add(overlaps, "the joint network", "weight", "gradient of the weight", joint.weight());
        add(overlaps, "the joint network", "bias", "gradient of the bias", joint.bias());
        add(overlaps, batch);
        overlaps.require();
    }

    /** As {@link #apart(JointNetwork, List)}, padding included. */
    static void apart(JointNetwork joint, PaddedBatch batch) {
        Overlaps overlaps = new Overlaps();
        add(overlaps, "the joint network", "weight", "gradient of the weight", joint.weight());
        add(overlaps, "the joint network", "bias", "gradient of the bias", joint.bias());
        add(overlaps, "the batch", "encoder output", "gradient of the encoder output", batch.wholeEncoder());
        add(overlaps, "the batch", "predictor output", "gradient of the predictor output", batch.wholePredictor());
        overlaps.require();
    }

    /** As {@link #apart(JointNetwork, List)}, without a joint network. */
    static void apart(List<Utterance> batch) {
        Overlaps overlaps = new Overlaps();
        add(overlaps, batch);
        overlaps.require();
    }

    private static void add(Overlaps overlaps, List<Utterance> batch) {
        for (Utterance utterance : batch) {
            add(overlaps, utterance.name(), "encoder output", "gradient of the encoder output", utterance.encoder());
            add(
                    overlaps,
                    utterance.name(),
                    "predictor output",
                    "gradient of the predictor output",
                    utterance.predictor());
        }
    }

    static void add(Overlaps overlaps, String owner, String value, String gradient, Parameter parameter) {
        if (parameter.gradient() != null) {
            overlaps.written(owner, gradient, parameter.gradient().extent());
        }
        if (!parameter.isInPlace()) {
            overlaps.read(owner, value, parameter.value().extent());
        }
    }
}
