package org.transducer4j.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.configuration.OptionValue;
import org.transducer4j.asr.criterion.AlignedOptions;
import org.transducer4j.asr.criterion.ObjectiveOptions;
import org.transducer4j.asr.criterion.ObjectiveOptions.Method;
import org.transducer4j.asr.criterion.PrunedOptions;
import org.transducer4j.asr.encoder.Encoders;
import org.transducer4j.asr.model.ModelOptions;
import org.transducer4j.asr.predictor.Predictors;
import org.transducer4j.asr.train.DataOptions;
import org.transducer4j.asr.train.ScheduleOptions;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.WindowRule;
import org.transducer4j.torch.AdamWSettings;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

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

    /** Which loss, and how it is computed. */
    static final class Objective {
        private static final ObjectiveOptions DEFAULT = ObjectiveOptions.defaults();

        @Option(
                names = "--loss",
                paramLabel = "METHOD",
                description = "tiled, sample-wise, packed, batched or split:N: the exact loss, so much of it at once;"
                        + " aligned: near an alignment; pruned: where a simple joiner looks; ctc."
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
                names = "--hat",
                description =
                        "Hybrid autoregressive transducer: blank by a sigmoid of its own, labels by a softmax among"
                                + " themselves.")
        private boolean hat = DEFAULT.hat();

        @Option(
                names = "--clamp",
                paramLabel = "X",
                description = "Limit on the gradient of a logit; 0: none. Default: ${DEFAULT-VALUE}.")
        private float clamp = DEFAULT.clamp();

        @Option(
                names = "--ctc-scale",
                paramLabel = "X",
                description = "Weight of a CTC loss on the encoder that is added; 0: none. Default: ${DEFAULT-VALUE}.")
        private double ctcScale = DEFAULT.ctcScale();

        @Option(
                names = "--buffer-left",
                paramLabel = "N",
                description = "aligned: frames of 40 ms that a token may come early. Default: ${DEFAULT-VALUE}.")
        private int left = DEFAULT.aligned().left();

        @Option(
                names = "--buffer-right",
                paramLabel = "N",
                description = "aligned: frames that a token may come late. Default: ${DEFAULT-VALUE}.")
        private int right = DEFAULT.aligned().right();

        @Option(
                names = "--ctm",
                paramLabel = "FILE",
                description = "aligned: times of the training words; otherwise the manifest has them (t4j align).")
        private String ctm = DEFAULT.aligned().ctm();

        @Option(
                names = "--prune-range",
                paramLabel = "S",
                description =
                        "pruned: label positions that the full joiner sees at a frame." + " Default: ${DEFAULT-VALUE}.")
        private int range = DEFAULT.pruned().range();

        @Option(
                names = "--window-rule",
                paramLabel = "RULE",
                description = "pruned: paths (k2) or edges (fast_rnnt) chooses the window. Default: ${DEFAULT-VALUE}.")
        private String rule = DEFAULT.pruned().rule().name().toLowerCase(Locale.ROOT);

        @Option(
                names = "--warm-steps",
                paramLabel = "N",
                description = "pruned: batches over which the simple loss's weight falls and the pruned one's rises."
                        + " Default: ${DEFAULT-VALUE}.")
        private int warmSteps = DEFAULT.pruned().warmSteps();

        @Option(
                names = "--simple-scale",
                paramLabel = "X",
                description = "pruned: weight of the simple loss afterwards. Default: ${DEFAULT-VALUE}.")
        private double simpleScale = DEFAULT.pruned().simpleScale();

        @Option(
                names = "--lm-only-scale",
                paramLabel = "X",
                description = "pruned: smoothing of the simple joiner by the predictor. Default: ${DEFAULT-VALUE}.")
        private double lmOnlyScale = DEFAULT.pruned().lmOnlyScale();

        @Option(
                names = "--am-only-scale",
                paramLabel = "X",
                description = "pruned: smoothing by the encoder. Default: ${DEFAULT-VALUE}.")
        private double amOnlyScale = DEFAULT.pruned().amOnlyScale();

        /** Options that one loss alone heeds. */
        private static final Map<Method, List<String>> ONLY = Map.of(
                Method.ALIGNED,
                List.of("--buffer-left", "--buffer-right", "--ctm"),
                Method.PRUNED,
                List.of(
                        "--prune-range",
                        "--window-rule",
                        "--warm-steps",
                        "--simple-scale",
                        "--lm-only-scale",
                        "--am-only-scale"));

        /** Options of the transducer's lattice and predictor. */
        private static final List<String> NOT_CTC = List.of(
                "--occupancy-floor",
                "--fastemit",
                "--delay-penalty",
                "--hat",
                "--ctc-scale",
                "--context-dropout",
                "--predictor",
                "--predictor-width",
                "--topology");

        /** Refuses options that the loss asked for would not heed. */
        ObjectiveOptions options(ParseResult given) {
            ObjectiveOptions options = options();
            ONLY.forEach((method, names) -> {
                if (options.method() != method) {
                    refuse(given, names, "it is for --loss " + method.name().toLowerCase(Locale.ROOT));
                }
            });
            if (options.method() == Method.CTC) {
                refuse(given, NOT_CTC, "CTC has no predictor and no lattice of label positions");
            }
            return options;
        }

        private void refuse(ParseResult given, List<String> names, String reason) {
            for (String name : names) {
                if (given.hasMatchedOption(name)) {
                    throw new IllegalArgumentException(name + " means nothing to --loss " + loss + ": " + reason);
                }
            }
        }

        private ObjectiveOptions options() {
            return new ObjectiveOptions(
                    loss,
                    MemoryBudget.parse(memoryBudget),
                    occupancyFloor,
                    fastEmit,
                    delayPenalty,
                    hat,
                    clamp,
                    ctcScale,
                    new AlignedOptions(left, right, ctm),
                    new PrunedOptions(
                            range,
                            constant(WindowRule.class, rule, "window rule: paths or edges"),
                            warmSteps,
                            simpleScale,
                            lmOnlyScale,
                            amOnlyScale));
        }
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String word, String kind) {
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
