package org.transducer4j.asr.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.transducer4j.asr.criterion.AlignedOptions;
import org.transducer4j.asr.criterion.ObjectiveOptions;
import org.transducer4j.asr.encoder.LstmConfiguration;
import org.transducer4j.asr.fixture.ToneCorpus;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.model.ModelOptions;
import org.transducer4j.asr.model.SafeTensors;
import org.transducer4j.asr.predictor.StatelessConfiguration;
import org.transducer4j.asr.search.DecodeListener;
import org.transducer4j.asr.search.DecodeOptions;
import org.transducer4j.asr.search.DecodeResult;
import org.transducer4j.asr.search.ManifestDecoder;
import org.transducer4j.asr.search.Recognizer;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.Method;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.audio.AudioFiles;
import org.transducer4j.speech.corpus.CorpusReader;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.corpus.NemoManifest;
import org.transducer4j.torch.loss.HeadInput;
import org.transducer4j.torch.loss.HeadLoss;
import org.transducer4j.torch.loss.LossHead;
import org.transducer4j.torch.loss.TransducerHead;
import org.transducer4j.torch.loss.oracle.BatchedOracle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TrainerTest {
    @TempDir
    Path folder;

    private Path train;
    private Path valid;

    @BeforeEach
    void corpus() throws IOException {
        train = ToneCorpus.write(folder, "train", 40, 1);
        valid = ToneCorpus.write(folder, "valid", 12, 2);
    }

    private TrainOptions options(String out) {
        return TrainOptions.defaults(train, valid, folder.resolve(out))
                .withModel(new ModelOptions(
                        new LstmConfiguration(4, 2, 24, 0.1),
                        new StatelessConfiguration(12, 0.2),
                        24,
                        Topology.MODIFIED))
                .withData(new DataOptions("auto", 0, 16, true, 5, 3))
                .withSchedule(new ScheduleOptions(
                        3, 5e-3, 5, 0, ScheduleOptions.defaults().adamW()))
                .withSave(new SaveOptions(0, 3))
                .withThreads(new ThreadOptions(2, 1, 1));
    }

    /** Step losses as they stand in metrics.jsonl. */
    private static List<Double> losses(Path out) throws IOException {
        List<Double> losses = new ArrayList<>();
        for (String line : Files.readAllLines(out.resolve("metrics.jsonl"))) {
            JsonNode node = JsonMapper.shared().readTree(line);
            if (node.path("type").asString().equals("step")) {
                assertEquals(losses.size() + 1, node.path("step").asInt());
                losses.add(node.path("loss").asDouble());
            }
        }
        return losses;
    }

    private static void assertSameTensors(Path a, Path b) {
        Map<String, SafeTensors.Entry> first = SafeTensors.read(a).tensors();
        Map<String, SafeTensors.Entry> second = SafeTensors.read(b).tensors();
        assertEquals(first.keySet(), second.keySet());
        first.forEach((name, entry) -> assertArrayEquals(
                entry.data().toArray(ValueLayout.JAVA_INT),
                second.get(name).data().toArray(ValueLayout.JAVA_INT),
                name));
    }

    /** Stands for kill -9: nothing of the run's own code runs after it. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static TrainListener killAt(long step) {
        return new TrainListener() {
            @Override
            public void step(StepReport report) {
                if (report.step() == step) {
                    throw new Killed();
                }
            }
        };
    }

    @Test
    void aRunThatIsKilledAgainAndAgainEndsLikeOneThatIsNot() throws IOException {
        TrainOptions whole = options("whole");
        TrainResult expected = Trainer.train(whole, TrainListener.SILENT);
        TrainOptions cut = options("cut").withStart(Start.RESUME);
        int steps = (int) expected.steps();
        for (int kill : new int[] {1, 2, 8, steps / 2, steps - 1}) {
            assertThrows(Killed.class, () -> Trainer.train(cut, killAt(kill)));
        }
        // What was asked for at first counts, whatever is asked for later.
        TrainResult resumed =
                Trainer.train(cut.withSeed(77).withThreads(new ThreadOptions(1, 2, 2)), TrainListener.SILENT);
        assertEquals(losses(whole.out()), losses(cut.out()));
        List<EventFileTest.Scalars> events = EventFileTest.read(whole.out());
        assertEquals(steps + expected.epochs(), events.size());
        assertEquals(EventFileTest.untimed(events), EventFileTest.untimed(EventFileTest.read(cut.out())));
        assertSameTensors(whole.out().resolve(Checkpoint.LAST), cut.out().resolve(Checkpoint.LAST));
        assertSameTensors(whole.out().resolve(Checkpoint.BEST), cut.out().resolve(Checkpoint.BEST));
        assertEquals(expected.wer(), resumed.wer());
        assertEquals(expected.validLoss(), resumed.validLoss());
        assertEquals(steps, resumed.steps());
    }

    private static TrainingState saved(Path out) {
        return TrainingCheckpoint.read(Checkpoint.read(out.resolve(Checkpoint.LAST)))
                .state();
    }

    /** So short a run isn't worth writing before its end, best model included; a kill then costs a repetition and no bit. */
    @Test
    void whatIsSoonComputedAgainIsNotWritten() throws IOException {
        TrainOptions whole = options("whole");
        Trainer.train(whole, TrainListener.SILENT);
        TrainOptions rare = options("rare").withSave(SaveOptions.defaults()).withStart(Start.RESUME);
        Path best = rare.out().resolve(Checkpoint.BEST);
        assertThrows(
                Killed.class,
                () -> Trainer.train(rare, new TrainListener() {
                    @Override
                    public void epoch(EpochReport epoch) {
                        assertEquals(0, saved(rare.out()).steps());
                        assertFalse(Files.exists(best), "epoch " + epoch.epoch());
                        if (epoch.epoch() == 2) {
                            throw new Killed();
                        }
                    }
                }));
        assertTrue(Files.exists(best), "a training that fails leaves its best model");
        Files.delete(best); // one that is killed doesn't
        Trainer.train(rare, TrainListener.SILENT);
        assertEquals(losses(whole.out()), losses(rare.out()));
        assertSameTensors(whole.out().resolve(Checkpoint.LAST), rare.out().resolve(Checkpoint.LAST));
        assertSameTensors(whole.out().resolve(Checkpoint.BEST), best);
        assertEquals(3, saved(rare.out()).epoch());
    }

    @Test
    void aTrainingThatIsToldToStopStandsWhereItWasStopped() throws IOException {
        TrainOptions whole = options("whole");
        long steps = Trainer.train(whole, TrainListener.SILENT).steps();
        TrainOptions stopped =
                options("stopped").withSave(SaveOptions.defaults()).withStart(Start.RESUME);
        // In the middle of an epoch, and before a validation.
        for (long at : new long[] {2, steps / 3, steps / 3 + 1, steps}) {
            TrainResult result = Trainer.train(stopped, new TrainListener() {
                private long step;

                @Override
                public void step(StepReport report) {
                    step = report.step();
                }

                @Override
                public boolean stops() {
                    return step == at;
                }
            });
            assertEquals(at, result.steps());
            assertEquals(at, saved(stopped.out()).steps());
        }
        Trainer.train(stopped, TrainListener.SILENT);
        assertEquals(losses(whole.out()), losses(stopped.out()));
        assertSameTensors(whole.out().resolve(Checkpoint.LAST), stopped.out().resolve(Checkpoint.LAST));
        assertSameTensors(whole.out().resolve(Checkpoint.BEST), stopped.out().resolve(Checkpoint.BEST));
    }

    @Test
    void theNumberOfThreadsOfTheLossChangesNoBit() throws IOException {
        TrainOptions one = options("one").withThreads(new ThreadOptions(1, 1, 1));
        TrainOptions two = options("two").withThreads(new ThreadOptions(2, 1, 2));
        Trainer.train(one, TrainListener.SILENT);
        Trainer.train(two, TrainListener.SILENT);
        assertEquals(losses(one.out()), losses(two.out()));
        TrainOptions other = options("other").withSeed(2);
        Trainer.train(other, TrainListener.SILENT);
        assertFalse(losses(one.out()).equals(losses(other.out())));
    }

    /** The padded batched loss in libtorch's operators. */
    private static final class OracleHead implements LossHead {
        @Override
        public HeadLoss loss(HeadInput input, Reduction reduction) {
            var losses = BatchedOracle.losses(input, 0, ScalarType.Float);
            double[] values = new double[input.frames().length];
            for (int b = 0; b < values.length; b++) {
                values[b] = losses.select(0, b).item_double();
            }
            return new HeadLoss(
                    BatchedOracle.loss(input, 0, reduction, ScalarType.Float),
                    new LossResult(values, List.of(), 0, 0, 0, 0, 0, 0));
        }

        @Override
        public void close() {}
    }

    @Test
    void theBatchedOracleTrainsAlike() throws IOException {
        ScheduleOptions ten = options("x").schedule().withMaxSteps(10);
        // The baseline knows the regular lattice only.
        ModelOptions regular = options("x").model().withTopology(Topology.REGULAR);
        TrainOptions ours = options("ours").withSchedule(ten).withModel(regular);
        TrainOptions oracle = options("oracle").withSchedule(ten).withModel(regular);
        Trainer.train(ours, TrainListener.SILENT);
        Trainer.train(oracle, TrainListener.SILENT, _ -> new OracleHead());
        List<Double> a = losses(ours.out());
        List<Double> b = losses(oracle.out());
        assertEquals(10, a.size());
        for (int i = 0; i < 10; i++) {
            assertEquals(b.get(i), a.get(i), 1e-4 * b.get(i), "step " + (i + 1));
        }
    }

    /** Ten steps by each method; all begin with the same weights. */
    private List<Double> tenSteps(ObjectiveOptions objective) throws IOException {
        TrainOptions options = options("objective-" + objective.method().word().replace(':', '-'))
                .withSchedule(options("x").schedule().withMaxSteps(10))
                .withObjective(objective);
        TrainResult result = Trainer.train(options, TrainListener.SILENT);
        assertTrue(Double.isFinite(result.validLoss()), objective.method().word());
        assertTrue(result.lossPeakBytes() > 0);
        return losses(options.out());
    }

    @Test
    void everyScheduleTrainsAlike() throws IOException {
        ObjectiveOptions objective = ObjectiveOptions.defaults();
        List<Double> expected = tenSteps(objective.withLoss("sample-wise"));
        for (String word : List.of("tiled", "packed", "batched", "split:2")) {
            List<Double> found = tenSteps(objective.withLoss(word));
            for (int i = 0; i < 10; i++) {
                assertEquals(expected.get(i), found.get(i), 1e-4 * expected.get(i), word + ", step " + (i + 1));
            }
        }
    }

    private Exception refusedFor(TrainOptions options, long budget) {
        TrainOptions small = options.withObjective(options.objective().withMemoryBudget(new MemoryBudget(budget)));
        Exception e = assertThrows(BadInputException.class, () -> Trainer.train(small, TrainListener.SILENT));
        assertTrue(e.getMessage().contains("the largest batch of "), e.getMessage());
        assertTrue(e.getMessage().contains(budget + " bytes"), e.getMessage());
        assertFalse(Files.exists(options.out()), "nothing may be begun that can't go on");
        return e;
    }

    /** A smaller budget than is needed is refused before the first step; what is said to be needed is enough to the end. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "batched",
                "split:2",
                "packed",
                "sample-wise",
                "tiled",
                "tiled+hat",
                "aligned:5",
                "transducer/aligned:2,4/packed",
                "pruned:2",
                "transducer/pruned:2/batched",
                "ctc",
                "transducer+0.2*ctc",
                "pruned:2+0.2*ctc"
            })
    void aBudgetThatAMethodCantKeepIsRefused(String word) throws IOException {
        train = alignedCorpus(0);
        ObjectiveOptions objective =
                ObjectiveOptions.defaults().withLoss(word.replace("+hat", "")).withHat(word.endsWith("+hat"));
        TrainOptions options = options("budget")
                .withObjective(objective)
                .withSchedule(new ScheduleOptions(
                        1, 5e-3, 5, 0, ScheduleOptions.defaults().adamW()));
        Pattern needs = Pattern.compile("needs? (?:[^(]*\\()?(\\d+) bytes");
        long budget = 10;
        while (true) {
            long now = budget;
            try {
                Trainer.train(
                        options.withObjective(objective.withMemoryBudget(new MemoryBudget(now))), TrainListener.SILENT);
                break;
            } catch (BadInputException e) {
                Matcher said = needs.matcher(String.valueOf(e.getMessage()));
                assertTrue(said.find(), e.getMessage());
                budget = Long.parseLong(said.group(1));
                assertTrue(budget > now, e.getMessage());
            }
        }
        assertTrue(budget > 10, "nothing was refused");
        assertTrue(losses(options.out()).size() >= 5);
        refusedFor(options.withOut(folder.resolve("less")), budget - 1);
    }

    @Test
    void exactTrainingRefusesWhatLeavesNodesOut() throws IOException {
        ObjectiveOptions objective = ObjectiveOptions.defaults();
        TrainOptions two = options("exact").withExact(true);
        two = two.withSchedule(two.schedule().withMaxSteps(2));
        for (String word : List.of("tiled+floor", "pruned:4", "transducer+0.5*ctc/aligned:7")) {
            TrainOptions not = two.withObjective(objective.withLoss(word));
            Exception e = assertThrows(IllegalArgumentException.class, () -> Trainer.train(not, TrainListener.SILENT));
            String name = word.contains("floor")
                    ? "1.0E-6"
                    : not.objective().method().band().word();
            assertTrue(e.getMessage().contains("exact") && e.getMessage().contains(name), e.getMessage());
            assertFalse(Files.exists(not.out()));
        }
        for (String word : List.of("packed", "transducer+0.5*ctc", "ctc")) {
            Trainer.train(two.withObjective(objective.withLoss(word)).withStart(Start.OVERWRITE), TrainListener.SILENT);
        }
        // A run that was begun with a floor doesn't go on as an exact one.
        TrainOptions floored = two.withExact(false).withObjective(objective.withOccupancyFloor(1e-3));
        Trainer.train(floored.withStart(Start.OVERWRITE), TrainListener.SILENT);
        String message = refused(two.withStart(Start.RESUME)).getMessage();
        assertTrue(message.contains("can't be continued") && message.contains("0.001"), message);
    }

    @Test
    void whatALossIgnoresIsRefusedBeforeAnythingIsBegun() {
        TrainOptions options = options("ignored")
                .withObjective(ObjectiveOptions.defaults().withAligned(new AlignedOptions("words.ctm")));
        Exception e = assertThrows(IllegalArgumentException.class, () -> Trainer.train(options, TrainListener.SILENT));
        assertTrue(e.getMessage().contains("words.ctm"), e.getMessage());
        assertFalse(Files.exists(options.out()));
    }

    @Test
    void kernelsAreChosenByName() throws IOException {
        TrainOptions options = options("provider");
        TrainOptions four = options.withSchedule(options.schedule().withMaxSteps(4));
        Exception e = assertThrows(
                IllegalArgumentException.class, () -> Trainer.train(four.withProvider("abacus"), TrainListener.SILENT));
        assertTrue(e.getMessage().contains("there is no kernel provider \"abacus\""), e.getMessage());
        assertFalse(Files.exists(four.out()));
        Trainer.train(four.withProvider("scalar"), TrainListener.SILENT);
        List<Double> scalar = losses(four.out());
        Trainer.train(four.withProvider("reference").withStart(Start.OVERWRITE), TrainListener.SILENT);
        List<Double> reference = losses(four.out());
        assertFalse(scalar.equals(reference), "double precision differs from single");
        for (int i = 0; i < 4; i++) {
            assertEquals(reference.get(i), scalar.get(i), 1e-4 * reference.get(i));
        }
    }

    /** The corpus with each tone's end as its token's time; tone u begins after 400 + 2000 u samples at 8 kHz. */
    private Path alignedCorpus(double shift) {
        List<CorpusUtterance> lines = new ArrayList<>();
        for (CorpusUtterance entry : CorpusReader.open(train)) {
            int words = entry.text().split(" ").length;
            double[] times = IntStream.range(0, words)
                    .mapToDouble(u -> shift + 0.05 + 0.25 * (u + 1))
                    .toArray();
            lines.add(entry.with(Map.of("alignment", Map.of("times", times))));
        }
        Path file = folder.resolve("aligned.jsonl");
        NemoManifest.write(file, lines);
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiled", "pruned", "ctc", "aligned:5", "transducer+0.2*ctc", "tiled+hat"})
    void everyMethodLearns(String word) throws IOException {
        ObjectiveOptions objective =
                ObjectiveOptions.defaults().withLoss(word.replace("+hat", "")).withHat(word.endsWith("+hat"));
        train = alignedCorpus(0);
        TrainOptions options = options("method")
                .withObjective(objective)
                .withData(new DataOptions("auto", 0, 16, false, 5, 3)) // another pitch is another word here
                .withSchedule(new ScheduleOptions(
                        120, 5e-3, 10, 0, ScheduleOptions.defaults().adamW()));
        TrainResult result = Trainer.train(options, TrainListener.SILENT);
        assertTrue(result.wer() <= 10, word + ": " + result.wer());
        DecodeResult decoded = ManifestDecoder.decode(
                DecodeOptions.defaults(options.out(), valid, folder.resolve("decoded")), DecodeListener.SILENT);
        assertEquals(result.wer(), decoded.wer(), 1e-9);
    }

    @Test
    void anAlignmentThatLeavesNoPathIsNamed() throws IOException {
        train = alignedCorpus(0);
        TrainOptions options = options("aligned")
                .withObjective(ObjectiveOptions.defaults().withLoss("aligned:0"))
                .withSchedule(options("x").schedule().withMaxSteps(10));
        // At other speeds a token may lose its frame: then its utterance is left out, and the rest goes on.
        Trainer.train(options, TrainListener.SILENT);
        List<String> lines = Files.readAllLines(train);
        lines.set(2, lines.get(2).replaceAll("\"times\":\\[[^]]*]", "\"times\":[0.1,0.1,0.1]"));
        Files.write(train, lines);
        Exception e = assertThrows(
                BadInputException.class, () -> Trainer.train(options.withStart(Start.OVERWRITE), TrainListener.SILENT));
        assertTrue(e.getMessage().contains(train + ":3"), e.getMessage());
    }

    @Test
    void itLearnsAndDecodesFromTheCheckpointAlone() throws IOException {
        TrainOptions options = options("learn")
                .withObjective(ObjectiveOptions.defaults().withOccupancyFloor(Method.USUAL_FLOOR))
                .withData(new DataOptions("auto", 0, 16, false, 5, 3)) // another pitch is another word here
                .withSchedule(new ScheduleOptions(
                        120, 5e-3, 10, 0, ScheduleOptions.defaults().adamW()));
        List<String> lines = new ArrayList<>();
        TrainResult result = Trainer.train(options, new TrainListener() {
            @Override
            public void epoch(EpochReport report) {
                lines.add(report.line());
            }
        });
        assertEquals(120, lines.size());
        List<JsonNode> metrics = Files.readAllLines(options.out().resolve("metrics.jsonl")).stream()
                .map(JsonMapper.shared()::readTree)
                .toList();
        JsonNode epoch = metrics.getLast();
        JsonNode step = metrics.get(metrics.size() - 2);
        long kept = step.path("nodes_backward").asLong();
        // A model that has learned is sure of most of the lattice.
        assertTrue(0 < kept && kept < step.path("nodes").asLong(), step.toString());
        for (String part : List.of("data", "encoder", "loss", "backward", "optimizer")) {
            assertTrue(epoch.path("step_milliseconds").path(part).asDouble() > 0, part + ": " + epoch);
        }
        assertTrue(result.wer() <= 10, lines.getLast());
        assertTrue(lines.getLast().contains("skipped 0"), lines.getLast());
        Path out = folder.resolve("decoded");
        DecodeResult decoded =
                ManifestDecoder.decode(DecodeOptions.defaults(options.out(), valid, out), DecodeListener.SILENT);
        assertEquals(result.wer(), decoded.wer(), 1e-9);
        List<String> predictions = Files.readAllLines(out.resolve("valid.jsonl"));
        assertEquals(12, predictions.size());
        JsonNode line = JsonMapper.shared().readTree(predictions.getFirst());
        assertTrue(line.has("pred_text") && line.path("pred_tokens").isArray(), predictions.getFirst());
        // One at a time, from samples, gives the same.
        Recognizer recognizer = Recognizer.open(options.out());
        String text = recognizer
                .recognize(AudioFiles.read(folder.resolve("valid-0.wav")))
                .text();
        assertEquals(line.path("pred_text").asString(), text);
    }

    /** A loss that isn't finite for utterances of certain names. */
    private static final class PoisonedHead implements LossHead {
        private final TransducerHead head =
                new TransducerHead(LossOptions.defaults().withNonFinite(NonFinite.SKIP));
        private final String poisoned;

        PoisonedHead(String poisoned) {
            this.poisoned = poisoned;
        }

        @Override
        public HeadLoss loss(HeadInput input, Reduction reduction) {
            HeadLoss loss = head.loss(input, reduction);
            List<Integer> skipped = new ArrayList<>();
            double[] losses = loss.result().losses().clone();
            for (int b = 0; b < losses.length; b++) {
                if (input.names().get(b).matches(poisoned)) {
                    losses[b] = Double.NaN;
                    skipped.add(b);
                }
            }
            return new HeadLoss(loss.value(), new LossResult(losses, skipped, 0, 0, 0, 0, 0, 0));
        }

        @Override
        public void close() {
            head.close();
        }
    }

    @Test
    void anUtteranceWithoutAFiniteLossIsNamedAndSkipped() {
        List<String> warnings = new ArrayList<>();
        List<Long> skipped = new ArrayList<>();
        TrainListener listener = new TrainListener() {
            @Override
            public void warning(String message) {
                warnings.add(message);
            }

            @Override
            public void epoch(EpochReport report) {
                skipped.add(report.skipped());
                assertTrue(Double.isFinite(report.loss()));
            }
        };
        Trainer.train(options("skip"), listener, _ -> new PoisonedHead("train-7 .*"));
        assertEquals(List.of(1L, 1L, 1L), skipped);
        assertEquals(3, warnings.size());
        assertTrue(warnings.getFirst().contains("train-7 (" + train + ":8)"), warnings.getFirst());
    }

    @Test
    void tooManyWithoutAFiniteLossStopTheRun() throws IOException {
        TrainOptions options = options("stop");
        BadInputException e = assertThrows(
                BadInputException.class,
                () -> Trainer.train(options, TrainListener.SILENT, _ -> new PoisonedHead("train-[0-3].*")));
        assertTrue(e.getMessage().contains("isn't finite"), e.getMessage());
        Checkpoint.read(options.out().resolve(Checkpoint.LAST)); // whole
    }

    private BadInputException refused(TrainOptions options) {
        return assertThrows(BadInputException.class, () -> Trainer.train(options, TrainListener.SILENT));
    }

    private void changeLine(Path manifest, int line, String from, String to) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(manifest));
        assertTrue(lines.get(line - 1).contains(from));
        lines.set(line - 1, lines.get(line - 1).replace(from, to));
        Files.write(manifest, lines);
    }

    @Test
    void aMissingSoundFileIsFoundBeforeTheFirstStep() throws IOException {
        Files.delete(folder.resolve("train-9.wav"));
        TrainOptions options = options("out");
        String message = refused(options).getMessage();
        assertTrue(message.startsWith(train + ":10: ") && message.contains("train-9.wav"), message);
        assertFalse(Files.exists(options.out()), "nothing is left behind");
    }

    @Test
    void aSoundFileThatIsCutShortIsNamed() throws IOException {
        Path file = folder.resolve("train-9.wav");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        String message = refused(options("out")).getMessage();
        assertTrue(message.startsWith(train + ":10: ") && message.contains("train-9.wav"), message);
    }

    @Test
    void aLineThatIsNoJsonIsNamed() throws IOException {
        changeLine(valid, 3, "{", "[");
        String message = refused(options("out")).getMessage();
        assertTrue(message.startsWith(valid + ":3: "), message);
    }

    @Test
    void aFolderThatCannotBeMadeIsRefusedBeforeAnyWork() throws IOException {
        Files.writeString(folder.resolve("file"), "in the way");
        Files.delete(train); // would be the next complaint
        for (String out : List.of("file", "file/below")) {
            String message = refused(options(out)).getMessage();
            assertTrue(message.contains("file"), message);
            assertEquals(1, message.lines().count());
        }
    }

    @Test
    void aRunIsNotOverwrittenUnasked() throws IOException {
        TrainOptions options = options("again");
        options = options.withSchedule(options.schedule().withMaxSteps(2));
        Trainer.train(options, TrainListener.SILENT);
        assertTrue(refused(options).getMessage().contains("--resume"));
        Path sound = folder.resolve("train-9.wav");
        Files.move(sound, folder.resolve("away"));
        refused(options.withStart(Start.OVERWRITE));
        assertTrue(Files.exists(options.out().resolve(Checkpoint.LAST)), "no run is lost to one that can't begin");
        Files.move(folder.resolve("away"), sound);
        assertEquals(
                2,
                Trainer.train(options.withStart(Start.OVERWRITE), TrainListener.SILENT)
                        .steps());
    }

    @Test
    void aCheckpointThatIsCutInHalfIsRefused() throws IOException {
        TrainOptions options = options("half");
        options = options.withSchedule(options.schedule().withMaxSteps(2));
        Trainer.train(options, TrainListener.SILENT);
        Path last = options.out().resolve(Checkpoint.LAST);
        byte[] bytes = Files.readAllBytes(last);
        Files.write(last, Arrays.copyOf(bytes, bytes.length / 2));
        String message = refused(options.withStart(Start.RESUME)).getMessage();
        assertTrue(message.startsWith(last + ": was cut short"), message);
        assertThrows(BadInputException.class, () -> Recognizer.open(last));
    }

    @Test
    void otherManifestsCannotBeResumedWith() throws IOException {
        TrainOptions options = options("other");
        TrainOptions two = options.withSchedule(options.schedule().withMaxSteps(2));
        Trainer.train(two, TrainListener.SILENT);
        changeLine(train, 2, "\"id\": \"train-1\"", "\"id\": \"renamed\"");
        assertTrue(refused(two.withStart(Start.RESUME)).getMessage().contains("other manifests"));
    }
}
