package org.transducer4j.asr.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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

    private String refused(TrainOptions options) {
        String message = assertThrows(BadInputException.class, () -> Trainer.train(options, TrainListener.SILENT))
                .getMessage();
        assertFalse(Files.exists(folder.resolve("out")), "nothing is left behind");
        return message;
    }

    private static void change(Path manifest, int line, String text) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(manifest));
        lines.set(line - 1, lines.get(line - 1).replaceFirst("\"text\": \"[^\"]*\"", "\"text\": \"" + text + "\""));
        Files.write(manifest, lines);
    }

    @Test
    void whatTheTrainingHasNoTokensForIsListed() throws IOException {
        Path tokens = folder.resolve("tokens.txt");
        Files.write(tokens, List.of("<blk> 0", "<sos/eos> 1", "<unk> 2", "high 3", "low 4", "mid 5"));
        change(train, 5, "low humm");
        change(train, 7, "humm t\u00f6n mid humm");
        String message = refused(options(tokens.toString()));
        assertTrue(
                message.startsWith(train + ":5: word \"humm\" is not in tokens " + tokens + " (6 tokens); "), message);
        assertTrue(
                message.contains(
                        train + " has 2 that aren't among the tokens, said 4 times in 2 utterances: \"humm\" 3 times,"
                                + " \"t\u00f6n\" (U+00F6 LATIN SMALL LETTER O WITH DIAERESIS) once. Name tokens"),
                message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void aCharacterOfTheValidationAloneIsRefusedWithAllOfThem() throws IOException {
        change(valid, 2, "l\u043ew m\u0456d");
        change(valid, 4, "l\u043ew");
        String message = refused(options("char"));
        assertTrue(
                message.startsWith(valid + ":2: character \"\u043e\" (U+043E CYRILLIC SMALL LETTER O) is not"),
                message);
        assertTrue(
                message.contains("has 2 that aren't among the tokens, said 3 times in 2 utterances: "
                        + "\"\u043e\" (U+043E CYRILLIC SMALL LETTER O) 2 times, \"\u0456\" (U+0456 "),
                message);
        assertTrue(message.contains("Give the training utterances that have them"), message);
    }

    @Test
    void aDifferenceOfNormalisationIsNamedAsOne() throws IOException {
        change(train, 1, "caf\u00e9");
        change(valid, 2, "cafe\u0301");
        change(valid, 3, "zz");
        String message = refused(options("char"));
        assertTrue(message.contains("but it is in Unicode's normal form NFC"), message);
        assertTrue(message.contains("1 of the 2 differ from the tokens by Unicode normalisation only"), message);
    }

    /** What a training warns of. */
    private List<String> trained(TrainOptions options) {
        List<String> warnings = new ArrayList<>();
        Trainer.train(options, new TrainListener() {
            @Override
            public void warning(String message) {
                warnings.add(message);
            }
        });
        return warnings;
    }

    private JsonNode epoch() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("out/metrics.jsonl"));
        JsonNode last = JsonMapper.shared().readTree(lines.getLast());
        assertEquals("epoch", last.path("type").asString());
        return last;
    }

    @Test
    void aWordOfTheValidationAloneCountsAsAnError() throws IOException {
        TrainOptions once = options("auto");
        TrainOptions options = once.withSchedule(
                new ScheduleOptions(1, 5e-3, 5, 0, ScheduleOptions.defaults().adamW()));
        assertEquals(List.of(), trained(options));
        double whole = epoch().path("valid_loss").asDouble();
        long words = epoch().path("errors").path("referenceWords").asLong();
        assertEquals(0, epoch().path("valid_unknown").asInt());

        // An utterance more, of words that the training lacks: the loss stays as it was, but for the rounding of other
        // batches, and the words count.
        String more = Files.readAllLines(valid)
                .getFirst()
                .replaceFirst("\"text\": \"[^\"]*\"", "\"text\": \"humm low b\u00e4r\"");
        Files.writeString(valid, Files.readString(valid) + more + "\n");
        List<String> warnings = trained(options.withStart(Start.OVERWRITE));
        assertEquals(1, warnings.size());
        String said = warnings.getFirst();
        assertTrue(
                said.startsWith(
                        valid + ": the validation has 2 that aren't among the tokens, said 2 times in 1 utterance: "),
                said);
        assertTrue(
                said.contains("\"b\u00e4r\" (U+00E4 LATIN SMALL LETTER A WITH DIAERESIS) once, \"humm\" once. They"),
                said);
        assertEquals(1, epoch().path("valid_unknown").asInt());
        assertEquals(0, epoch().path("valid_skipped").asInt());
        assertEquals(words + 3, epoch().path("errors").path("referenceWords").asLong());
        assertEquals(whole, epoch().path("valid_loss").asDouble(), 1e-4 * whole);
        assertEquals(6, Checkpoint.read(folder.resolve("out")).tokens().size());
        // Resumed, it says so again and goes on.
        assertEquals(1, trained(once.withStart(Start.RESUME)).size());
    }
}
