package org.transducer4j.cli;

import java.util.Locale;
import org.transducer4j.asr.model.ModelOptions;
import org.transducer4j.asr.train.DataOptions;
import org.transducer4j.asr.train.ObjectiveOptions;
import org.transducer4j.asr.train.ScheduleOptions;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.schedule.MemoryBudget;
import org.transducer4j.torch.AdamWOptions;
import picocli.CommandLine.Option;

/** The many options of {@code t4j train}, a group each. Their defaults are those of the records that they become. */
final class TrainFlags {
    private TrainFlags() {}

    /** How data become batches. */
    static final class Data {
        private static final DataOptions DEFAULT = DataOptions.defaults();

        @Option(
                names = "--tokens",
                paramLabel = "KIND",
                description =
                        "word, char, a tokens.txt, or auto: words where there are few. Default: ${DEFAULT-VALUE}.")
        private String tokens = DEFAULT.tokens();

        @Option(
                names = "--sample-rate",
                paramLabel = "HZ",
                description = "Rate of the model, 8000 or 16000. Default: that of the training data.")
        private int sampleRate = DEFAULT.sampleRate();

        @Option(names = "--bins", paramLabel = "N", description = "Bins of the filterbank. Default: by the rate.")
        private int bins = DEFAULT.bins();

        @Option(names = "--no-augment", description = "Train on the sound as it is: no speed, gain, noise, masks.")
        private boolean plain = !DEFAULT.augment();

        @Option(
                names = "--max-duration",
                paramLabel = "S",
                description = "Seconds of sound in a batch at most. Default: ${DEFAULT-VALUE}.")
        private double maxDuration = DEFAULT.maxDuration();

        @Option(
                names = "--buckets",
                paramLabel = "N",
                description = "Buckets of like duration that batches are filled from. Default: ${DEFAULT-VALUE}.")
        private int buckets = DEFAULT.buckets();

        DataOptions options() {
            return new DataOptions(tokens, sampleRate, bins, !plain, maxDuration, buckets);
        }
    }

    /** The model's size. */
    static final class Model {
        private static final ModelOptions DEFAULT = ModelOptions.defaults();

        @Option(
                names = "--channels",
                paramLabel = "N",
                description = "Channels of the subsampling convolutions. Default: ${DEFAULT-VALUE}.")
        private int channels = DEFAULT.channels();

        @Option(names = "--encoder-layers", paramLabel = "N", description = "LSTM layers. Default: ${DEFAULT-VALUE}.")
        private int encoderLayers = DEFAULT.encoderLayers();

        @Option(names = "--encoder-width", paramLabel = "N", description = "Their width. Default: ${DEFAULT-VALUE}.")
        private int encoderWidth = DEFAULT.encoderWidth();

        @Option(
                names = "--predictor-width",
                paramLabel = "N",
                description = "Width of the predictor. Default: ${DEFAULT-VALUE}.")
        private int predictorWidth = DEFAULT.predictorWidth();

        @Option(
                names = "--joint-width",
                paramLabel = "N",
                description = "Width of the joint network. Default: ${DEFAULT-VALUE}.")
        private int jointWidth = DEFAULT.jointWidth();

        @Option(names = "--dropout", paramLabel = "X", description = "In training. Default: ${DEFAULT-VALUE}.")
        private double dropout = DEFAULT.dropout();

        @Option(
                names = "--context-dropout",
                paramLabel = "X",
                description = "How often the predictor's context is hidden in training. Default: ${DEFAULT-VALUE}.")
        private double contextDropout = DEFAULT.contextDropout();

        @Option(
                names = "--topology",
                paramLabel = "KIND",
                description = "Of the lattice: regular; modified, where a label takes a frame; or constrained (k2)."
                        + " Default: ${DEFAULT-VALUE}.")
        private String topology = DEFAULT.topology().name().toLowerCase(Locale.ROOT);

        ModelOptions options() {
            return new ModelOptions(
                    channels,
                    encoderLayers,
                    encoderWidth,
                    predictorWidth,
                    jointWidth,
                    dropout,
                    contextDropout,
                    topology());
        }

