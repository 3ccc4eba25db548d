package org.transducer4j.asr.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.transducer4j.asr.encoder.LstmConfiguration;
import org.transducer4j.asr.fixture.ToneCorpus;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.asr.model.ModelOptions;
import org.transducer4j.asr.model.SafeTensors;
import org.transducer4j.asr.predictor.StatelessConfiguration;
import org.transducer4j.asr.search.DecodeListener;
import org.transducer4j.asr.search.DecodeOptions;
import org.transducer4j.asr.search.ManifestDecoder;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.speech.BadInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checkpoints of version 1 are read. {@code checkpoint-1} was written by the last program of that version, on the manifests of {@link ToneCorpus}:
 * {@code t4j train --loss pruned --ctc-scale 0.2 --encoder-layers 1 --encoder-width 12 --channels 2 --joint-width 12 --predictor-width 4 --bins 16 --max-duration 5
 * --buckets 3 --epochs 60 --learning-rate 2e-2 --warmup-steps 5 --threads 1 --no-augment --max-steps 298}; {@code resumed} are the weights that it came to with
 * {@code --resume --max-steps 306}.
 */
class CheckpointFormatTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    Path folder;

    private Path train;
    private Path valid;
    private Path run;
    private Path old;

    @BeforeEach
    void copy() throws IOException {
        train = ToneCorpus.write(folder, "train", 40, 1);
        valid = ToneCorpus.write(folder, "valid", 12, 2);
        run = Files.createDirectory(folder.resolve("run"));
        old = resource("last.safetensors", run.resolve(Checkpoint.LAST));
    }

    private static Path resource(String name, Path to) throws IOException {
        try (InputStream in = CheckpointFormatTest.class.getResourceAsStream("/checkpoint-1/" + name)) {
            Files.copy(in, to);
        }
        return to;
    }

    @Test
    void oneOfVersion1IsReadAsWhatItIs() {
        assertEquals("transducer4j 1", SafeTensors.read(old).metadata().get("format"));
        ModelConfig config = Checkpoint.read(old).config();
        assertEquals(
                new ModelOptions(
                        new LstmConfiguration(2, 1, 12, 0.1),
                        new StatelessConfiguration(4, 0.25),
                        12,
                        Topology.MODIFIED),
                config.size());
        assertEquals("word", Checkpoint.read(old).metadata().get("tokenizer"));
        assertEquals(Set.of("ctc", "simple.encoder", "simple.predictor"), config.branches());
    }

    @Test
    void oneOfVersion1SaysWhatItSaid() throws IOException {
        Path out = folder.resolve("decoded");
        ManifestDecoder.decode(DecodeOptions.defaults(run, valid, out), DecodeListener.SILENT);
        List<String> said = Files.readAllLines(out.resolve("valid.jsonl")).stream()
                .map(line -> JSON.readTree(line).path("pred_text").asString())
                .toList();
        assertEquals(
                List.of(
                        "high mid",
                        "high high",
                        "mid",
                        "high high low",
                        "high mid low",
                        "low",
                        "mid high",
                        "mid",
                        "low high",
                        "high",
                        "mid",
                        "low mid"),
                said);
    }

    /** The same bits on the machine that the weights came from; another's libtorch may round differently. */
    @Test
    void trainingGoesOnFromOneOfVersion1() throws IOException {
        TrainOptions options = TrainOptions.defaults(train, valid, run).withStart(Start.RESUME);
        options = options.withSchedule(options.schedule().withMaxSteps(306));
        assertEquals(306, Trainer.train(options, TrainListener.SILENT).steps());
        Map<String, SafeTensors.Entry> expected = SafeTensors.read(
                        resource("resumed.safetensors", folder.resolve("resumed.safetensors")))
                .tensors();
        SafeTensors written = SafeTensors.read(run.resolve(Checkpoint.LAST));
        expected.forEach((name, entry) -> assertArrayEquals(
                entry.data().toArray(ValueLayout.JAVA_FLOAT),
                written.tensors().get(name).data().toArray(ValueLayout.JAVA_FLOAT),
                1e-3f,
                name));
        assertEquals("transducer4j 3", written.metadata().get("format"));
        JsonNode model = JSON.readTree(written.metadata().get("config")).path("size");
        assertEquals(
                JSON.readTree("{\"lstm\": {\"channels\": 2, \"layers\": 1, \"width\": 12, \"dropout\": 0.1}}"),
                model.path("encoder"));
        assertEquals(
                JSON.readTree("{\"stateless\": {\"width\": 4, \"contextDropout\": 0.25}}"), model.path("predictor"));
        assertEquals(
                model,
                JSON.readTree(written.metadata().get("training"))
                        .path("options")
                        .path("model"));
        assertEquals("word", written.metadata().get("tokenizer"));
        JsonNode stored = JSON.readTree(written.metadata().get("training")).path("options");
        assertEquals(
                "transducer+0.2*ctc/pruned+floor",
                stored.path("objective").path("method").asString());
    }

    private BadInputException refused(String text, String from, String to) {
        SafeTensors contents = SafeTensors.read(old);
        String before = contents.metadata().get(text);
        assertTrue(before.contains(from), before);
        contents.metadata().put(text, before.replace(from, to));
        Path changed = folder.resolve("changed.safetensors");
        contents.write(changed);
        BadInputException e = assertThrows(BadInputException.class, () -> Checkpoint.read(changed));
        assertTrue(e.getMessage().startsWith(changed + ": "), e.getMessage());
        return e;
    }

    @Test
    void oneOfANewerVersionIsRefusedWithBothNumbers() {
        String message = refused("format", "transducer4j 1", "transducer4j 7").getMessage();
        assertTrue(message.contains("version 7") && message.contains("up to version 3"), message);
    }

    @ParameterizedTest
    @CsvSource({"transducer4j 0", "transducer4j", "transducer4j two", "other 1"})
    void whatIsNoVersionIsRefused(String format) {
        String message = refused("format", "transducer4j 1", format).getMessage();
        assertTrue(message.contains("isn't a checkpoint") && message.contains("\"" + format + "\""), message);
    }

    @ParameterizedTest
    @CsvSource({
        "config, encoderLayers, layerz",
        "config, size, sighs",
        "training, predictorWidth, width",
        "training, ctcScale, scale",
        "training, objective, object"
    })
    void oneOfVersion1ThatLacksSomethingIsRefused(String text, String from, String to) {
        String message = refused(text, "\"" + from + "\"", "\"" + to + "\"").getMessage();
        assertTrue(message.contains("from format version 1 to 3") && message.contains(from), message);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"lstm\"', '\"gru\"', 'no encoder \"gru\"'",
        "'\"layers\":1', '\"layers\":1,\"depth\":2', 'depth'",
        "'\"layers\":1,', '', 'layers'",
        "'\"jointWidth\":12', '\"jointWidth\":null', 'jointWidth'",
        "'\"topology\":\"MODIFIED\"', '\"topology\":null', 'topology'",
        "'\"layers\":1', '\"layers\":0', 'layers must be 1 or more, got 0'",
        "'\"jointWidth\":12,', '', 'jointWidth'"
    })
    void aConfigurationIsReadStrictly(String from, String to, String said) {
        SafeTensors contents = SafeTensors.read(old);
        Checkpoint read = Checkpoint.read(old);
        contents.metadata().putAll(read.metadata());
        String config = contents.metadata().get("config");
        assertTrue(config.contains(from), config);
        contents.metadata().put("config", config.replace(from, to));
        contents.write(folder.resolve("changed.safetensors"));
        BadInputException e =
                assertThrows(BadInputException.class, () -> Checkpoint.read(folder.resolve("changed.safetensors")));
        assertTrue(e.getMessage().contains(said), e.getMessage());
    }
}
