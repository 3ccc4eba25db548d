package org.transducer4j.asr.score;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.BadInputException;

/**
 * The three files of a test set in icefall's form: {@code recogs-NAME.txt} with references and hypotheses,
 * {@code errs-NAME.txt} with alignments and counts, {@code wer-summary-NAME.txt}.
 */
public final class ScoreFiles {
    private static final String NOTHING = "*";

    private ScoreFiles() {}

    /** Counts of a word, as icefall's PER-WORD STATS needs them. */
    private static final class Counts {
        private int correct;
        private int substituted;
        private int substitute;
        private int inserted;
        private int deleted;

        private int errors() {
            return substituted + substitute + inserted + deleted;
        }
    }

    /**
     * Writes the files.
     *
     * @param folder where to; it must exist
     * @param name of the test set
     * @param method how it was decoded, such as greedy_search
     * @param utterances what to score
     * @return the errors of all
     * @throws BadInputException if a file can't be written
     */
    public static WordErrors write(Path folder, String name, String method, List<ScoredUtterance> utterances) {
        List<ScoredUtterance> sorted = new ArrayList<>(utterances);
        sorted.sort(Comparator.comparing(ScoredUtterance::id));
        WordErrors total = WordErrors.NONE;
        StringBuilder recogs = new StringBuilder();
        for (ScoredUtterance utterance : sorted) {
            total = total.plus(WordErrors.of(utterance.reference(), utterance.hypothesis()));
            recogs.append(utterance.id()).append(":\tref=").append(quoted(utterance.reference()));
            recogs.append('\n').append(utterance.id()).append(":\thyp=");
            recogs.append(quoted(utterance.hypothesis())).append('\n');
        }
        String wer = String.format(Locale.ROOT, "%.2f", total.wer());
        write(folder.resolve("recogs-" + name + ".txt"), recogs.toString());
        write(folder.resolve("errs-" + name + ".txt"), errors(sorted, total));
        write(folder.resolve("wer-summary-" + name + ".txt"), "settings\tWER\n" + method + "\t" + wer + "\n");
        return total;
    }

    /** A list as Python prints it, which icefall's tools read back. */
    private static String quoted(List<String> words) {
        List<String> quoted = new ArrayList<>();
        for (String word : words) {
            String escaped = word.replace("\\", "\\\\");
            quoted.add(
                    word.contains("'") && !word.contains("\"")
                            ? "\"" + escaped + "\""
                            : "'" + escaped.replace("'", "\\'") + "'");
        }
        return "[" + String.join(", ", quoted) + "]";
    }

    private static String errors(List<ScoredUtterance> utterances, WordErrors total) {
        Map<String, Integer> substitutions = new HashMap<>();
        Map<String, Integer> deletions = new HashMap<>();
        Map<String, Integer> insertions = new HashMap<>();
        Map<String, Counts> words = new HashMap<>();
        StringBuilder details = new StringBuilder();
        for (ScoredUtterance utterance : utterances) {
            List<Alignment.Pair> pairs = Alignment.align(utterance.reference(), utterance.hypothesis());
            for (Alignment.Pair pair : pairs) {
                String reference = pair.reference();
                String hypothesis = pair.hypothesis();
                if (pair.correct()) {
                    counts(words, reference).correct++;
                } else if (reference == null) {
                    insertions.merge(String.valueOf(hypothesis), 1, Integer::sum);
                    counts(words, hypothesis).inserted++;
                } else if (hypothesis == null) {
                    deletions.merge(reference, 1, Integer::sum);
                    counts(words, reference).deleted++;
                } else {
                    substitutions.merge(reference + " -> " + hypothesis, 1, Integer::sum);
                    counts(words, reference).substituted++;
                    counts(words, hypothesis).substitute++;
                }
            }
            details.append(utterance.id()).append(":\t").append(detail(pairs)).append('\n');
        }
        StringBuilder out = new StringBuilder();
        out.append(String.format(Locale.ROOT, "%%WER = %.2f\n", total.wer()));
        out.append("Errors: %d insertions, %d deletions, %d substitutions, over %d reference words (%d correct)\n"
                .formatted(
                        total.insertions(),
                        total.deletions(),
                        total.substitutions(),
                        total.referenceWords(),
                        total.referenceWords() - total.deletions() - total.substitutions()));
        out.append("Search below for sections starting with PER-UTT DETAILS:, SUBSTITUTIONS:, DELETIONS:, INSERTIONS:,"
                + " PER-WORD STATS:\n\n");
        out.append("PER-UTT DETAILS: corr or (ref->hyp)  \n").append(details);
        section(out, "SUBSTITUTIONS: count ref -> hyp", substitutions);
        section(out, "DELETIONS: count ref", deletions);
        section(out, "INSERTIONS: count hyp", insertions);
        out.append("\nPER-WORD STATS: word  corr tot_errs count_in_ref count_in_hyp\n");
        words.entrySet().stream()
                .sorted(Comparator.comparingInt(
                                (Map.Entry<String, Counts> e) -> -e.getValue().errors())
                        .thenComparing(Map.Entry::getKey))
                .forEach(e -> {
                    Counts c = e.getValue();
                    out.append("%s   %d %d %d %d\n"
                            .formatted(
                                    e.getKey(),
                                    c.correct,
                                    c.errors(),
                                    c.correct + c.substituted + c.deleted,
                                    c.correct + c.substitute + c.inserted));
                });
        return out.toString();
    }

    private static Counts counts(Map<String, Counts> words, @Nullable String word) {
        return words.computeIfAbsent(String.valueOf(word), w -> new Counts());
    }

    private static void section(StringBuilder out, String title, Map<String, Integer> counts) {
        out.append('\n').append(title).append('\n');
        counts.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, Integer> e) -> -e.getValue())
                        .thenComparing(Map.Entry::getKey))
                .forEach(e -> out.append(e.getValue())
                        .append("   ")
                        .append(e.getKey())
                        .append('\n'));
    }

    /** Correct words as they are, each run of errors as (reference-&gt;hypothesis). */
    private static String detail(List<Alignment.Pair> pairs) {
        List<String> parts = new ArrayList<>();
        int i = 0;
        while (i < pairs.size()) {
            if (pairs.get(i).correct()) {
                parts.add(String.valueOf(pairs.get(i++).reference()));
                continue;
            }
            List<String> reference = new ArrayList<>();
            List<String> hypothesis = new ArrayList<>();
            while (i < pairs.size() && !pairs.get(i).correct()) {
                Alignment.Pair pair = pairs.get(i++);
                if (pair.reference() != null) {
                    reference.add(pair.reference());
                }
                if (pair.hypothesis() != null) {
                    hypothesis.add(pair.hypothesis());
                }
            }
            parts.add("(" + (reference.isEmpty() ? NOTHING : String.join(" ", reference)) + "->"
                    + (hypothesis.isEmpty() ? NOTHING : String.join(" ", hypothesis)) + ")");
        }
        return String.join(" ", parts);
    }

    private static void write(Path file, String text) {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        try {
            Files.writeString(temporary, text);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw BadInputException.unwritable(file, e);
        }
    }
}
