package org.transducer4j.loss.method;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A way to train: what is summed over, which nodes exist, how many are in flight at once, and what the backward pass leaves out.
 * This is the one table of methods; training, measurements, plans and checkpoints read it.
 *
 * <p>Its text is {@code LOSS[/BAND[/SCHEDULE]][+floor]}, for example {@code transducer+0.2*ctc/pruned:5/packed}. A single word names a usual
 * combination: that of a schedule ({@code tiled}, {@code sample-wise}, {@code packed}, {@code batched}, {@code split:4}) is the transducer loss
 * over all nodes in that schedule, that of a band ({@code aligned}, {@code pruned:7}) is the transducer loss over it in tiles.
 *
 * <p>Bands are found as services ({@link BandRule}). Names of losses are open: who computes them knows which there are and
 * says so by {@link #requireLosses}.
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

    private static final String FLOOR = "+floor";
    private static final Pattern TERM =
            Pattern.compile("(?:([0-9.eE+-]+)\\*)?([a-z][a-z0-9-]*)(?::([^+*/]+))?", Pattern.CASE_INSENSITIVE);

    /**
     * A loss with its weight.
     *
     * @param name one lower-case word
     * @param arguments what stands behind the colon; empty where nothing does
     * @param weight factor, above 0 and finite
     */
    public record Term(String name, String arguments, double weight) {
        /**
         * Checks the weight.
         *
         * @throws IllegalArgumentException if it isn't positive and finite
         */
        public Term {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(arguments, "arguments");
            if (!(weight > 0) || Double.isInfinite(weight)) {
                throw new IllegalArgumentException(
                        "the weight of the loss " + name + " must be above 0 and finite, not " + weight);
            }
        }

        /**
         * What {@link Method#parse} reads.
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
        Set<String> names = new HashSet<>();
        for (Term term : losses) {
            if (!names.add(term.name())) {
                throw new IllegalArgumentException(
                        "the loss " + term.name() + " is named twice: its weights add up in one");
            }
        }
        if (losses.getFirst().weight() != 1) {
            throw new IllegalArgumentException("the first loss has weight 1, others are weighed against it; got "
                    + losses.getFirst().word());
        }
        boolean ctcOnly = losses.size() == 1 && names.contains(CTC);
        if (ctcOnly && !(band instanceof FullBand)) {
            throw new IllegalArgumentException(
                    "the loss ctc has no lattice of label positions to restrict: want band full, got " + band.word());
        }
        if (ctcOnly && !(schedule instanceof Schedule.Tiled)) {
            throw new IllegalArgumentException(
                    "the loss ctc goes utterance by utterance: it has no schedule, got " + schedule.word());
        }
        if (!(occupancyFloor >= 0 && occupancyFloor < 1)) {
            throw new IllegalArgumentException("the occupancy floor must be in [0, 1), not " + occupancyFloor);
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
     * Reads a method.
     *
     * @param text LOSS[/BAND[/SCHEDULE]][+floor], or a word for a usual combination
     * @param floor what {@code +floor} means
     * @return the method
     * @throws IllegalArgumentException if it is none, with what there is
     */
    public static Method parse(String text, double floor) {
        boolean floored = text.endsWith(FLOOR);
        String[] parts = (floored ? text.substring(0, text.length() - FLOOR.length()) : text).split("/", -1);
        if (parts.length > 3) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no method: want LOSS[/BAND[/SCHEDULE]], got " + parts.length + " parts");
        }
        return of(
                parts[0], parts.length > 1 ? parts[1] : null, parts.length > 2 ? parts[2] : null, floored ? floor : 0);
    }

    /**
     * Reads a method from its parts, as the options of a command line give them.
     *
     * @param loss losses with their weights, or a word for a usual combination
     * @param band the band, or null for what the word says, else the full one
     * @param schedule the schedule, or null for what the word says, else tiles
     * @param occupancyFloor the floor; 0 for none
     * @return the method
     * @throws IllegalArgumentException if a part is unknown, or the word for the loss says another band or schedule
     */
    public static Method of(String loss, @Nullable String band, @Nullable String schedule, double occupancyFloor) {
        String wordBand = bandNames().contains(name(loss)) ? loss : null;
        String wordSchedule = isSchedule(loss) ? loss : null;
        return new Method(
                wordBand == null && wordSchedule == null ? terms(loss) : List.of(new Term(TRANSDUCER, "", 1)),
                band(one("band", loss, wordBand, band, "full")),
                Schedule.parse(one("schedule", loss, wordSchedule, schedule, "tiled")),
                occupancyFloor);
    }

    /** What is said by a word for a combination or by an option; not both, unless they say the same. */
    private static String one(String part, String word, @Nullable String byWord, @Nullable String said, String usual) {
        if (byWord != null && said != null && !byWord.equals(said)) {
            throw new IllegalArgumentException("the loss \"" + word + "\" means " + part + " " + byWord + ", but the "
                    + part + " named is " + said);
        }
        return said != null ? said : byWord != null ? byWord : usual;
    }

    private static String name(String word) {
        return word.contains(":") ? word.substring(0, word.indexOf(':')) : word;
    }

    private static boolean isSchedule(String word) {
        return Set.of("batched", "split", "packed", "sample-wise", "tiled").contains(name(word));
    }

    private static List<Term> terms(String loss) {
        List<Term> terms = new ArrayList<>();
        // A plus between terms, not that of an exponent.
        for (String part : loss.split("(?<![0-9][eE])\\+", -1)) {
            Matcher matcher = TERM.matcher(part.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException("\"" + loss + "\" is no loss: want " + usage());
            }
            String arguments = matcher.group(3) == null ? "" : matcher.group(3);
            terms.add(new Term(matcher.group(2).toLowerCase(Locale.ROOT), arguments, weight(loss, matcher.group(1))));
        }
        return terms;
    }

    private static double weight(String loss, @Nullable String text) {
        try {
            return text == null ? 1 : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + loss + "\": \"" + text + "\" is no weight of a loss", e);
        }
    }

    /**
     * The bands that there are.
     *
     * @return as their bare names mean them
     */
    public static List<BandRule> bands() {
        List<BandRule> bands = new ArrayList<>();
        ServiceLoader.load(BandRule.class).forEach(bands::add);
        return bands;
    }

    private static Set<String> bandNames() {
        // "full" alone is no word for a loss.
        return bands().stream()
                .map(BandRule::name)
                .filter(n -> !n.equals("full"))
                .collect(Collectors.toSet());
    }

    /**
     * Reads a band.
     *
     * @param word full, aligned[:...], pruned[:S] or that of a registered rule
     * @return the rule
     * @throws IllegalArgumentException if there is none of that name, or it doesn't take these arguments
     */
    public static BandRule band(String word) {
        List<BandRule> bands = bands();
        String name = name(word);
        BandRule rule = bands.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no band \"" + word + "\"; there are: "
                        + bands.stream().map(BandRule::usage).collect(Collectors.joining(", "))));
        return word.equals(name) ? rule : rule.with(word.substring(name.length() + 1));
    }

    /**
     * How losses are written.
     *
     * @return a line for help and messages
     */
    public static String usage() {
        return "NAME[:ARGUMENTS][+WEIGHT*NAME...], for example transducer+0.2*ctc, or a word for a usual combination: "
                + "tiled, sample-wise, packed, batched, split:N, "
                + bands().stream()
                        .filter(band -> !(band instanceof FullBand))
                        .map(BandRule::usage)
                        .collect(Collectors.joining(", "))
                + ", ctc";
    }

    /**
     * Refuses losses that nobody computes.
     *
     * @param known names of those that there are
     * @throws IllegalArgumentException if one isn't among them
     */
    public void requireLosses(Collection<String> known) {
        for (Term term : losses) {
            if (!known.contains(term.name())) {
                throw new IllegalArgumentException("there is no loss \"" + term.name() + "\"; there are: "
                        + String.join(", ", known) + "; and words for usual combinations: tiled, sample-wise, packed,"
                        + " batched, split:N, aligned, pruned");
            }
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
     * The shortest text that {@link #parse} reads back as this method, a floor of {@link #USUAL_FLOOR} or none given.
     *
     * @return for example tiled, pruned:7, transducer+0.2*ctc/aligned, tiled+floor
     */
    public String word() {
        return combination() + (occupancyFloor > 0 ? FLOOR : "");
    }

    private String combination() {
        boolean tiled = schedule instanceof Schedule.Tiled;
        boolean full = band instanceof FullBand;
        if (losses.equals(exact().losses()) && (tiled || full)) {
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
