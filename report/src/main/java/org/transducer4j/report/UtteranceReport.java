package org.transducer4j.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.model.FeatureBatch;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.asr.search.Recognizer;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.Posteriors;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.BestPath;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.AlignmentBounds;
import org.transducer4j.loss.method.Pruning;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.corpus.FeatureLoader;
import org.transducer4j.speech.corpus.Manifest;
import org.transducer4j.speech.corpus.ManifestEntry;
import org.transducer4j.speech.feature.Features;
import org.transducer4j.speech.token.Tokens;
import org.transducer4j.torch.Torch;
import org.transducer4j.torch.loss.HeadInput;
import org.transducer4j.torch.loss.TransducerHead;
import tools.jackson.databind.JsonNode;

/** What a model makes of an utterance: its sound, when each word is said, and the lattice behind that. */
final class UtteranceReport {
    /** Columns of the waveform. */
    private static final int COLUMNS = 1000;

    /** Label positions that can be named beside the lattice without overlap. */
    private static final int NAMED = 26;

    /** Occupancies that are told apart; 1e-6 is the usual occupancy floor. */
    private static final Axis OCCUPANCIES = new Axis(1e-6, 1, true, Axis.Unit.NUMBER);

    private final ManifestEntry entry;
    private final Tokens tokens;
    private final int[] labels;
    private final Posteriors posteriors;
    private final BestPath path;
    private final Topology topology;
    private final double frameSeconds;
    private final Features features;
    private final String recognised;

    private UtteranceReport(ManifestEntry entry, Checkpoint checkpoint) {
        TransducerModel model = checkpoint.model();
        this.entry = entry;
        tokens = checkpoint.tokens();
        labels = tokens.encode(entry);
        topology = model.config().size().topology();
        frameSeconds = model.frameSeconds();
        features = new FeatureLoader(model.config().fbank(), null, 0).load(entry);
        LossOptions options = LossOptions.defaults().withLattice(model.config().lattice());
        try (TransducerHead head = new TransducerHead(options);
                PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            FeatureBatch batch = model.batch(List.of(features));
            Tensor encoded = model.encode(batch, false).output();
            HeadInput input =
                    model.headInput(encoded, batch.frames(), new int[][] {labels}, List.of(entry.title()), false);
            posteriors = head.posteriors(input).getFirst();
            path = head.align(input).getFirst();
        }
        Recognizer recognizer = new Recognizer(model, tokens);
        recognised = recognizer.recognize(List.of(features)).getFirst().text();
    }

    static void write(ReportOptions options, String id, Page page) {
        ManifestEntry entry = find(options, id);
        Torch.setThreads(Runtime.getRuntime().availableProcessors());
        Checkpoint checkpoint = Checkpoint.read(options.folder());
        if (checkpoint.config().criterion() == ModelConfig.Criterion.CTC) {
            throw new BadInputException(checkpoint.file() + ": is a CTC model; only a transducer has this lattice");
        }
        new UtteranceReport(entry, checkpoint).write(options, page);
    }

    /** In the manifest that was named, or in the training's own, validation first. */
    private static ManifestEntry find(ReportOptions options, String id) {
        List<Path> manifests = new ArrayList<>();
        if (options.manifest() != null) {
            manifests.add(options.manifest());
        } else {
            Path config = options.folder().resolve("config.json");
            JsonNode named = Records.read(config).path("manifests");
            for (String part : List.of("valid", "train")) {
                if (named.path(part).isString()) {
                    manifests.add(Path.of(named.path(part).asString()));
                }
            }
        }
        if (manifests.isEmpty()) {
            throw new BadInputException(
                    options.folder() + ": config.json doesn't say which manifests were used; name one with --manifest");
        }
        List<String> some = new ArrayList<>();
        for (Path manifest : manifests) {
            List<ManifestEntry> entries = Manifest.read(manifest);
            for (ManifestEntry entry : entries) {
                if (entry.id().equals(id)) {
                    return entry;
                }
            }
            entries.stream().limit(3).map(ManifestEntry::id).forEach(some::add);
        }
        throw new BadInputException(manifests.stream().map(Path::toString).collect(Collectors.joining(", "))
                + ": no utterance has the id " + id + "; there are " + String.join(", ", some) + ", ...");
    }

