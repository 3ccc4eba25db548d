package org.transducer4j.loss;

import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.internal.check.Require;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.Topology;

/** Checks of labels and bands. */
final class Checks {
    private Checks() {}

    static void blank(int blank, int vocabulary) {
        Require.that(blank < vocabulary, "blank is %d, but the vocabulary ends at %d", blank, vocabulary - 1);
    }

    static void labels(String utterance, int[] labels, int blank, int vocabulary) {
        for (int u = 0; u < labels.length; u++) {
            Require.that(
                    labels[u] >= 0 && labels[u] < vocabulary && labels[u] != blank,
                    "utterance %s: label %d is %d; labels are 0 to %d, without blank %d",
                    utterance,
                    u,
                    labels[u],
                    vocabulary - 1,
                    blank);
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
}
