package org.transducer4j.loss.method;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.method.Method.Term;

/** Reads methods. Whatever is wrong with the parts of a text is said at once. */
final class MethodText {
    /** [WEIGHT*]NAME[:ARGUMENTS]. */
    private static final Pattern TERM =
            Pattern.compile("(?:([^*\\s]+)\\s*\\*\\s*)?(" + Method.NAME + ")(?::(" + Method.ARGUMENTS + "))?");

    /** Between terms; not that of a weight's exponent. */
    private static final String PLUS = "(?<![0-9][eE])\\+|\\+(?![0-9]+\\*)";

    private static final Pattern FLOOR = Pattern.compile("(.*)\\+" + Method.FLOOR + "(?::(.*))?");

    private final Problems problems = new Problems();
    private final String text;
    private final @Nullable Double floorGiven;
    private List<Term> losses = List.of();

    private @Nullable BandRule band;
    private @Nullable Schedule schedule;
    private @Nullable Double floor;

    private MethodText(String text, @Nullable Double floorGiven) {
        this.text = text;
        this.floorGiven = floorGiven;
    }

    static Method read(
            String text,
            @Nullable String band,
            @Nullable String schedule,
            @Nullable Double occupancyFloor,
            @Nullable Collection<String> known) {
        MethodText reading = new MethodText(text, occupancyFloor);
        reading.word();
        reading.band(band);
        reading.schedule(schedule);
        return reading.method(known);
    }

    /** Words that stand for the transducer loss over a band or in a schedule, as they are written. */
    static List<String> combinations() {
        return Stream.concat(
                        Schedule.USAGE.stream(),
                        BandRule.all().stream()
                                .filter(rule -> !(rule instanceof FullBand))
                                .map(BandRule::usage))
                .toList();
    }

    /** The names of these words, without arguments. */
    static Set<String> combinationNames() {
        return Stream.concat(
                        Schedule.USAGE.stream().map(MethodText::name),
                        BandRule.all().stream().map(BandRule::name).filter(name -> !name.equals("full")))
                .collect(Collectors.toSet());
    }

    static String name(String word) {
        int colon = word.indexOf(':');
        return colon < 0 ? word : word.substring(0, colon);
    }

    /** LOSS[/BAND[/SCHEDULE]][+floor[:X]]. */
    private void word() {
        Matcher floored = FLOOR.matcher(text);
        String rest = text;
        if (floored.matches()) {
            rest = floored.group(1);
            String value = floored.group(2);
            floor = value == null ? floorGiven == null ? (Double) Method.USUAL_FLOOR : floorGiven : number(value);
        }
        String[] parts = rest.split("/", -1);
        if (parts.length > 3) {
            problems.add("\"" + text + "\" is no method: want " + Method.SYNTAX + ", got " + parts.length + " parts");
            return;
        }
        losses(parts[0]);
        band(parts.length > 1 ? parts[1] : null);
        schedule(parts.length > 2 ? parts[2] : null);
    }

    private void losses(String loss) {
        String[] parts = loss.split(PLUS, -1);
        List<Term> terms = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i].strip();
            if (i == 0 && combinationNames().contains(name(part))) {
                terms.add(new Term(Method.TRANSDUCER, "", 1));
                if (Schedule.USAGE.stream().map(MethodText::name).anyMatch(name(part)::equals)) {
                    schedule(part);
                } else {
                    band(part);
                }
            } else {
                Term term = problems.tried(() -> term(loss, part));
                if (term != null) {
                    terms.add(term);
                }
            }
        }
        losses = terms;
    }

    private static Term term(String loss, String part) {
        Matcher matcher = TERM.matcher(part);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + loss + "\" is no loss: want " + Method.usage());
        }
        String weight = matcher.group(1);
        String arguments = matcher.group(3);
        return new Term(
                matcher.group(2), arguments == null ? "" : arguments, weight == null ? 1 : weight(loss, weight));
    }

    private static double weight(String loss, String weight) {
        try {
            return Double.parseDouble(weight);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "\"" + loss + "\" is no loss: \"" + weight + "\" is no number, want " + Method.usage(), e);
        }
    }

    private @Nullable Double number(String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            problems.add("\"" + text + "\": the occupancy floor is no number, but \"" + value + "\"");
            return null;
        }
    }

    private void band(@Nullable String word) {
        BandRule said = word == null ? null : problems.tried(() -> BandRule.parse(word));
        if (said == null) {
            return;
        }
        if (band != null && !band.equals(said)) {
            contradict("band", band.word(), said.word());
        }
        band = said;
    }

    private void schedule(@Nullable String word) {
        Schedule said = word == null ? null : problems.tried(() -> Schedule.parse(word));
        if (said == null) {
            return;
        }
        if (schedule != null && !schedule.equals(said)) {
            contradict("schedule", schedule.word(), said.word());
        }
        schedule = said;
    }

    private void contradict(String part, String byWord, String said) {
        problems.add(
                "the loss \"" + text + "\" means " + part + " " + byWord + ", but the " + part + " named is " + said);
    }

    private Method method(@Nullable Collection<String> known) {
        if (floor != null && floorGiven != null && !floor.equals(floorGiven)) {
            problems.add("the loss \"" + text + "\" means occupancy floor " + floor + ", but the one named is "
                    + floorGiven);
        }
        Double named = floor == null ? floorGiven : floor;
        double occupancyFloor = named == null ? 0 : named;
        BandRule rule = band == null ? new FullBand() : band;
        Schedule cut = schedule == null ? new Schedule.Tiled() : schedule;
        Method.findProblems(losses, rule, cut, occupancyFloor, problems);
        if (known != null) {
            Method.findUnknown(losses, known, problems);
        }
        problems.check();
        return new Method(losses, rule, cut, occupancyFloor);
    }
}