    private void write(ReportOptions options, Page page) {
        int frames = posteriors.band().frames();
        page.heading("Utterance " + entry.id());
        page.paragraph("said: " + entry.text());
        page.paragraph("recognised: " + recognised);
        page.facts(List.of(
                new String[] {"sound", String.format(Locale.ROOT, "%.2f s", entry.duration())},
                new String[] {"frames T", String.valueOf(frames)},
                new String[] {"labels U", String.valueOf(labels.length)},
                new String[] {"nodes", String.valueOf(posteriors.band().nodes())},
                new String[] {"nodes above 1e-6", share(OCCUPANCIES.low())},
                new String[] {"log P of the path", String.format(Locale.ROOT, "%.2f", path.logProbability())}));
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
        return posteriors.band().frames() * frameSeconds;
    }

    private Axis time() {
        return Axis.between(0, seconds(), Axis.Unit.NUMBER);
    }

    private String waveform() {
        Audio audio = entry.read();
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
        List<Tokens.Word> words = tokens.words(labels);
        for (int w = 0; w < words.size(); w++) {
            Tokens.Word word = words.get(w);
            double place = center(word.from());
            plot.draw("token", "M%s %s V1000".formatted(Html.coordinate(place), w % 2 == 0 ? "-40" : "-230"));
            plot.word(place, w % 2 == 0 ? -0.24 : -0.43, word.text());
        }
        plot.numbersBelow();
        return plot.figure("Waveform", "and the frame that emits each word's first token", "seconds", "wave");
    }

    /** Where the middle of the frame of label u is on the time axis. */
    private double center(int u) {
        return (path.frames()[u] + 0.5) / posteriors.band().frames();
    }

    private String spectrogram() {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float value : features.values()) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        float floor = Math.max(low, high - 12); // natural log of energy: 52 dB
        float top = high;
        int columns = (int) Math.round(features.frames() * seconds() / Math.max(entry.duration(), frameSeconds));
        Plot plot = new Plot(time(), Axis.between(0, 1, Axis.Unit.NUMBER));
        plot.image(Raster.png(
                Math.max(1, columns),
                features.bins(),
                (t, row) -> t < features.frames()
                        ? (features.at(t, features.bins() - 1 - row) - floor) / (top - floor)
                        : 0));
        for (int u = 0; u < labels.length; u++) {
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
        int positions = labels.length + 1;
        Plot plot = new Plot(time(), Axis.between(0, positions, Axis.Unit.NUMBER));
        plot.image(Raster.png(
                band.frames(), positions, (t, row) -> OCCUPANCIES.place(posteriors.occupancy(t, positions - 1 - row))));
        plot.scale(OCCUPANCIES, "share of the paths that go through a node; black: 1e-6 or less");
        plot.draw("halo", bestPath());
        plot.draw("path", bestPath());
        plot.legend(11, "most probable path");
        AlignmentBounds bounds = new AlignmentBounds(options.buffer(), options.buffer());
        border(plot, 12, bounds.band(entry.id(), path.frames(), band.frames(), topology));
        plot.legend(12, "aligned: path ± %d frames".formatted(options.buffer()));
        border(plot, 13, Pruning.of(options.pruneRange()).band(posteriors, band.frames(), labels.length, topology));
        plot.legend(13, "pruned: %d positions a frame".formatted(Math.min(options.pruneRange(), positions)));
        int every = Math.ceilDiv(positions, NAMED);
        for (int u = 0; u <= labels.length; u += every) {
            plot.left(1 - (u + 0.5) / positions, u == 0 ? "(start)" : tokens.piece(labels[u - 1]));
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
        int step = topology.labelTakesFrame() ? 1 : 0;
        StringBuilder line = new StringBuilder("M").append(node(0, 0));
        for (int u = 0; u < labels.length; u++) {
            int t = Objects.checkIndex(path.frames()[u], posteriors.band().frames());
            line.append('L').append(node(t, u)).append('L').append(node(t + step, u + 1));
        }
        return line.append('L')
                .append(node(posteriors.band().frames() - 1, labels.length))
                .toString();
    }

    private String node(double t, double u) {
        return place(t + 0.5, u + 0.5);
    }

    private String place(double t, double u) {
        return Html.coordinate(t / posteriors.band().frames()) + " " + Html.coordinate(1 - u / (labels.length + 1));
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
