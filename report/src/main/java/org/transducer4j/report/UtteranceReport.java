package org.transducer4j.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.transducer4j.loss.input.Posteriors;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.method.AlignmentBounds;
import org.transducer4j.loss.method.Pruning;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.feature.Features;

/** What a model makes of an utterance: its sound, when each word is said, and the lattice behind that. */
final class UtteranceReport {
    /** Columns of the waveform. */
    private static final int COLUMNS = 1000;

    /** Label positions that can be named beside the lattice without overlap. */
    private static final int NAMED = 26;

    /** Occupancies that are told apart; 1e-6 is the usual occupancy floor. */
    private static final Axis OCCUPANCIES = new Axis(1e-6, 1, true, Axis.Unit.NUMBER);

    private final UtteranceFile utterance;
    private final Posteriors posteriors;
    private final int labels;

    private UtteranceReport(UtteranceFile utterance) {
        this.utterance = utterance;
        posteriors = utterance.posteriors();
        labels = utterance.labels().size();
    }

    static void write(Path file, ReportOptions options, Page page) {
        new UtteranceReport(UtteranceFile.read(file)).write(options, page);
    }

    private void write(ReportOptions options, Page page) {
        int frames = posteriors.band().frames();
        page.heading("Utterance " + utterance.id());
        page.paragraph("said: " + utterance.text());
        page.paragraph("recognised: " + utterance.recognised());
        page.facts(List.of(
                new String[] {"sound", String.format(Locale.ROOT, "%.2f s", utterance.duration())},
                new String[] {"frames T", String.valueOf(frames)},
                new String[] {"labels U", String.valueOf(labels)},
                new String[] {"nodes", String.valueOf(posteriors.band().nodes())},
                new String[] {"nodes above 1e-6", share(OCCUPANCIES.low())},
                new String[] {
                    "log P of the path",
                    String.format(Locale.ROOT, "%.2f", utterance.path().logProbability())
                }));
        page.wide(List.of(waveform(), spectrogram(), lattice(options)));
    }

    /** How many nodes a backward pass with an occupancy floor would take. */
    private String share(double floor) {
        Band band = posteriors.band();
        long above = 0;
        for (int t = 0; t < band.frames(); t++) {
            for (int u = band.begin(t); u < band.end(t); u++) {
                above += posteriors.occupancy(t, u) > floor ? 1 : 0;
            }
        }
        return String.format(Locale.ROOT, "%.0f %%", 100.0 * above / band.nodes());
    }

    /** Seconds that the lattice's frames span; the last frame may reach beyond the sound. */
    private double seconds() {
        return posteriors.band().frames() * utterance.frameSeconds();
    }

    private Axis time() {
        return Axis.between(0, seconds(), Axis.Unit.NUMBER);
    }

    private String waveform() {
        Audio audio = utterance.read();
        float[] samples = audio.samples();
        double perColumn = seconds() * audio.sampleRate() / COLUMNS;
        double most = 1e-9;
        for (float sample : samples) {
            most = Math.max(most, Math.abs(sample));
        }
        StringBuilder top = new StringBuilder();
        StringBuilder bottom = new StringBuilder();
        for (int c = 0; c < COLUMNS; c++) {
            double low = 0;
            double high = 0;
            for (int i = (int) (c * perColumn); i < Math.min(samples.length, (c + 1) * perColumn); i++) {
                low = Math.min(low, samples[i]);
                high = Math.max(high, samples[i]);
            }
            top.append(c == 0 ? "M" : "L").append(c).append(' ').append(Html.coordinate(0.5 - 0.5 * high / most));
            bottom.insert(0, "L" + c + " " + Html.coordinate(0.5 - 0.5 * low / most));
        }
        Plot plot = new Plot(time(), Axis.between(-1, 1, Axis.Unit.NUMBER));
        plot.draw("wave c1", top.toString() + bottom + "Z");
        List<UtteranceFile.Word> words = utterance.words();
        for (int w = 0; w < words.size(); w++) {
            UtteranceFile.Word word = words.get(w);
            double place = center(word.from());
            plot.draw("token", "M%s %s V1000".formatted(Html.coordinate(place), w % 2 == 0 ? "-40" : "-230"));
            plot.word(place, w % 2 == 0 ? -0.24 : -0.43, word.text());
        }
        plot.numbersBelow();
        return plot.figure("Waveform", "and the frame that emits each word's first token", "seconds", "wave");
    }

