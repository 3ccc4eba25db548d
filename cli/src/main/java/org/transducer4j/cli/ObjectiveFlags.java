package org.transducer4j.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.criterion.AlignedOptions;
import org.transducer4j.asr.criterion.Criteria;
import org.transducer4j.asr.criterion.ObjectiveOptions;
import org.transducer4j.asr.criterion.PrunedOptions;
import org.transducer4j.loss.method.AlignedBand;
import org.transducer4j.loss.method.AlignmentBounds;
import org.transducer4j.loss.method.BandRule;
import org.transducer4j.loss.method.FullBand;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.Method;
import org.transducer4j.loss.method.PrunedBand;
import org.transducer4j.loss.method.WindowRule;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** Which loss {@code t4j train} trains on, and how it is computed. */
final class ObjectiveFlags {
    private static final ObjectiveOptions DEFAULT = ObjectiveOptions.defaults();

    @Option(
            names = "--loss",
            paramLabel = "METHOD",
            completionCandidates = Losses.class,
            description =
                    "What is summed over, of: ${COMPLETION-CANDIDATES}; or a sum as transducer+0.2*ctc. Or a word for"
                            + " a usual method: tiled, sample-wise, packed, batched or split:N: the exact loss, so much of it at"
                            + " once; aligned: near an alignment; pruned: where a simple joiner looks. Default: tiled.")
    private @Nullable String loss;

