package org.transducer4j.speech.token;

import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.CodePoints;
import org.transducer4j.speech.corpus.CorpusUtterance;

/**
 * What the transcripts of a corpus hold and a tokenizer has no token for.
 *
 * @param units each with the number of times that it is said; the most frequent first, then by code points
 * @param utterances those that hold one, in their order
 * @param otherForms of these, how many could be written in another of Unicode's normal forms
 */
public record Missing(List<Unit> units, List<CorpusUtterance> utterances, int otherForms) {
    /** Units that a message lists. */
    private static final int LISTED = 100;

    /**
     * A word or a character, whatever the tokenizer has tokens for.
     *
     * @param text how it is written
     * @param count how often it is said
     */
    public record Unit(String text, long count) {}

    /** Copies the lists. */
    public Missing {
        units = List.copyOf(units);
        utterances = List.copyOf(utterances);
    }

    /**
     * Looks through transcripts.
     *
     * @param corpus utterances with transcripts
     * @param tokens what they are to be written in
     * @return what is missing; nothing where all can be written, or the tokenizer doesn't say ({@link Tokenizer#missing})
     */
    public static Missing of(Collection<CorpusUtterance> corpus, Tokenizer tokens) {
        Map<String, Long> counts = new HashMap<>();
        List<CorpusUtterance> holding = corpus.stream()
                .filter(utterance -> {
                    List<String> missing = tokens.missing(utterance.text());
                    missing.forEach(unit -> counts.merge(unit, 1L, Long::sum));
                    return !missing.isEmpty();
                })
                .toList();
        List<Unit> units = counts.entrySet().stream()
                .map(entry -> new Unit(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Unit::count).reversed().thenComparing(Unit::text))
                .toList();
        long forms = holding.stream()
                .filter(utterance -> otherForm(utterance.text(), tokens) != null)
                .count();
        return new Missing(units, holding, (int) forms);
    }

    /**
     * A normal form in which a transcript can be written in tokens, where it can't as it is: then nothing but Unicode's normalisation is between
     * them.
     *
     * @param text a transcript
     * @param tokens what it is to be written in
     * @return NFC or else NFD; null if the transcript can be written as it is, or in neither
     */
    public static Normalizer.@Nullable Form otherForm(String text, Tokenizer tokens) {
        if (isWritable(text, tokens)) {
            return null;
        }
        for (Normalizer.Form form : List.of(Normalizer.Form.NFC, Normalizer.Form.NFD)) {
            if (!Normalizer.isNormalized(text, form) && isWritable(Normalizer.normalize(text, form), tokens)) {
                return form;
            }
        }
        return null;
    }

    private static boolean isWritable(String text, Tokenizer tokens) {
        try {
            tokens.encode(text);
            return true;
        } catch (BadInputException e) {
            return false;
        }
    }

    /**
     * Whether nothing is missing.
     *
     * @return whether all transcripts can be written
     */
    public boolean isEmpty() {
        return units.isEmpty();
    }

    /**
     * How much is missing, and what.
     *
     * @return such as {@code 2 that aren't among the tokens, said 4 times in 3 utterances: "a" 3 times, "b" once}
     */
    public String list() {
        long said = units.stream().mapToLong(Unit::count).sum();
        String shown = units.stream()
                .limit(LISTED)
                .map(unit -> CodePoints.quoted(unit.text()) + " " + times(unit.count()))
                .collect(Collectors.joining(", "));
        return units.size() + (units.size() == 1 ? " that isn't" : " that aren't") + " among the tokens, said "
                + times(said) + " in " + utterances.size() + (utterances.size() == 1 ? " utterance: " : " utterances: ")
                + shown + (units.size() > LISTED ? ", and " + (units.size() - LISTED) + " more" : "");
    }

    private static String times(long count) {
        return count == 1 ? "once" : count + " times";
    }

    /**
     * What to do about normalisation, where that is the trouble.
     *
     * @return a sentence with a space in front, or nothing
     */
    public String normalisation() {
        if (otherForms == 0) {
            return "";
        }
        return ". " + (otherForms == utterances.size() ? "All" : otherForms + " of the " + utterances.size())
                + " differ from the tokens by Unicode normalisation only: bring all manifests to NFC (uconv -x any-nfc)";
    }

    /**
     * The refusal.
     *
     * @param corpus the manifest, which the message names
     * @param first what the tokenizer said about the first of these transcripts, with its line
     * @param advice what to do, without a full stop
     * @return an exception whose message lists everything
     */
    public BadInputException refusal(Path corpus, BadInputException first, String advice) {
        return new BadInputException(
                first.getMessage() + "; in all " + corpus + " has " + list() + normalisation() + ". " + advice, first);
    }
}