    /** Where the middle of the frame of label u is on the time axis. */
    private double center(int u) {
        return (utterance.path().frames()[u] + 0.5) / posteriors.band().frames();
    }

    private String spectrogram() {
        Features features = utterance.features();
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float value : features.values()) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        float floor = Math.max(low, high - 12); // natural log of energy: 52 dB
        float top = high;
        int columns = (int)
                Math.round(features.frames() * seconds() / Math.max(utterance.duration(), utterance.frameSeconds()));
        Plot plot = new Plot(time(), Axis.between(0, 1, Axis.Unit.NUMBER));
        plot.image(Raster.png(
                Math.max(1, columns),
                features.bins(),
                (t, row) -> t < features.frames()
                        ? (features.at(t, features.bins() - 1 - row) - floor) / (top - floor)
                        : 0));
        for (int u = 0; u < labels; u++) {
            plot.draw("cut", "M%s 0 V1000".formatted(Html.coordinate(center(u))));
        }
        plot.left(0.06, "high");
        plot.left(0.94, "low");
        plot.numbersBelow();
        return plot.figure(
                "Spectrogram", features.bins() + " log-mel bins, as the model sees them", "seconds", "spectrum");
    }

    private String lattice(ReportOptions options) {
        Band band = posteriors.band();
        int positions = labels + 1;
        Plot plot = new Plot(time(), Axis.between(0, positions, Axis.Unit.NUMBER));
        plot.image(Raster.png(
                band.frames(), positions, (t, row) -> OCCUPANCIES.place(posteriors.occupancy(t, positions - 1 - row))));
        plot.scale(OCCUPANCIES, "share of the paths that go through a node; black: 1e-6 or less");
        plot.draw("halo", bestPath());
        plot.draw("path", bestPath());
        plot.legend(11, "most probable path");
        AlignmentBounds bounds = new AlignmentBounds(options.buffer(), options.buffer());
        border(plot, 12, bounds.band(utterance.id(), utterance.path().frames(), band.frames(), utterance.topology()));
        plot.legend(12, "aligned: path ± %d frames".formatted(options.buffer()));
        border(
                plot,
                13,
                Pruning.of(options.pruneRange()).band(posteriors, band.frames(), labels, utterance.topology()));
        plot.legend(13, "pruned: %d positions a frame".formatted(Math.min(options.pruneRange(), positions)));
        int every = Math.ceilDiv(positions, NAMED);
        for (int u = 0; u <= labels; u += every) {
            plot.left(
                    1 - (u + 0.5) / positions,
                    u == 0 ? "(start)" : utterance.labels().get(u - 1));
        }
        plot.numbersBelow();
        return plot.figure(
                "Occupancy of the lattice",
                "the share of the paths that go through each node (t, u), on a logarithmic scale; upward: the token said last",
                "seconds",
                positions <= 8 ? "lattice flat" : "lattice");
    }

    private void border(Plot plot, int color, Band band) {
        plot.draw("shade", outline(band));
        plot.draw("band c" + color, outline(band));
    }

    private String bestPath() {
        int step = utterance.topology().labelTakesFrame() ? 1 : 0;
        StringBuilder line = new StringBuilder("M").append(node(0, 0));
        for (int u = 0; u < labels; u++) {
            int t = Objects.checkIndex(
                    utterance.path().frames()[u], posteriors.band().frames());
            line.append('L').append(node(t, u)).append('L').append(node(t + step, u + 1));
        }
        return line.append('L')
                .append(node(posteriors.band().frames() - 1, labels))
                .toString();
    }

    private String node(double t, double u) {
        return place(t + 0.5, u + 0.5);
    }

    private String place(double t, double u) {
        return Html.coordinate(t / posteriors.band().frames()) + " " + Html.coordinate(1 - u / (labels + 1));
    }

    /** The border of a band: up its ends, back along its beginnings. */
    private String outline(Band band) {
        StringBuilder line = new StringBuilder();
        for (int t = 0; t < band.frames(); t++) {
            line.append(t == 0 ? "M" : "L")
                    .append(place(t, band.end(t)))
                    .append('L')
                    .append(place(t + 1, band.end(t)));
        }
        for (int t = band.frames() - 1; t >= 0; t--) {
            line.append('L').append(place(t + 1, band.begin(t))).append('L').append(place(t, band.begin(t)));
        }
        return line.append('Z').toString();
    }
}
