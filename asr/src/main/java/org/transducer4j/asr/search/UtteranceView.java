package org.transducer4j.asr.search;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.model.FeatureBatch;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.Posteriors;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.BestPath;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.JsonText;
import org.transducer4j.speech.WholeFile;
import org.transducer4j.speech.corpus.CorpusReader;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.corpus.FeatureLoader;
import org.transducer4j.speech.feature.Features;
import org.transducer4j.speech.token.Tokenizer;
import org.transducer4j.torch.Torch;
import org.transducer4j.torch.loss.HeadInput;
import org.transducer4j.torch.loss.TransducerHead;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a model makes of an utterance: what it recognises, when each token is said and the lattice behind that. {@link #write}
 * puts it in one file of JSON, for programs that draw it and know no model.
 *
 * @param id the utterance's name
 * @param text what is said
 * @param recognised what the model recognises
 * @param audio the sound file
 * @param offset where the utterance begins there, in seconds
 * @param duration its length in seconds
 * @param frameSeconds length of a frame of the lattice
 * @param topology where the lattice's edges lead
 * @param labels how each of the U labels is written
 * @param words of the labels
 * @param path the most probable path, which has a frame for each label
 * @param posteriors of the lattice of T frames and U labels
 * @param features as the model reads them, unscaled
 */
public record UtteranceView(
        String id,
        String text,
        String recognised,
        Path audio,
        double offset,
        double duration,
        double frameSeconds,
        Topology topology,
        List<String> labels,
        List<Tokenizer.Word> words,
        BestPath path,
        Posteriors posteriors,
        Features features) {
    /** First value of the file; a later number means other fields. */
    public static final String FORMAT = "transducer4j utterance 1";

    /**
     * Checks that the parts belong together.
     *
     * @throws IllegalArgumentException if path or lattice have another number of labels
     */
    public UtteranceView {
        labels = List.copyOf(labels);
        words = List.copyOf(words);
        int count = labels.size();
        if (path.frames().length != count || posteriors.band().labels() != count) {
            throw new IllegalArgumentException("utterance %s has %d labels, its path %d, its lattice %d"
                    .formatted(
                            id, count, path.frames().length, posteriors.band().labels()));
        }
    }

    /**
     * Looks at an utterance with the model of a training, on all processors.
     *
     * @param folder of the training
     * @param id of the utterance
     * @param manifest where it is, or null for the training's own manifests, validation first
     * @return the view
     * @throws BadInputException if there is no such utterance or no path for its labels, the sound can't be read, there's no checkpoint, or
     *     it is a CTC model
     */
    public static UtteranceView of(Path folder, String id, @Nullable Path manifest) {
        CorpusUtterance entry = find(manifest == null ? manifests(folder) : List.of(manifest), id);
        Torch.setThreads(Runtime.getRuntime().availableProcessors());
        Checkpoint checkpoint = Checkpoint.read(folder);
        if (checkpoint.config().criterion() == ModelConfig.Criterion.CTC) {
            throw new BadInputException(checkpoint.file() + ": is a CTC model; only a transducer has this lattice");
        }
        TransducerModel model = checkpoint.model();
        try {
            return of(model, checkpoint.tokens(), entry);
        } finally {
            model.parameters().close();
        }
    }

    private static UtteranceView of(TransducerModel model, Tokenizer tokens, CorpusUtterance entry) {
        ModelConfig config = model.config();
        int[] labels = tokens.encode(entry);
        Features features = new FeatureLoader(config.fbank(), null, 0).load(entry);
        Posteriors posteriors;
        BestPath path;
        try (TransducerHead head = new TransducerHead(LossOptions.defaults().withLattice(config.lattice()));
                PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            FeatureBatch batch = model.batch(List.of(features));
            Tensor encoded = model.encode(batch, false).output();
            HeadInput input =
                    model.headInput(encoded, batch.frames(), new int[][] {labels}, List.of(entry.title()), false);
            posteriors = head.posteriors(input).getFirst();
            path = head.align(input).getFirst();
        } catch (IllegalArgumentException e) {
            // Its labels don't fit into its frames.
            throw new BadInputException(String.valueOf(e.getMessage()), e);
        }
        if (!Double.isFinite(path.logProbability())) {
            throw new BadInputException(String.format(
                    Locale.ROOT,
                    "%s: the model has no path for the utterance's %d tokens in its %d frames",
                    entry.where(),
                    labels.length,
                    posteriors.band().frames()));
        }
        String recognised;
        try (Recognizer recognizer = new Recognizer(model, tokens)) {
            recognised = recognizer.recognize(List.of(features)).getFirst().text();
        }
        return new UtteranceView(
                entry.id(),
                entry.text(),
                recognised,
                entry.sound().file(),
                entry.sound().offset(),
                entry.duration(),
                model.frameSeconds(),
                config.lattice().topology(),
                Arrays.stream(labels).mapToObj(tokens::piece).toList(),
                tokens.words(labels),
                path,
                posteriors,
                features);
    }

    /** Those that config.json says were trained with. */
    private static List<Path> manifests(Path folder) {
        Path config = folder.resolve("config.json");
        JsonNode named;
        try {
            named = JsonMapper.shared().readTree(Files.readString(config)).path("manifests");
        } catch (JacksonException e) {
            throw new BadInputException(config + ": isn't valid JSON", e);
        } catch (IOException e) {
            throw BadInputException.unreadable(config, e);
        }
        List<Path> manifests = new ArrayList<>();
        for (String part : List.of("valid", "train")) {
            if (named.path(part).isString()) {
                manifests.add(Path.of(named.path(part).asString()));
            }
        }
        if (manifests.isEmpty()) {
            throw new BadInputException(
                    folder + ": config.json doesn't say which manifests were used; name one with --manifest");
        }
        return manifests;
    }

    private static CorpusUtterance find(List<Path> manifests, String id) {
        List<String> some = new ArrayList<>();
        for (Path manifest : manifests) {
            List<CorpusUtterance> entries = CorpusReader.open(manifest);
            for (CorpusUtterance entry : entries) {
                if (entry.id().equals(id)) {
                    return entry;
                }
            }
            entries.stream().limit(3).map(CorpusUtterance::id).forEach(some::add);
        }
        throw new BadInputException(manifests.stream().map(Path::toString).collect(Collectors.joining(", "))
                + ": no utterance has the id " + id + "; there are " + String.join(", ", some) + ", ...");
    }

    /**
     * Writes the view: a JSON object, its arrays of numbers as base64 of float32, little-endian (docs/report.md). The file appears as a
     * whole or not at all.
     *
     * @param file where to
     * @throws BadInputException if it can't be written
     */
    public void write(Path file) {
        JsonMapper json = JsonMapper.shared();
        ObjectNode root = json.createObjectNode()
                .put("format", FORMAT)
                .put("id", id)
                .put("text", text)
                .put("recognised", recognised);
        root.putObject("sound")
                .put("path", audio.toAbsolutePath().toString())
                .put("offset", offset)
                .put("duration", duration);
        root.put("frame_seconds", frameSeconds).put("topology", topology.name().toLowerCase(Locale.ROOT));
        ArrayNode pieces = root.putArray("labels");
        labels.forEach(pieces::add);
        ArrayNode spans = root.putArray("words");
        words.forEach(word -> spans.addObject()
                .put("text", word.text())
                .put("from", word.from())
                .put("to", word.to()));
        ObjectNode best = root.putObject("path").put("log_probability", path.logProbability());
        best.set("frames", json.valueToTree(path.frames()));
        Band band = posteriors.band();
        ObjectNode lattice = root.putObject("lattice");
        lattice.set("begin", ends(json, band, true));
        lattice.set("end", ends(json, band, false));
        lattice.put("blank_posteriors", base64(posteriors.blanks()));
        lattice.put("label_posteriors", base64(posteriors.labels()));
        root.putObject("features")
                .put("frames", features.frames())
                .put("bins", features.bins())
                .put("values", base64(features.values()));
        WholeFile.write(file, JsonText.line(root));
    }

    private static JsonNode ends(JsonMapper json, Band band, boolean begin) {
        return json.valueToTree(IntStream.range(0, band.frames())
                .map(t -> begin ? band.begin(t) : band.end(t))
                .toArray());
    }

    private static String base64(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer floats = bytes.asFloatBuffer();
        floats.put(values);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
