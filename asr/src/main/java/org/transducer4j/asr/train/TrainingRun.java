package org.transducer4j.asr.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.transducer4j.asr.criterion.BudgetCheck;
import org.transducer4j.asr.criterion.CriterionLoss;
import org.transducer4j.asr.criterion.LabelledBatch;
import org.transducer4j.asr.criterion.TrainingUtterance;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.model.SafeTensors;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.asr.score.WordErrors;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.Seeds;
import org.transducer4j.speech.corpus.BucketBatches;
import org.transducer4j.speech.corpus.FeatureLoader;
import org.transducer4j.speech.feature.AugmentOptions;
import org.transducer4j.speech.feature.FbankOptions;
import org.transducer4j.speech.feature.SpecAugmentOptions;
import org.transducer4j.speech.token.Tokenizer;
import org.transducer4j.torch.AdamWOptimizer;

/**
 * The loop over epochs and batches. Everything random is drawn from (seed, purpose, epoch, index), so {@link TrainingState}, weights and
 * optimiser are all that a resumed run needs.
 */
final class TrainingRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);
    /** More than this share of the utterances of an epoch without a finite loss stops the run ... */
    private static final double MOST_SKIPPED = 0.2;
    /** ... if they are at least so many. */
    private static final int FEW_SKIPPED = 3;
    /** Batches in a row without any finite loss that stop the run. */
    private static final int MOST_BAD_BATCHES = 20;

    private final TrainOptions options;
    private final TrainingData data;
    private final Tokenizer tokens;
    private final TransducerModel model;
    private final AdamWOptimizer optimizer;
    private final CriterionLoss loss;
    private final TrainListener listener;
    private final RunFolder folder;
    private final LabelledBatches ready;
    private final BucketBatches<TrainingUtterance> batches;
    private final List<List<TrainingUtterance>> validBatches;
    private final StepClock clock = new StepClock();
    private final SaveRhythm rhythm;
    private TrainingState state;
    private int badBatches;
    private long lastSaveNanos;
    private boolean saved;
    private boolean stopped;

    /** The best model so far, where it isn't on the disk yet. */
    private @Nullable SafeTensors unsavedBest;

    private @Nullable EpochReport lastEpoch;

    TrainingRun(
            TrainOptions options,
            TrainingData data,
            LabelledData labelled,
            Tokenizer tokens,
            TransducerModel model,
            AdamWOptimizer optimizer,
            CriterionLoss loss,
            TrainListener listener,
            TrainingState state) {
        this.options = options;
        this.data = data;
        this.tokens = tokens;
        this.model = model;
        this.optimizer = optimizer;
        this.loss = loss;
        this.listener = listener;
        this.state = state;
        rhythm = new SaveRhythm(options.save().seconds());
        folder = new RunFolder(options.out());
        FbankOptions fbank = model.config().fbank();
        AugmentOptions augment = options.data().augment() ? augmentation(fbank.bins()) : null;
        double lowestSpeed = augment == null
                ? 1
                : augment.speeds().stream()
                        .mapToDouble(Double::doubleValue)
                        .min()
                        .orElseThrow();
        ready = new LabelledBatches(new FeatureLoader(fbank, augment, options.seed()), model);
        List<TrainingUtterance> train =
                options.objective().criterion().prepared(labelled.train(), options.objective(), tokens, model);
        DataOptions how = options.data();
        batches = new BucketBatches<>(
                train, TrainingUtterance::seconds, how.maxDuration(), how.buckets(), options.seed());
        validBatches = new BucketBatches<>(
                        labelled.valid(), TrainingUtterance::seconds, how.maxDuration(), how.buckets(), 0)
                .inOrder();
        refuseWhatDoesNotFit(lowestSpeed);
    }

    /** A schedule that asks for more than the budget, or a budget that is too small for any, is no news for the middle of an epoch. */
    private void refuseWhatDoesNotFit(double lowestSpeed) {
        BudgetCheck training = new BudgetCheck(loss.budget(true), model, 1 / lowestSpeed);
        int last = options.schedule().epochs();
        int end = training.dependsOnBatches() ? last : Math.min(last, state.epoch() + 1);
        for (int epoch = state.epoch(); epoch < end; epoch++) {
            training.add(batches.epoch(epoch));
        }
        training.refuse(true);
        BudgetCheck validation = new BudgetCheck(loss.budget(false), model, 1);
        validation.add(validBatches);
        validation.refuse(false);
    }

    /** The defaults with few and short time masks: one of 0.2 s can hide the gap between two short words. */
    private static AugmentOptions augmentation(int bins) {
        SpecAugmentOptions masks = SpecAugmentOptions.defaults(bins);
        return AugmentOptions.defaults(bins)
                .withSpecAugment(new SpecAugmentOptions(
                        masks.probability(), 0, masks.frequencyMasks(), masks.frequencyMaskBins(), 2, 8, 0.05));
    }

    @Override
    public void close() {
        loss.close();
    }

    TrainResult run() {
        folder.describe(model.config(), tokens, options);
        int epochs = options.schedule().epochs();
        listener.started(new TrainPlan(
                model.config(),
                model.parameters().size(),
                data.train().size(),
                data.trainSeconds() / 3600,
                data.valid().size(),
                epochs,
                batches.epoch(state.epoch()).size(),
                state.steps(),
                batches.longest().utterance().id() + " (" + batches.longest().seconds() + " s)",
                options.objective(),
                options.threads()));
        try (MetricsFile metrics =
                MetricsFile.open(options.out(), state.metricsBytes(), LogPlace.of(state), LOG::warn)) {
            save(metrics);
            while (state.epoch() < epochs && !ends()) {
                epoch(batches.epoch(state.epoch()), metrics);
            }
            if (!saved) {
                save(metrics);
            }
        } catch (RuntimeException e) {
            saveBestAfter(e);
            throw e;
        }
        return result();
    }

    private boolean ends() {
        long limit = options.schedule().maxSteps();
        return stopped || (limit > 0 && state.steps() >= limit);
    }

    private void epoch(List<List<TrainingUtterance>> all, MetricsFile metrics) {
        int epoch = state.epoch();
        TrainingStep step = new TrainingStep(model, loss, optimizer, clock, this::warn);
        List<List<TrainingUtterance>> rest = all.subList(state.batch(), all.size());
        try (BatchLoader loader =
                new BatchLoader(options.threads().loader(), rest, batch -> ready.training(batch, epoch))) {
            while (loader.hasNext() && !ends()) {
                long begin = System.nanoTime();
                clock.begin();
                LabelledBatch batch = loader.next();
                clock.was(StepClock.Part.DATA);
                double rate = options.schedule().rate(state.steps(), epoch + state.batch() / (double) all.size());
                long dropoutSeed = Seeds.generator(options.seed(), "dropout", epoch, state.batch())
                        .nextLong();
                StepOutcome outcome = step.run(batch, state.steps(), rate, dropoutSeed);
                state = state.afterBatch(outcome, (System.nanoTime() - begin) / 1e9, optimizer.steps());
                saved = false;
                report(outcome, all.size(), metrics);
                stopIfTooManySkipped(outcome, false);
                stopped = listener.stops();
                if (stopped || saveIsDue()) {
                    save(metrics);
                }
            }
        }
        if (stopped) {
            return;
        }
        stopIfTooManySkipped(null, true);
        boolean whole = state.batch() == all.size();
        if (!whole) {
            save(metrics);
        }
        validate(metrics, whole);
    }

    private void warn(String message) {
        LOG.warn(message);
        listener.warning(message);
    }

    private void report(StepOutcome outcome, int batches, MetricsFile metrics) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("type", "step");
        line.put("step", state.steps());
        line.put("epoch", state.epoch() + 1);
        line.put("loss", outcome.loss());
        line.put("gradient_norm", outcome.gradientNorm());
        line.put("learning_rate", outcome.learningRate());
        line.put("skipped", outcome.skipped());
        line.put("nodes", outcome.nodes());
        line.put("nodes_backward", outcome.nodesBackward());
        metrics.add(line);
        int epochs = options.schedule().epochs();
        double done = state.epoch() + state.batch() / (double) batches;
        listener.step(new StepReport(
                state.steps(),
                state.epoch() + 1,
                epochs,
                state.batch(),
                batches,
                outcome.loss(),
                outcome.gradientNorm(),
                outcome.learningRate(),
                state.totalSeconds() / done * (epochs - done)));
    }

    private void stopIfTooManySkipped(@Nullable StepOutcome outcome, boolean end) {
        if (outcome != null) {
            badBatches = outcome.counted() == 0 ? badBatches + 1 : 0;
        }
        long seen = state.counted() + state.skipped();
        boolean share = state.skipped() >= FEW_SKIPPED
                && state.skipped()
                        > MOST_SKIPPED * (double) (end ? seen : data.train().size());
        if (share || badBatches >= MOST_BAD_BATCHES) {
            throw new BadInputException(options.train() + ": training stops: the loss of " + state.skipped() + " of "
                    + seen + " utterances in epoch " + (state.epoch() + 1)
                    + " isn't finite; look for broken sound, or take a lower learning rate");
        }
    }

    private boolean saveIsDue() {
        SaveOptions save = options.save();
        return (save.steps() > 0 && state.steps() % save.steps() == 0) || (save.seconds() > 0 && isWorthSaving());
    }

    private boolean isWorthSaving() {
        return rhythm.isDue((System.nanoTime() - lastSaveNanos) / 1e9, state.totalSeconds());
    }

    private void save(MetricsFile metrics) {
        long begin = System.nanoTime();
        saveBest();
        state = state.withMetricsBytes(metrics.flush());
        TrainingCheckpoint.write(
                folder.last(),
                model,
                tokens,
                optimizer,
                new TrainingCheckpoint.Progress(StoredOptions.of(options), data.fingerprint(), state));
        saved = true;
        lastSaveNanos = System.nanoTime();
        rhythm.wrote((lastSaveNanos - begin) / 1e9);
    }

    /** What {@link TrainingState#best} says of a checkpoint is in the best model's file, or comes again when the run is resumed there. */
    private void saveBest() {
        SafeTensors best = unsavedBest;
        if (best != null) {
            best.write(folder.best());
            unsavedBest = null;
        }
    }

    /** The best model of a training that fails is worth something. */
    private void saveBestAfter(RuntimeException failure) {
        try {
            saveBest();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** Validates with the averaged weights; after a whole epoch the state moves on to the next. */
    private void validate(MetricsFile metrics, boolean whole) {
        long begin = System.nanoTime();
        optimizer.swapAverage();
        Validation validation;
        TrainingState.Best best;
        boolean better;
        boolean due = !whole || state.epoch() + 1 == options.schedule().epochs() || isWorthSaving();
        try {
            validation = Validation.run(
                    model,
                    tokens,
                    loss,
                    validBatches,
                    ready::validation,
                    options.threads().loader());
            WordErrors errors = validation.errors();
            TrainingState.Best now = new TrainingState.Best(state.epoch() + 1, errors.wer(), validation.loss());
            better = now.beats(state.best());
            best = better ? now : state.best();
            if (better) {
                SafeTensors contents = Checkpoint.contents(model, tokens);
                if (due) {
                    contents.write(folder.best());
                }
                // The weights themselves don't stay as they are.
                unsavedBest = due ? null : contents.copy();
            } else if (due) {
                saveBest();
            }
        } finally {
            optimizer.swapAverage();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        EpochReport report = new EpochReport(
                state.epoch() + 1,
                options.schedule().epochs(),
                state.steps(),
                state.lossSum() / (double) state.counted(),
                validation.loss(),
                validation.errors(),
                better,
                state.audioSeconds() / state.epochSeconds(),
                state.lossPeakBytes(),
                ProcessMemory.peakBytes(),
                state.skipped(),
                state.totalSeconds() + seconds);
        if (whole) {
            Map<String, Object> line = line(report);
            line.put("valid_skipped", validation.skipped());
            line.put("valid_unknown", validation.unknown());
            line.put("step_milliseconds", clock.take());
            metrics.add(line);
            state = state.afterEpoch(best, seconds);
            saved = false;
            if (due || saveIsDue()) {
                save(metrics);
            }
        } else {
            state = state.withBest(best);
        }
        lastEpoch = report;
        listener.epoch(report);
    }

    private static Map<String, Object> line(EpochReport report) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("type", "epoch");
        line.put("epoch", report.epoch());
        line.put("steps", report.steps());
        line.put("loss", report.loss());
        line.put("valid_loss", report.validLoss());
        line.put("wer", report.errors().wer());
        line.put("errors", report.errors());
        line.put("audio_per_second", report.audioPerSecond());
        line.put("loss_peak_bytes", report.lossPeakBytes());
        line.put("process_peak_bytes", report.processPeakBytes());
        line.put("skipped", report.skipped());
        line.put("seconds", report.seconds());
        return line;
    }

    private TrainResult result() {
        TrainingState.Best best = state.best();
        EpochReport last = lastEpoch;
        return new TrainResult(
                best == null ? Double.NaN : best.wer(),
                best == null ? 0 : best.epoch(),
                best == null ? Double.NaN : best.loss(),
                last == null ? Double.NaN : last.errors().wer(),
                last == null ? null : last.errors(),
                state.epoch(),
                state.steps(),
                state.totalSeconds(),
                state.totalAudioSeconds(),
                model.parameters().size(),
                state.lossPeakBytes(),
                ProcessMemory.peakBytes(),
                last == null ? 0 : last.skipped(),
                folder.best().toString());
    }
}
