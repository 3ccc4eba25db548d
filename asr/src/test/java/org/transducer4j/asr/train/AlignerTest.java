package org.transducer4j.asr.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.transducer4j.asr.encoder.LstmConfiguration;
import org.transducer4j.asr.fixture.ToneCorpus;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.asr.model.ModelOptions;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.asr.predictor.StatelessConfiguration;
import org.transducer4j.asr.search.AlignResult;
import org.transducer4j.asr.search.DecodeListener;
import org.transducer4j.asr.search.DecodeOptions;
import org.transducer4j.asr.search.ManifestAligner;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.AlignmentBounds;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.corpus.CorpusReader;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.corpus.Ctm;
import org.transducer4j.speech.corpus.FeatureLoader;
import org.transducer4j.speech.token.TokenTimes;
import org.transducer4j.speech.token.Tokenizer;
import org.transducer4j.torch.layer.CausalSubsampling;

class AlignerTest {
    @TempDir
    static Path folder;

    private static Path train;
    private static Path valid;
    private static Path model;

    @BeforeAll
    static void trainOnce() throws IOException {
        train = ToneCorpus.write(folder, "train", 40, 1);
        valid = ToneCorpus.write(folder, "valid", 12, 2);
        model = train("model", "auto", Topology.MODIFIED, 60, 0);
    }

    private static Path train(String name, String tokens, Topology topology, int epochs, int steps) {
        TrainOptions options = TrainOptions.defaults(train, valid, folder.resolve(name))
                .withModel(new ModelOptions(
                        new LstmConfiguration(4, 2, 24, 0.1), new StatelessConfiguration(12, 0.2), 24, topology))
                .withData(new DataOptions(tokens, 0, 16, false, 5, 3))
                .withSchedule(new ScheduleOptions(
                        epochs, 5e-3, 10, steps, ScheduleOptions.defaults().adamW()))
                .withThreads(new ThreadOptions(2, 1, 1));
        Trainer.train(options, TrainListener.SILENT);
        return options.out();
    }

    private static List<?> frames(CorpusUtterance entry) {
        Map<?, ?> alignment = assertInstanceOf(Map.class, entry.attributes().get("alignment"));
        return assertInstanceOf(List.class, alignment.get("frames"));
    }

    private static TokenTimes times(CorpusUtterance entry, Tokenizer tokens) {
        return TokenTimes.of(entry, tokens.encode(entry), tokens);
    }

    private static TokenTimes times(CorpusUtterance entry, Tokenizer tokens, Ctm ctm) {
        return TokenTimes.of(entry, tokens.encode(entry), tokens, ctm);
    }

    private static DecodeOptions options(Path checkpoint, Path manifest, String out) {
        return new DecodeOptions(checkpoint, manifest, folder.resolve(out), "", 5, 1);
    }

    private static int frames(Checkpoint checkpoint, CorpusUtterance entry) {
        return CausalSubsampling.frames(new FeatureLoader(checkpoint.config().fbank(), null, 0)
                .load(entry)
                .frames());
    }

