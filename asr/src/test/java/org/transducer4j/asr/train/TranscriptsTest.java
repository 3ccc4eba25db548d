package org.transducer4j.asr.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.asr.encoder.LstmConfiguration;
import org.transducer4j.asr.fixture.ToneCorpus;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.model.ModelOptions;
import org.transducer4j.asr.model.SafeTensors;
import org.transducer4j.asr.predictor.StatelessConfiguration;
import org.transducer4j.asr.search.DecodeListener;
import org.transducer4j.asr.search.DecodeOptions;
import org.transducer4j.asr.search.ManifestDecoder;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.speech.BadInputException;

/** What transcripts may hold, from the manifest to the checkpoint. */
class TranscriptsTest {
    @TempDir
    Path folder;

    private Path train;
    private Path valid;

    @BeforeEach
    void corpus() throws IOException {
        train = ToneCorpus.write(folder, "train", 12, 1);
        valid = ToneCorpus.write(folder, "valid", 6, 2);
    }

    private TrainOptions options(String tokens) {
        TrainOptions options = TrainOptions.defaults(train, valid, folder.resolve("out"))
                .withModel(new ModelOptions(
                        new LstmConfiguration(2, 1, 8, 0.1), new StatelessConfiguration(4, 0.2), 8, Topology.MODIFIED))
                .withData(new DataOptions(tokens, 0, 16, true, 5, 3))
                .withThreads(new ThreadOptions(1, 1, 1));
        return options.withSchedule(options.schedule().withMaxSteps(2));
    }

    private static void replace(Path manifest, String from, String to) throws IOException {
        String text = Files.readString(manifest);
        assertTrue(text.contains(from), text);
        Files.writeString(manifest, text.replace(from, to));
    }

    @ParameterizedTest
    @ValueSource(strings = {"word", "char"})
    void allWhiteSpaceMakesACheckpointThatOpens(String tokens) throws IOException {
        for (Path manifest : List.of(train, valid)) {
            replace(manifest, " high", "\\u3000\\u00a0high");
            replace(manifest, " low", "\\u2028low");
            replace(manifest, " mid", "\u2003\u0085mid");
        }
        Trainer.train(options(tokens), TrainListener.SILENT);
        Checkpoint checkpoint = Checkpoint.read(folder.resolve("out"));
        assertEquals(tokens.equals("word") ? 6 : 12, checkpoint.tokens().size());
        ManifestDecoder.decode(
                DecodeOptions.defaults(folder.resolve("out"), valid, folder.resolve("decoded")), DecodeListener.SILENT);
        Trainer.train(
                options(tokens)
                        .withSchedule(options(tokens).schedule().withMaxSteps(3))
                        .withStart(Start.RESUME),
                TrainListener.SILENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u001f", "\\udc00", "\\ud83dx"})
    void whatNoTokenCanHoldIsRefusedBeforeTheFolderIsMade(String bad) throws IOException {
        replace(valid, "\"text\": \"", "\"text\": \"" + bad);
        String message = assertThrows(
                        BadInputException.class, () -> Trainer.train(options("auto"), TrainListener.SILENT))
                .getMessage();
        assertTrue(message.startsWith(valid + ":1: "), message);
        assertTrue(message.toLowerCase(java.util.Locale.ROOT).contains("u+" + bad.substring(2, 6)), message);
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void aCheckpointOfBeforeWithSuchPiecesOpens() throws IOException {
        Trainer.train(options("word"), TrainListener.SILENT);
        Path last = folder.resolve("out").resolve(Checkpoint.LAST);
        SafeTensors contents = SafeTensors.read(last);
        String tokens = contents.metadata().get("tokens");
        contents.metadata()
                .put("tokens", tokens.replace("high", "\u3000hi\u2028gh").replace("mid", "\u001f"));
        contents.write(last);
        assertEquals(
                List.of("<blk>", "<sos/eos>", "<unk>", "\u3000hi\u2028gh", "low", "\u001f"),
                Checkpoint.read(last).tokens().pieces());
        ManifestDecoder.decode(DecodeOptions.defaults(last, valid, folder.resolve("decoded")), DecodeListener.SILENT);
    }
}
