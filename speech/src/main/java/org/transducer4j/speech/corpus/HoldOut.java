package org.transducer4j.speech.corpus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.Seeds;
import org.transducer4j.speech.WhiteSpace;
import org.transducer4j.speech.internal.Require;

/** Which utterances of a manifest are held out for validation. */
public sealed interface HoldOut {
    /** Where a take's number stands in an id, unless said otherwise: at its end, as in {@code 0_george_5}. */
    String TAKE_PATTERN = "(\\d+)$";

    /**
     * Makes the choice.
     *
     * @param entries all of a manifest
     * @return for each whether it is held out
     * @throws BadInputException if the manifest doesn't say what is needed
     */
    boolean[] choose(List<CorpusUtterance> entries);

    /**
     * All utterances of some speakers.
     *
     * @param names at least one
     */
    record Speakers(Set<String> names) implements HoldOut {
        /** Checks that there are some. */
        public Speakers {
            names = Set.copyOf(names);
            Require.that(!names.isEmpty(), "no speakers to hold out");
        }

        @Override
        public boolean[] choose(List<CorpusUtterance> entries) {
            Set<String> there = new TreeSet<>();
            boolean[] held = new boolean[entries.size()];
            for (int i = 0; i < held.length; i++) {
                CorpusUtterance entry = entries.get(i);
                String speaker = entry.speaker();
                if (speaker == null) {
                    throw new BadInputException(entry.where() + ": has no \"speaker\"");
                }
                there.add(speaker);
                held[i] = names.contains(speaker);
            }
            for (String name : new TreeSet<>(names)) {
                if (!there.contains(name)) {
                    throw new BadInputException(entries.getFirst().origin().file() + ": no utterance of speaker \""
                            + name + "\"; it has " + String.join(", ", there));
                }
            }
            return held;
        }
    }

    /**
     * Takes, by the number in an utterance's id.
     *
     * @param ranges numbers held out
     * @param pattern its first group is the number
     */
    record Takes(List<Range> ranges, Pattern pattern) implements HoldOut {
        /**
         * Numbers from first to last, both included.
         *
         * @param first the first
         * @param last the last
         */
        public record Range(long first, long last) {}

        /** Checks the pattern. */
        public Takes {
            ranges = List.copyOf(ranges);
            Require.that(!ranges.isEmpty(), "no takes to hold out");
            Require.that(
                    pattern.matcher("").groupCount() >= 1,
                    "take pattern \"%s\" needs a group around the number",
                    pattern);
        }

        /**
         * @param ranges such as {@code 0-9} or {@code 3,7,20-29}
         * @param pattern its first group is the number; {@link HoldOut#TAKE_PATTERN} is the usual one
         * @return the rule
         */
        public static Takes parse(String ranges, String pattern) {
            List<Range> list = new ArrayList<>();
            Pattern form = Pattern.compile("(\\d{1,18})(?:-(\\d{1,18}))?");
            for (String part : ranges.strip().split("\\s*,\\s*")) {
                Matcher matcher = form.matcher(part);
                Require.that(matcher.matches(), "takes must look like 0-9 or 3,7,20-29, got \"%s\"", ranges);
                long first = Long.parseLong(matcher.group(1));
                long last = matcher.group(2) == null ? first : Long.parseLong(matcher.group(2));
                Require.that(first <= last, "takes %d-%d run backwards", first, last);
                list.add(new Range(first, last));
            }
            try {
                return new Takes(list, Pattern.compile(pattern));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "take pattern \"" + pattern + "\" isn't a regular expression: " + e.getDescription(), e);
            }
        }

        @Override
        public boolean[] choose(List<CorpusUtterance> entries) {
            boolean[] held = new boolean[entries.size()];
            for (int i = 0; i < held.length; i++) {
                CorpusUtterance entry = entries.get(i);
                Matcher matcher = pattern.matcher(entry.id());
                String number = matcher.find() ? matcher.group(1) : null;
                if (number == null || !number.matches("\\d{1,18}")) {
                    throw new BadInputException(entry.where() + ": id \"" + entry.id() + "\" has no take number where "
                            + pattern + " looks");
                }
                long take = Long.parseLong(number);
                held[i] = ranges.stream().anyMatch(range -> range.first() <= take && take <= range.last());
            }
            return held;
        }
    }

    /**
     * A random share of the utterances. What is held out holds no character, and where there are few words no word, that the others don't
     * have: a model couldn't be trained for it. Where chance says otherwise the next utterance is taken instead, as long as there is one.
     *
     * @param share in (0, 1)
     * @param seed of the choice
     */
    record Fraction(double share, long seed) implements HoldOut {
        /** Up to so many different words a training takes words for its tokens, unless told otherwise. */
        private static final int FEW_WORDS = 100;

        /** Checks the share. */
        public Fraction {
            Require.that(share > 0 && share < 1, "fraction must be in (0, 1), got %s", share);
        }

        @Override
        public boolean[] choose(List<CorpusUtterance> entries) {
            int[] order = new int[entries.size()];
            var random = Seeds.generator(seed, "split", 0, 0);
            for (int i = 0; i < order.length; i++) {
                int j = random.nextInt(i + 1);
                order[i] = order[j];
                order[j] = i;
            }
            long count = Math.round(share * order.length);
            List<Set<String>> units = units(entries);
            Map<String, Integer> left = new HashMap<>();
            units.forEach(all -> all.forEach(unit -> left.merge(unit, 1, Integer::sum)));
            boolean[] held = new boolean[order.length];
            List<Integer> needed = new ArrayList<>();
            long done = 0;
            for (int i = 0; i < order.length && done < count; i++) {
                Set<String> own = units.get(order[i]);
                if (own.stream().allMatch(unit -> left.getOrDefault(unit, 0) > 1)) {
                    own.forEach(unit -> left.merge(unit, -1, Integer::sum));
                    held[order[i]] = true;
                    done++;
                } else {
                    needed.add(order[i]);
                }
            }
            for (int i = 0; done < count; i++, done++) {
                held[needed.get(i)] = true;
            }
            return held;
        }

        /** What each utterance needs tokens for. */
        private static List<Set<String>> units(List<CorpusUtterance> entries) {
            List<List<String>> words = entries.stream()
                    .map(entry -> WhiteSpace.words(entry.text()))
                    .toList();
            boolean few = words.stream()
                            .flatMap(List::stream)
                            .distinct()
                            .limit(FEW_WORDS + 1)
                            .count()
                    <= FEW_WORDS;
            return words.stream()
                    .map(own -> {
                        Set<String> units = new HashSet<>();
                        for (String word : own) {
                            word.codePoints().mapToObj(Character::toString).forEach(units::add);
                            if (few) {
                                units.add(word);
                            }
                        }
                        return units;
                    })
                    .toList();
        }
    }
}
