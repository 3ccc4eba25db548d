package org.transducer4j.loss.method;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A way to train: what is summed over, which nodes exist, how many are in flight at once, and what the backward pass leaves out.
 * This is the one table of methods; training, measurements, plans and checkpoints read it.
 *
 * <p>Its text is {@code LOSS[/BAND[/SCHEDULE]][+floor[:X]]}, for example {@code transducer+0.2*ctc/pruned:5/packed}, or
 * {@code transducer/full/tiled+floor:0.001}. A single word names a usual combination: that of a schedule ({@code tiled},
 * {@code sample-wise}, {@code packed}, {@code batched}, {@code split:4}) is the transducer loss over all nodes in that schedule, that
 * of a band ({@code aligned}, {@code pruned:7}) is the transducer loss over it in tiles; a word may be the first of a sum
 * ({@code pruned+0.2*ctc}).
 *
 * <p>Bands are found as services ({@link BandRule}). Names of losses are open: who computes them knows which there are, and says
 * so when a text is read, or by {@link #requireLosses}.
 *
 * @param losses what is added up, at least one
 * @param band which nodes exist
 * @param schedule how many nodes are in flight
 * @param occupancyFloor nodes whose posterior isn't above it are left out of the backward pass; 0 for none
 */
public record Method(List<Term> losses, BandRule band, Schedule schedule, double occupancyFloor) {
    /** The loss that sums over all alignments of a transducer's lattice. */
    public static final String TRANSDUCER = "transducer";

    /** The loss of Graves et al. 2006 on an output layer of the encoder's own. */
    public static final String CTC = "ctc";

    /** The floor that {@code +floor} means where nothing else is said: below float32's rounding on every measured lattice. */
    public static final double USUAL_FLOOR = 1e-6;

    /** How a method is written, for help and messages. */
    public static final String SYNTAX = "LOSS[/BAND[/SCHEDULE]][+floor[:X]]";

    static final String NAME = "[a-z][a-z0-9_-]*";
    static final String ARGUMENTS = "[^+*/\\s]+";
    static final String FLOOR = "floor";

    /**
     * A loss with its weight.
     *
     * @param name a lower-case word of letters, digits and hyphens; none that stands for a combination
     * @param arguments what stands behind the colon, without blanks, +, * and /; empty where nothing does
     * @param weight factor, above 0 and finite
     */
    public record Term(String name, String arguments, double weight) {
        /**
         * Checks that its text can be read back.
         *
         * @throws IllegalArgumentException if name or arguments can't, or the weight isn't positive and finite
         */
        public Term {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(arguments, "arguments");
            if (!name.matches(NAME)) {
                throw new IllegalArgumentException(
                        "a loss's name is a lower-case word of letters, digits and hyphens, not \"" + name + "\"");
            }
            if (name.equals(FLOOR) || MethodText.combinationNames().contains(name)) {
                throw new IllegalArgumentException(
                        "\"" + name + "\" is no loss of its own: it says how a loss is computed");
            }
            if (!arguments.isEmpty() && !arguments.matches(ARGUMENTS)) {
                throw new IllegalArgumentException(
                        "arguments of the loss " + name + " have no blank, +, * or /, got \"" + arguments + "\"");
            }
            if (!(weight > 0) || Double.isInfinite(weight)) {
                throw new IllegalArgumentException(
                        "the weight of the loss " + name + " must be above 0 and finite, not " + weight);
            }
        }

        /**
         * What {@link Method#parse(String)} reads.
         *
         * @return for example 0.2*ctc
         */
        public String word() {
            return (weight == 1 ? "" : weight + "*") + name + (arguments.isEmpty() ? "" : ":" + arguments);
        }
    }

    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if they don't, naming them
     */
    public Method {
        losses = List.copyOf(losses);
        Objects.requireNonNull(band, "band");
        Objects.requireNonNull(schedule, "schedule");
        if (losses.isEmpty()) {
            throw new IllegalArgumentException("a method needs one loss or more");
        }
        Problems problems = new Problems();
        findProblems(losses, band, schedule, occupancyFloor, problems);
        problems.check();
        occupancyFloor += 0.0; // no negative zero, which isn't equal to the other
    }

    static void findProblems(
            List<Term> losses, BandRule band, Schedule schedule, double occupancyFloor, Problems problems) {
        Set<String> names = new HashSet<>();
        Set<String> twice = new HashSet<>();
        for (Term term : losses) {
            if (!names.add(term.name()) && twice.add(term.name())) {
                problems.add("the loss " + term.name() + " is named twice: its weights add up in one");
            }
        }
        if (!losses.isEmpty() && losses.getFirst().weight() != 1) {
            problems.add("the first loss has weight 1, others are weighed against it; got "
                    + losses.getFirst().word());
        }
        boolean ctcOnly = names.equals(Set.of(CTC));
        if (ctcOnly && !(band instanceof FullBand)) {
            problems.add(
                    "the loss ctc has no lattice of label positions to restrict: want band full, got " + band.word());
        }
        if (ctcOnly && !(schedule instanceof Schedule.Tiled)) {
            problems.add("the loss ctc goes utterance by utterance: it has no schedule, got " + schedule.word());
        }
        if (!(occupancyFloor >= 0 && occupancyFloor < 1)) {
            problems.add("the occupancy floor must be in [0, 1), not " + occupancyFloor);
        } else if (ctcOnly && occupancyFloor > 0) {
            problems.add("the loss ctc leaves no nodes out: want no occupancy floor, got " + occupancyFloor);
        }
    }

    /**
     * The exact transducer loss in tiles.
     *
     * @return the method that the library takes where nothing is said
     */
    public static Method exact() {
        return new Method(List.of(new Term(TRANSDUCER, "", 1)), new FullBand(), new Schedule.Tiled(), 0);
    }

    /**
     * Reads a method; {@code +floor} means {@link #USUAL_FLOOR}.
     *
     * @param text LOSS[/BAND[/SCHEDULE]][+floor[:X]], or a word for a usual combination
     * @return the method
     * @throws IllegalArgumentException if it is none, with all that is wrong and what there is
     */
    public static Method parse(String text) {
        return parse(text, USUAL_FLOOR);
    }

    /**
     * Reads a method.
     *
     * @param text LOSS[/BAND[/SCHEDULE]][+floor[:X]], or a word for a usual combination
     * @param floor what {@code +floor} without a number means
     * @return the method
     * @throws IllegalArgumentException if it is none, with all that is wrong and what there is
     */
    public static Method parse(String text, double floor) {
        return parse(text, floor, null);
    }

    /**
     * Reads a method of which the losses are known.
     *
     * @param text LOSS[/BAND[/SCHEDULE]][+floor[:X]], or a word for a usual combination
     * @param floor what {@code +floor} without a number means
     * @param known names of the losses that there are, or null not to ask
     * @return the method
     * @throws IllegalArgumentException if it is none, with all that is wrong and what there is
     */
    public static Method parse(String text, double floor, @Nullable Collection<String> known) {
        boolean bare = text.endsWith("+" + FLOOR);
        return MethodText.read(text, null, null, bare ? (Double) floor : null, known);
    }

    /**
     * Reads a method from its parts, as the options of a command line give them.
     *
     * @param loss losses with their weights, or any text that {@link #parse(String)} reads; null for the transducer's
     * @param band the band, or null for what the loss's text says, else the full one
     * @param schedule the schedule, or null for what the loss's text says, else tiles
     * @param occupancyFloor the floor, or null for what the loss's text says, else none
     * @return the method
     * @throws IllegalArgumentException if parts are unknown or don't go together, or a text for the loss says another band, schedule
     *     or floor; with all that is wrong
     */
    public static Method of(
            @Nullable String loss, @Nullable String band, @Nullable String schedule, @Nullable Double occupancyFloor) {
        return of(loss, band, schedule, occupancyFloor, null);
    }

    /**
     * The same where the losses are known.
     *
     * @param loss losses with their weights, or any text that {@link #parse(String)} reads; null for the transducer's
     * @param band the band, or null for what the loss's text says, else the full one
     * @param schedule the schedule, or null for what the loss's text says, else tiles
     * @param occupancyFloor the floor, or null for what the loss's text says, else none
     * @param known names of the losses that there are, or null not to ask
     * @return the method
     * @throws IllegalArgumentException if parts are unknown or don't go together, or a text for the loss says another band, schedule
     *     or floor; with all that is wrong
     */
    public static Method of(
            @Nullable String loss,
            @Nullable String band,
            @Nullable String schedule,
            @Nullable Double occupancyFloor,
            @Nullable Collection<String> known) {
        return MethodText.read(loss == null ? TRANSDUCER : loss, band, schedule, occupancyFloor, known);
    }

    /**
     * The words for usual combinations, as they are written, in the order of what they hold.
     *
     * @return for example batched, split:N, ..., pruned[:S]
     */
    public static List<String> combinations() {
        return MethodText.combinations();
    }

    /**
     * How losses are written.
     *
     * @return a line for help and messages
     */
    public static String usage() {
        return "NAME[:ARGUMENTS][+WEIGHT*NAME...], for example transducer+0.2*ctc, or a word for a usual combination: "
                + String.join(", ", combinations());
    }

    /**
     * Refuses losses that nobody computes.
     *
     * @param known names of those that there are
     * @throws IllegalArgumentException if some aren't among them
     */
    public void requireLosses(Collection<String> known) {
        Problems problems = new Problems();
        findUnknown(losses, known, problems);
        problems.check();
    }

    static void findUnknown(List<Term> losses, Collection<String> known, Problems problems) {
        List<String> unknown = losses.stream()
                .map(Term::name)
                .filter(name -> !known.contains(name))
                .distinct()
                .toList();
        if (!unknown.isEmpty()) {
            problems.add("there is no loss \"" + String.join("\", \"", unknown) + "\"; there are: "
                    + String.join(", ", known) + "; and words for usual combinations: "
                    + String.join(", ", combinations()));
        }
    }

    /**
     * The losses with their weights.
     *
     * @return what {@code --loss} reads, for example transducer+0.2*ctc
     */
    public String lossWord() {
        return losses.stream().map(Term::word).collect(Collectors.joining("+"));
    }

    /**
     * The shortest text that {@link #parse(String)} reads back as this method.
     *
     * @return for example tiled, pruned:7, transducer+0.2*ctc/aligned, tiled+floor, packed+floor:0.001
     */
    public String word() {
        return combination()
                + (occupancyFloor == 0 ? "" : "+" + FLOOR)
                + (occupancyFloor == 0 || occupancyFloor == USUAL_FLOOR ? "" : ":" + occupancyFloor);
    }

    private String combination() {
        boolean tiled = schedule instanceof Schedule.Tiled;
        boolean full = band instanceof FullBand;
        if (losses.size() == 1 && losses.getFirst().word().equals(TRANSDUCER) && (tiled || full)) {
            return full ? schedule.word() : band.word();
        }
        String tail = tiled ? "" : "/" + schedule.word();
        return lossWord() + (full && tail.isEmpty() ? "" : "/" + band.word() + tail);
    }

    /**
     * Whether it is the loss over all paths with its whole gradient.
     *
     * @return false where a band or a floor leaves something out
     */
    public boolean isExact() {
        return band instanceof FullBand && occupancyFloor == 0;
    }

    /**
     * With another occupancy floor.
     *
     * @param floor the floor; 0 for none
     * @return the changed method
     */
    public Method withOccupancyFloor(double floor) {
        return new Method(losses, band, schedule, floor);
    }

    @Override
    public String toString() {
        return word();
    }
}
