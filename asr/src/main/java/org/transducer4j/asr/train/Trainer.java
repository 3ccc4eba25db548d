package org.transducer4j.asr.train;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.transducer4j.asr.criterion.Criterion;
import org.transducer4j.asr.criterion.CriterionLoss;
import org.transducer4j.asr.criterion.CriterionSetup;
import org.transducer4j.asr.criterion.ObjectiveOptions;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.model.FeatureScaling;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.method.FullBand;
import org.transducer4j.loss.method.Method;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.corpus.FeatureLoader;
import org.transducer4j.speech.feature.FbankOptions;
import org.transducer4j.speech.feature.Features;
import org.transducer4j.speech.token.Tokenizer;
import org.transducer4j.torch.AdamWOptimizer;
import org.transducer4j.torch.Torch;
import org.transducer4j.torch.loss.LossHead;
import org.transducer4j.torch.loss.TransducerHead;

/** Trains a model. */
public final class Trainer {
    private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);
    /** Utterances from which the scaling of the features is taken. */
    private static final int SCALING_SAMPLE = 500;

    private Trainer() {}

    /**
     * Trains to the end of the last epoch or the step limit.
     *
     * @param options what and how
     * @param listener hears how it goes on
     * @return what it gave
     * @throws BadInputException if a manifest, a sound file, a transcript, a checkpoint or the folder can't be used; the last checkpoint
     *     stays whole
     * @throws IllegalArgumentException if the kernel provider can't run here, or {@link TrainOptions#exact} was asked for a loss that isn't
     */
    public static TrainResult train(TrainOptions options, TrainListener listener) {
        return train(options, listener, TransducerHead::new);
    }

    /**
     * Trains through another loss; for comparisons.
     *
     * @param options what and how
     * @param listener hears how it goes on
     * @param heads makes the loss
     * @return what it gave
     */
    static TrainResult train(TrainOptions options, TrainListener listener, Function<LossOptions, LossHead> heads) {
        if (options.provider() != null) {
            KernelProviders.choose(options.provider());
        }
        options.objective().requireHeeded();
        requireExact(options);
        RunFolder folder = new RunFolder(options.out());
        folder.check(options.start());
        try (RunLock lock = RunLock.of(options.out());
                TrainingRun run = ready(options, folder, lock, heads, listener)) {
            return run.run();
        }
    }

    private static void requireExact(TrainOptions options) {
        Method method = options.objective().method();
        if (!options.exact() || method.isExact()) {
            return;
        }
        throw new IllegalArgumentException(
                method.band() instanceof FullBand
                        ? "exact training leaves nothing out: want no occupancy floor, got " + method.occupancyFloor()
                        : "exact training leaves nothing out: want band full, got band "
                                + method.band().word());
    }

    /** A run of which everything has been checked that can be checked before its first step. */
    private static TrainingRun ready(
            TrainOptions options,
            RunFolder folder,
            RunLock lock,
            Function<LossOptions, LossHead> heads,
            TrainListener listener) {
        try {
            // Once more: a run may have ended there just now.
            folder.check(options.start());
            boolean resume = folder.resumes(options.start());
            TrainingData data = TrainingData.read(options.train(), options.valid());
            TrainingRun run = resume ? resume(options, data, heads, listener) : begin(options, data, heads, listener);
            if (!resume) {
                folder.clear();
            }
            return run;
        } catch (RuntimeException e) {
            lock.discardFolderIfEmpty();
            throw e;
        }
    }

    private static TrainingRun begin(
            TrainOptions asked, TrainingData data, Function<LossOptions, LossHead> heads, TrainListener listener) {
        TrainOptions options = asked.withSchedule(asked.schedule().resolved(data.trainSeconds()));
        Tokenizer tokens = data.tokens(options.data().tokens());
        LabelledData labelled = data.labelled(tokens, warning(listener));
        Torch.setThreads(options.threads().torch());
        int rate = options.data().sampleRate() == 0
                ? data.sampleRate()
                : options.data().sampleRate();
        FbankOptions fbank = FbankOptions.defaults(rate);
        if (options.data().bins() > 0) {
            fbank = fbank.withBins(options.data().bins());
        }
        FeatureLoader loader = new FeatureLoader(fbank, null, 0);
        List<CorpusUtterance> sample = data.sample(SCALING_SAMPLE);
        List<Features> features = sample.stream().map(loader::load).toList();
        FeatureScaling scaling = FeatureScaling.of(features, fbank.bins());
        Criterion criterion = options.objective().criterion();
        ModelConfig config = new ModelConfig(
                fbank,
                options.model(),
                tokens.size(),
                tokens.blank(),
                Activation.TANH,
                criterion.reading(options.objective()),
                criterion.branches(options.objective()));
        TransducerModel model = new TransducerModel(config, scaling, options.seed());
        AdamWOptimizer optimizer =
                new AdamWOptimizer(model.parameters(), options.schedule().adamW());
        CriterionLoss loss = loss(options, model, heads);
        try {
            return new TrainingRun(
                    options, data, labelled, tokens, model, optimizer, loss, listener, TrainingState.BEGINNING);
        } catch (RuntimeException e) {
            loss.close();
            throw e;
        }
    }

    private static Consumer<String> warning(TrainListener listener) {
        return message -> {
            LOG.warn(message);
            listener.warning(message);
        };
    }

    private static CriterionLoss loss(
            TrainOptions options, TransducerModel model, Function<LossOptions, LossHead> heads) {
        ObjectiveOptions objective = options.objective();
        return objective
                .criterion()
                .open(new CriterionSetup(objective, model, options.threads().loss(), options.provider(), heads));
    }

    /** What the run was begun with; not every machine has its loss, not every caller wants it. */
    private static TrainOptions continued(Checkpoint checkpoint, StoredOptions stored, TrainOptions asked) {
        try {
            TrainOptions options = stored.over(asked);
            requireExact(options);
            return options;
        } catch (IllegalArgumentException e) {
            throw new BadInputException(checkpoint.file() + ": can't be continued: " + e.getMessage(), e);
        }
    }

    private static TrainingRun resume(
            TrainOptions asked, TrainingData data, Function<LossOptions, LossHead> heads, TrainListener listener) {
        Checkpoint checkpoint = Checkpoint.read(new RunFolder(asked.out()).last());
        TrainingCheckpoint.Progress progress = TrainingCheckpoint.read(checkpoint);
        if (progress.fingerprint() != data.fingerprint()) {
            throw new BadInputException(checkpoint.file() + ": was trained on other manifests than " + asked.train()
                    + " and " + asked.valid() + " are now: a resumed run needs the same");
        }
        TrainOptions options = continued(checkpoint, progress.options(), asked);
        StoredOptions wanted =
                StoredOptions.of(asked.withSchedule(asked.schedule().resolved(data.trainSeconds())));
        if (!wanted.equals(StoredOptions.of(options))) {
            String message = checkpoint.file()
                    + ": the run continues with the options it was begun with; config.json lists them";
            LOG.info(message);
        }
        Torch.setThreads(options.threads().torch());
        TransducerModel model = checkpoint.modelInTraining();
        AdamWOptimizer optimizer =
                new AdamWOptimizer(model.parameters(), options.schedule().adamW());
        TrainingCheckpoint.restore(checkpoint, model, optimizer, progress.state());
        LabelledData labelled = data.labelled(checkpoint.tokens(), warning(listener));
        CriterionLoss loss = loss(options, model, heads);
        try {
            return new TrainingRun(
                    options, data, labelled, checkpoint.tokens(), model, optimizer, loss, listener, progress.state());
        } catch (RuntimeException e) {
            loss.close();
            throw e;
        }
    }
}
