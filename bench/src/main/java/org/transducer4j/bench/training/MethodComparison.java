package org.transducer4j.bench.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.transducer4j.asr.criterion.ObjectiveOptions;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.asr.search.AlignResult;
import org.transducer4j.asr.search.DecodeListener;
import org.transducer4j.asr.search.DecodeOptions;
import org.transducer4j.asr.search.ManifestAligner;
import org.transducer4j.asr.train.EpochReport;
import org.transducer4j.asr.train.StepReport;
import org.transducer4j.asr.train.TrainListener;
import org.transducer4j.asr.train.TrainOptions;
import org.transducer4j.asr.train.TrainPlan;
import org.transducer4j.asr.train.TrainResult;
import org.transducer4j.asr.train.Trainer;
import org.transducer4j.loss.method.Method;

/**
 * Trains the same model on the same data by one method after the other: same seed, same batches, same number of steps.
 *
 * <p>Alignment-restricted training needs alignments: they are those of the model that the first transducer loss in the list
 * trained.
 */
public final class MethodComparison {
    /** One of each kind, in the order in which a word names them. */
    public static final List<String> USUAL =
            List.of("tiled", "sample-wise", "packed", "split:4", "batched", "aligned", "pruned", "ctc");

    private MethodComparison() {}

    /**
     * Runs it.
     *
     * @param options of all trainings; each has a folder of its own below {@code out}, the loss is replaced
     * @param methods words of methods, see {@link Method}
     * @param listeners makes who hears how a method's training goes on
     * @param done hears of each result
     * @return the results, in the order of the methods
     * @throws IllegalArgumentException if a method is unknown or named twice, or aligned has no transducer before it
     * @throws org.transducer4j.speech.BadInputException if something can't be read or written
     */
    public static List<TrainedMethod> run(
            TrainOptions options,
            List<String> methods,
            Function<String, TrainListener> listeners,
            Consumer<TrainedMethod> done) {
        check(options.objective(), methods);
        List<TrainedMethod> results = new ArrayList<>();
        Path teacher = null;
        Path aligned = null;
        for (String word : methods) {
            ObjectiveOptions objective = options.objective().withLoss(word);
            TrainOptions mine =
                    options.withObjective(objective).withOut(options.out().resolve(folder(word)));
            if (needsTimes(objective) && teacher != null) {
                aligned = aligned == null ? align(options, teacher) : aligned;
                mine = mine.withTrain(aligned);
            }
            TrainedMethod result = train(word, mine, listeners.apply(word));
            done.accept(result);
            results.add(result);
            if (teacher == null && isTransducer(objective)) {
                teacher = mine.out();
            }
        }
        return results;
    }

    /** A name for a word, whatever stands in it. */
    private static String folder(String word) {
        return word.replaceAll("[^a-z0-9.+]", "-");
    }

    private static boolean needsTimes(ObjectiveOptions objective) {
        return objective.criterion().needsTimes(objective);
    }

    /** Whether its model is read through a joint network, which aligns. */
    private static boolean isTransducer(ObjectiveOptions objective) {
        return objective.criterion().reading(objective) != ModelConfig.Criterion.CTC;
    }

    /** Everything that can be known before an hour of work. */
    private static void check(ObjectiveOptions objective, List<String> methods) {
        if (methods.isEmpty()) {
            throw new IllegalArgumentException("there is no method to compare");
        }
        if (methods.stream().map(MethodComparison::folder).distinct().count() < methods.size()) {
            throw new IllegalArgumentException("each method is trained once, not " + String.join(",", methods));
        }
        boolean teacher = false;
        for (String word : methods) {
            ObjectiveOptions mine = objective.withLoss(word);
            if (needsTimes(mine) && !teacher) {
                throw new IllegalArgumentException("aligned needs a model that aligns the training data: name"
                        + " tiled or another transducer loss before it, got " + String.join(",", methods));
            }
            teacher |= isTransducer(mine);
        }
    }

    private static Path align(TrainOptions options, Path teacher) {
        AlignResult result = ManifestAligner.align(
                new DecodeOptions(
                        teacher,
                        options.train(),
                        options.out().resolve("alignments"),
                        "",
                        options.data().maxDuration(),
                        options.threads().torch()),
                true,
                DecodeListener.SILENT);
        return Path.of(result.manifest());
    }

    private static TrainedMethod train(String method, TrainOptions options, TrainListener listener) {
        StepTimes times = new StepTimes(listener);
        TrainResult result = Trainer.train(options, times);
        return new TrainedMethod(
                method,
                result.lastWer(),
                result.lastErrors(),
                result.steps(),
                times.median(),
                result.lossPeakBytes(),
                result.skipped());
    }

    /** Takes the time from step to step, validations left out. */
    private static final class StepTimes implements TrainListener {
        private final TrainListener next;
        private final List<Double> seconds = new ArrayList<>();
        private long last = System.nanoTime();

        StepTimes(TrainListener next) {
            this.next = next;
        }

        @Override
        public void started(TrainPlan plan) {
            next.started(plan);
            last = System.nanoTime();
        }

        @Override
        public void step(StepReport step) {
            long now = System.nanoTime();
            seconds.add((now - last) / 1e9);
            last = now;
            next.step(step);
        }

        @Override
        public void epoch(EpochReport epoch) {
            next.epoch(epoch);
            last = System.nanoTime();
        }

        @Override
        public void warning(String message) {
            next.warning(message);
        }

        double median() {
            double[] sorted =
                    seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
        }
    }
}