    @Test
    void tokensAreWhereTheirTonesAre() {
        DecodeOptions options = options(model, valid, "tones");
        AlignResult result = ManifestAligner.align(options, false, DecodeListener.SILENT);
        assertEquals(12, result.utterances());
        assertEquals(0, result.leftOut());
        assertTrue(result.logProbabilityPerToken() < 0);
        Checkpoint checkpoint = Checkpoint.read(model);
        Ctm ctm = Ctm.read(Path.of(result.ctm()));
        int tokens = 0;
        int near = 0;
        for (CorpusUtterance entry : CorpusReader.open(Path.of(result.manifest()))) {
            TokenTimes times = times(entry, checkpoint.tokens());
            int count = frames(checkpoint, entry);
            int[] frames = times.frames(checkpoint.model().frameSeconds(), count);
            for (int u = 0; u < frames.length; u++) {
                assertEquals(frames(entry).get(u), frames[u]);
                // Tone u begins after 400 + 2000 u samples at 8 kHz; the next one ends half a second later.
                double begin = 0.05 + 0.25 * u;
                near += times.seconds()[u] >= begin && times.seconds()[u] <= begin + 0.5 ? 1 : 0;
            }
            tokens += frames.length;
            TokenTimes words = times(entry, checkpoint.tokens(), ctm);
            assertArrayEquals(frames, words.frames(checkpoint.model().frameSeconds(), count));
        }
        assertEquals(tokens, result.tokens());
        assertTrue(near >= 0.9 * tokens, near + " of " + tokens);
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void whatIsWrittenGivesBandsWithAPath(Topology topology) throws IOException {
        Path untrained = train("for-" + topology, "char", topology, 1, 1);
        DecodeOptions options = options(untrained, valid, "bands-" + topology);
        AlignResult result = ManifestAligner.align(options, false, DecodeListener.SILENT);
        Checkpoint checkpoint = Checkpoint.read(untrained);
        List<CorpusUtterance> entries = CorpusReader.open(Path.of(result.manifest()));
        assertEquals(12, entries.size());
        Ctm ctm = Ctm.read(Path.of(result.ctm()));
        for (CorpusUtterance entry : entries) {
            double frameSeconds = checkpoint.model().frameSeconds();
            int count = frames(checkpoint, entry);
            int[] frames = times(entry, checkpoint.tokens()).frames(frameSeconds, count);
            Band path = new AlignmentBounds(0, 0).band(entry.id(), frames, count, topology);
            assertEquals(-1, path.blocked(topology));
            assertEquals(frames.length, path.labels());
            int[] split = times(entry, checkpoint.tokens(), ctm).frames(frameSeconds, count);
            Band wide = new AlignmentBounds(20, 20).band(entry.id(), split, count, topology);
            assertTrue(wide.nodes() > path.nodes());
        }
        assertTrue(Files.isSameFile(
                CorpusReader.open(valid).getFirst().sound().file(),
                entries.getFirst().sound().file()));
    }

    @Test
    void filesAreReplacedOnRequestOnlyAndAreTheSameAgain() throws IOException {
        DecodeOptions options = options(model, valid, "again");
        AlignResult first = ManifestAligner.align(options, false, DecodeListener.SILENT);
        String manifest = Files.readString(Path.of(first.manifest()));
        String ctm = Files.readString(Path.of(first.ctm()));
        assertTrue(refused(options, false).contains("--overwrite"));
        ManifestAligner.align(options, true, DecodeListener.SILENT);
        assertEquals(manifest, Files.readString(Path.of(first.manifest())));
        assertEquals(ctm, Files.readString(Path.of(first.ctm())));
        DecodeOptions itself = new DecodeOptions(model, Path.of(first.manifest()), folder.resolve("again"), "", 5, 1);
        assertTrue(refused(itself, true).contains("is the manifest to align"));
    }

    private static String refused(DecodeOptions options, boolean overwrite) {
        return assertThrows(
                        BadInputException.class, () -> ManifestAligner.align(options, overwrite, DecodeListener.SILENT))
                .getMessage();
    }

    private static Path changed(String name, String from, String to) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(valid));
        lines.set(2, lines.get(2).replaceFirst(from, to));
        return Files.write(folder.resolve(name), lines);
    }

    @Test
    void anUtteranceWithoutAPathIsNamedAndLeftOut() throws IOException {
        Path manifest = changed("long.jsonl", "\"text\": \"", "\"text\": \"" + "low ".repeat(40));
        List<String> warnings = new ArrayList<>();
        AlignResult result = ManifestAligner.align(options(model, manifest, "left"), false, new DecodeListener() {
            @Override
            public void warning(String message) {
                warnings.add(message);
            }
        });
        assertEquals(11, result.utterances());
        assertEquals(1, result.leftOut());
        assertEquals(1, warnings.size());
        assertTrue(warnings.getFirst().contains("valid-2 (" + manifest + ":3) has no path"), warnings.getFirst());
        assertFalse(Files.readString(Path.of(result.manifest())).contains("valid-2"));
    }

    @Test
    void aModelWithoutAJointNetworkIsRefused() {
        Checkpoint checkpoint = Checkpoint.read(model);
        ModelConfig config = checkpoint.config();
        ModelConfig ctc = new ModelConfig(
                config.fbank(),
                config.size(),
                config.vocabulary(),
                config.blank(),
                config.activation(),
                ModelConfig.Criterion.CTC,
                Set.of(ModelConfig.CTC_BRANCH));
        Path file = folder.resolve("ctc.safetensors");
        Checkpoint.contents(new TransducerModel(ctc, checkpoint.model().scaling(), 1), checkpoint.tokens())
                .write(file);
        assertTrue(refused(options(file, valid, "ctc"), false).startsWith(file + ": is a CTC model"));
    }

    @Test
    void badLinesAreNamedAndNothingIsWritten() throws IOException {
        Path unknown = changed("unknown.jsonl", "\"text\": \"", "\"text\": \"humm ");
        Path twice = changed("twice.jsonl", "valid-2", "valid-1");
        Path spaced = changed("spaced.jsonl", "valid-2", "valid 2");
        for (Path manifest : List.of(unknown, twice, spaced)) {
            DecodeOptions options = options(model, manifest, "bad");
            String message = refused(options, false);
            assertTrue(message.startsWith(manifest + ":3: "), message);
            assertFalse(Files.exists(options.out()));
        }
        DecodeOptions options = options(folder.resolve("nothing"), valid, "bad");
        assertTrue(refused(options, false).startsWith(folder.resolve("nothing").toString()));
        assertFalse(Files.exists(options.out()));
    }
}