    @Option(
            names = "--band",
            paramLabel = "BAND",
            completionCandidates = Bands.class,
            description = "Which nodes of the lattice exist: ${COMPLETION-CANDIDATES}. Default: full.")
    private @Nullable String band;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description = "How many at once: batched, split:N, packed, sample-wise, tiled. Default: tiled.")
    private @Nullable String schedule;

    @Option(
            names = "--memory-budget",
            paramLabel = "SIZE",
            description = "What the loss's scratch memory may come to, such as 256MiB. Default: ${DEFAULT-VALUE}.")
    private String memoryBudget = DEFAULT.memoryBudget().toString();

    @Option(
            names = "--occupancy-floor",
            paramLabel = "X",
            description = "Nodes that are passed with less probability are left out of the backward pass; 0: none."
                    + " Default: 1.0E-6; 0 with --exact.")
    private @Nullable Double occupancyFloor;

    @Option(
            names = "--exact",
            description = "The whole gradient of the whole lattice: no occupancy floor, nothing stored in fewer bits; a"
                    + " band that isn't full is refused.")
    private boolean exact;

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
            description = "Hybrid autoregressive transducer: blank by a sigmoid of its own, labels by a softmax among"
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
            description =
                    "Weight of a CTC loss on the encoder that is added, as --loss ...+X*ctc; 0: none. Default: 0.")
    private @Nullable Double ctcScale;

    @Option(
            names = "--buffer-left",
            paramLabel = "N",
            description = "aligned: frames of 40 ms that a token may come early. Default: 10.")
    private @Nullable Integer left;

    @Option(
            names = "--buffer-right",
            paramLabel = "N",
            description = "aligned: frames that a token may come late. Default: 10.")
    private @Nullable Integer right;

    @Option(
            names = "--ctm",
            paramLabel = "FILE",
            description = "aligned: times of the training words; otherwise the manifest has them (t4j align).")
    private String ctm = DEFAULT.aligned().ctm();

    @Option(
            names = "--prune-range",
            paramLabel = "S",
            description = "pruned: label positions that the full joiner sees at a frame. Default: 5.")
    private @Nullable Integer range;

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

    /** Options that one band alone heeds. */
    private static final Map<String, List<String>> ONLY = Map.of(
            "aligned",
            List.of("--buffer-left", "--buffer-right", "--ctm"),
            "pruned",
            List.of(
                    "--prune-range",
                    "--window-rule",
                    "--warm-steps",
                    "--simple-scale",
                    "--lm-only-scale",
                    "--am-only-scale"));

    /** Options of a transducer's lattice. */
    private static final List<String> LATTICE = List.of(
            "--band", "--schedule", "--occupancy-floor", "--fastemit", "--delay-penalty", "--hat", "--topology");

    /** Options of the predictor and of what is added to a transducer's loss. */
    private static final List<String> PREDICTOR =
            List.of("--ctc-scale", "--context-dropout", "--predictor", "--predictor-width");

    ObjectiveFlags() {}

    /** What is registered. */
    static final class Losses implements Iterable<String> {
        Losses() {}

        @Override
        public Iterator<String> iterator() {
            return Criteria.names().iterator();
        }
    }

    /** What is registered. */
    static final class Bands implements Iterable<String> {
        Bands() {}

        @Override
        public Iterator<String> iterator() {
            return BandRule.all().stream().map(BandRule::usage).iterator();
        }
    }

    /** Whether nothing may be left out. */
    boolean exact() {
        return exact;
    }

    /** Refuses options that the loss asked for would not heed, and those that contradict one another. */
    ObjectiveOptions options(ParseResult given) {
        Method named = Method.of(loss, band, schedule, null, Criteria.names());
        String word = loss == null ? named.word() : loss;
        ONLY.forEach((name, names) -> {
            if (!named.band().name().equals(name)) {
                refuse(given, word, names, "it is for --loss " + name);
            }
        });
        Method method = added(floored(given, word, within(named)));
        requireExact(method);
        return options(method);
    }

    private static void refuse(ParseResult given, String word, List<String> names, String reason) {
        for (String name : names) {
            if (given.hasMatchedOption(name)) {
                throw new IllegalArgumentException(name + " means nothing to --loss " + word + ": " + reason);
            }
        }
    }

    /** With the buffers or the range that options of their own name. */
    private Method within(Method named) {
        BandRule rule = switch (named.band()) {
            case AlignedBand of ->
                new AlignedBand(new AlignmentBounds(
                        one("--buffer-left", left, of.bounds().left(), of),
                        one("--buffer-right", right, of.bounds().right(), of)));
            case PrunedBand of -> new PrunedBand(one("--prune-range", range, of.range(), of));
            default -> named.band();
        };
        return new Method(named.losses(), rule, named.schedule(), named.occupancyFloor());
    }

    private int one(String option, @Nullable Integer asked, int said, BandRule of) {
        boolean saidSo = (loss + "/" + band).contains(of.name() + ":");
        if (asked != null && saidSo && asked != said) {
            throw new IllegalArgumentException(option + " " + asked + " contradicts the band " + of.word());
        }
        return asked == null ? said : asked;
    }

    /** With the floor that is asked for, or the usual one where none is and the loss can heed one. */
    private Method floored(ParseResult given, String word, Method named) {
        if (!Criteria.of(named).hasLattice()) {
            refuseLattice(given, word, named);
            return named;
        }
        Double asked = occupancyFloor;
        if (asked != null) {
            // Read again with it: what the word says about a floor may be something else.
            Method.of(loss, band, schedule, asked, Criteria.names());
            return named.withOccupancyFloor(asked);
        }
        boolean saidSo = loss != null && loss.contains("+floor");
        return saidSo || exact ? named : named.withOccupancyFloor(Method.USUAL_FLOOR);
    }

    private void refuseLattice(ParseResult given, String word, Method named) {
        if (named.lossWord().equals(Method.CTC)) {
            if (ctcScale != null && ctcScale != 0) {
                throw new IllegalArgumentException("CTC can't be added to CTC: a CTC scale is for a transducer's loss");
            }
            String reason = "CTC has no predictor and no lattice of label positions";
            refuse(given, word, LATTICE, reason);
            refuse(given, word, PREDICTOR, reason);
        }
        refuse(given, word, LATTICE, "it goes through no transducer's lattice");
    }

    /** Refuses what an exact training can't have, by the options that ask for it. */
    private void requireExact(Method method) {
        if (!exact || method.isExact()) {
            return;
        }
        boolean full = method.band() instanceof FullBand;
        String option = full ? "--occupancy-floor" : "--band";
        Object named = full ? occupancyFloor : band;
        throw new IllegalArgumentException(
                (full ? "--exact wants no occupancy floor, got " : "--exact wants the whole lattice, band full, got ")
                        + (named == null ? "--loss " + loss : option + " " + named));
    }

    /** With the CTC loss that an option of its own adds. */
    private Method added(Method named) {
        Double scale = ctcScale;
        if (scale == null) {
            return named;
        }
        if (!(scale >= 0) || Double.isInfinite(scale)) {
            throw new IllegalArgumentException("the CTC scale must be 0 or more and finite, got " + scale);
        }
        double said = named.losses().stream()
                .filter(term -> term.name().equals(Method.CTC))
                .mapToDouble(Method.Term::weight)
                .sum();
        if (said != 0 && said != scale) {
            throw new IllegalArgumentException(
                    "--ctc-scale " + scale + " contradicts --loss " + loss + ", whose CTC loss has weight " + said);
        }
        if (said != 0 || scale == 0) {
            return named;
        }
        List<Method.Term> losses = new ArrayList<>(named.losses());
        losses.add(new Method.Term(Method.CTC, "", scale));
        return new Method(losses, named.band(), named.schedule(), named.occupancyFloor());
    }

    private ObjectiveOptions options(Method method) {
        return new ObjectiveOptions(
                method,
                MemoryBudget.parse(memoryBudget),
                fastEmit,
                delayPenalty,
                hat,
                clamp,
                new AlignedOptions(ctm),
                new PrunedOptions(
                        TrainFlags.constant(WindowRule.class, rule, "window rule: paths or edges"),
                        warmSteps,
                        simpleScale,
                        lmOnlyScale,
                        amOnlyScale));
    }
}
