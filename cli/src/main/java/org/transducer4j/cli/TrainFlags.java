package org.transducer4j.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.configuration.OptionValue;
import org.transducer4j.asr.encoder.Encoders;
import org.transducer4j.asr.model.ModelOptions;
import org.transducer4j.asr.predictor.Predictors;
import org.transducer4j.asr.train.DataOptions;
import org.transducer4j.asr.train.ScheduleOptions;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.torch.AdamWSettings;
import picocli.CommandLine.Option;

/** The many options of {@code t4j train}, a group each. Their defaults are those of the records that they become. */
final class TrainFlags {
    private TrainFlags() {}

    /** How data become batches. */
    static final class Data {
        private static final DataOptions DEFAULT = DataOptions.defaults();

        @Option(
                names = "--tokens",
                paramLabel = "NAME|FILE",
                completionCandidates = TokenNames.class,
                description =
                        "Tokens of the transcripts, of: ${COMPLETION-CANDIDATES}; or a tokens.txt. auto: words where"
                                + " there are few, else characters. Default: ${DEFAULT-VALUE}.")
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

    /** Encoder, predictor and where they meet. */
    static final class Model {
        private static final ModelOptions DEFAULT = ModelOptions.defaults();

        @Option(
                names = "--encoder",
                paramLabel = "NAME[:KEY=VALUE,...]",
                completionCandidates = EncoderNames.class,
                description = "What becomes of the features, of: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
        private String encoder = Encoders.DEFAULT;

        @Option(
                names = "--predictor",
                paramLabel = "NAME[:KEY=VALUE,...]",
                completionCandidates = PredictorNames.class,
                description = "What becomes of the labels so far, of: ${COMPLETION-CANDIDATES}."
                        + " Default: ${DEFAULT-VALUE}.")
        private String predictor = Predictors.DEFAULT;

        @Option(
                names = "--channels",
                paramLabel = "N",
                description = "The encoder's channels: those of lstm's subsampling.")
        private @Nullable String channels;

        @Option(names = "--encoder-layers", paramLabel = "N", description = "The encoder's layers.")
        private @Nullable String encoderLayers;

        @Option(names = "--encoder-width", paramLabel = "N", description = "The encoder's width.")
        private @Nullable String encoderWidth;

        @Option(names = "--dropout", paramLabel = "X", description = "The encoder's dropout in training.")
        private @Nullable String dropout;

        @Option(names = "--predictor-width", paramLabel = "N", description = "The predictor's width.")
        private @Nullable String predictorWidth;

        @Option(
                names = "--context-dropout",
                paramLabel = "X",
                description = "How often the predictor's context is hidden in training.")
        private @Nullable String contextDropout;

        @Option(
                names = "--joint-width",
                paramLabel = "N",
                description = "Width of the joint network. Default: ${DEFAULT-VALUE}.")
        private int jointWidth = DEFAULT.jointWidth();

        @Option(
                names = "--topology",
                paramLabel = "KIND",
                description = "Of the lattice: regular; modified, where a label takes a frame; or constrained (k2)."
                        + " Default: ${DEFAULT-VALUE}.")
        private String topology = DEFAULT.topology().name().toLowerCase(Locale.ROOT);

        ModelOptions options() {
            return new ModelOptions(
                    Encoders.configurations().parse(encoder, encoderFlags()),
                    Predictors.configurations().parse(predictor, predictorFlags()),
                    jointWidth,
                    constant(Topology.class, topology, "topology: regular, modified or constrained"));
        }

        private List<OptionValue> encoderFlags() {
            List<OptionValue> flags = new ArrayList<>();
            add(flags, "--channels", "channels", channels);
            add(flags, "--encoder-layers", "layers", encoderLayers);
            add(flags, "--encoder-width", "width", encoderWidth);
            add(flags, "--dropout", "dropout", dropout);
            return flags;
        }

        private List<OptionValue> predictorFlags() {
            List<OptionValue> flags = new ArrayList<>();
            add(flags, "--predictor-width", "width", predictorWidth);
            add(flags, "--context-dropout", "contextDropout", contextDropout);
            return flags;
        }

        /** Many encoders and predictors have such an option; for one that hasn't, the flag is refused. */
        private static void add(List<OptionValue> flags, String flag, String key, @Nullable String value) {
            if (value != null) {
                flags.add(new OptionValue(flag, key, value));
            }
        }

        /** For the help. */
        private static final class EncoderNames extends Names {
            private EncoderNames() {
                super(Encoders.configurations().described());
            }
        }

        /** For the help. */
        private static final class PredictorNames extends Names {
            private PredictorNames() {
                super(Predictors.configurations().described());
            }
        }

        private static class Names implements Iterable<String> {
            private final List<String> all;

            private Names(List<String> all) {
                this.all = all;
            }

            @Override
            public Iterator<String> iterator() {
                return all.iterator();
            }
        }
    }

    static <E extends Enum<E>> E constant(Class<E> type, String word, String kind) {
        try {
            return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + word + "\" is no " + kind, e);
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
            AdamWSettings d = DEFAULT.adamW();
            AdamWSettings adamW =
                    new AdamWSettings(d.beta1(), d.beta2(), d.epsilon(), weightDecay, clipNorm, averageDecay);
            return new ScheduleOptions(epochs, learningRate, warmupSteps, maxSteps, adamW);
        }
    }
}