        private Topology topology() {
            try {
                return Topology.valueOf(topology.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "\"" + topology + "\" is no topology: regular, modified or constrained", e);
            }
        }
    }

    /** Which loss, and how it is computed. */
    static final class Objective {
        private static final ObjectiveOptions DEFAULT = ObjectiveOptions.defaults();

        @Option(
                names = "--loss",
                paramLabel = "METHOD",
                description = "tiled, sample-wise, packed, batched or split:N: the exact loss, so much of it at once."
                        + " Default: ${DEFAULT-VALUE}.")
        private String loss = DEFAULT.loss();

        @Option(
                names = "--memory-budget",
                paramLabel = "SIZE",
                description = "What the loss's scratch memory may come to, such as 256MiB. Default: ${DEFAULT-VALUE}.")
        private String memoryBudget = DEFAULT.memoryBudget().toString();

        @Option(
                names = "--occupancy-floor",
                paramLabel = "X",
                description = "Nodes that are passed with less probability are left out of the backward pass; 0: none."
                        + " Default: ${DEFAULT-VALUE}.")
        private double occupancyFloor = DEFAULT.occupancyFloor();

        @Option(
                names = "--fastemit",
                paramLabel = "X",
                description = "FastEmit's lambda: pushes labels to earlier frames; 0: not. Default: ${DEFAULT-VALUE}.")
        private double fastEmit = DEFAULT.fastEmit();

        @Option(
                names = "--delay-penalty",
                paramLabel = "X",
                description = "Nats that each frame of delay costs a label; 0: none. Default: ${DEFAULT-VALUE}.")
        private double delayPenalty = DEFAULT.delayPenalty();

        @Option(
                names = "--clamp",
                paramLabel = "X",
                description = "Limit on the gradient of a logit; 0: none. Default: ${DEFAULT-VALUE}.")
        private float clamp = DEFAULT.clamp();

        ObjectiveOptions options() {
            return new ObjectiveOptions(
                    loss, MemoryBudget.parse(memoryBudget), occupancyFloor, fastEmit, delayPenalty, clamp);
        }
    }

    /** How long and how fast to learn. */
    static final class Schedule {
        private static final ScheduleOptions DEFAULT = ScheduleOptions.defaults();

        @Option(
                names = "--epochs",
                paramLabel = "N",
                description = "Passes over the data; 0: by the amount of data. Default: ${DEFAULT-VALUE}.")
        private int epochs = DEFAULT.epochs();

        @Option(
                names = "--max-steps",
                paramLabel = "N",
                description = "Stop after so many batches; 0: no limit. Default: ${DEFAULT-VALUE}.")
        private long maxSteps = DEFAULT.maxSteps();

        @Option(
                names = "--learning-rate",
                paramLabel = "X",
                description = "The highest; it falls as a half cosine. Default: ${DEFAULT-VALUE}.")
        private double learningRate = DEFAULT.learningRate();

        @Option(
                names = "--warmup-steps",
                paramLabel = "N",
                description = "Batches until the highest rate. Default: ${DEFAULT-VALUE}.")
        private int warmupSteps = DEFAULT.warmupSteps();

        @Option(
                names = "--weight-decay",
                paramLabel = "X",
                description = "Of AdamW, times the learning rate. Default: ${DEFAULT-VALUE}.")
        private double weightDecay = DEFAULT.adamW().weightDecay();

        @Option(
                names = "--clip-norm",
                paramLabel = "X",
                description = "Limit on the norm of the gradient; 0: none. Default: ${DEFAULT-VALUE}.")
        private double clipNorm = DEFAULT.adamW().clipNorm();

        @Option(
                names = "--average-decay",
                paramLabel = "X",
                description = "Decay of the running average of weights that is validated and saved."
                        + " Default: ${DEFAULT-VALUE}.")
        private double averageDecay = DEFAULT.adamW().averageDecay();

        ScheduleOptions options() {
            AdamWOptions d = DEFAULT.adamW();
            AdamWOptions adamW =
                    new AdamWOptions(d.beta1(), d.beta2(), d.epsilon(), weightDecay, clipNorm, averageDecay);
            return new ScheduleOptions(epochs, learningRate, warmupSteps, maxSteps, adamW);
        }
    }
}
