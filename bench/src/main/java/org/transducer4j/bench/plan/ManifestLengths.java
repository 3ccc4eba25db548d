package org.transducer4j.bench.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.corpus.BucketBatches;
import org.transducer4j.speech.corpus.CorpusReader;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.token.Tokenizer;
import org.transducer4j.speech.token.Tokenizers;

/**
 * The lengths of a manifest's utterances, by line and in the batches of a training's first epoch.
 *
 * @param all utterances
 * @param batches of the epoch
 * @param vocabulary V of the tokens
 */
public record ManifestLengths(List<Lengths> all, List<List<Lengths>> batches, int vocabulary) {
    private static final int BUCKETS = 10;

    /**
     * Reads a manifest; no sound is read.
     *
     * @param manifest with durations and transcripts
     * @param tokens tokens.txt, or the name of a tokenizer, such as {@code word} or {@code char}, for those of the transcripts
     * @param frameSeconds from one encoder frame to the next
     * @param maxDuration of a batch, in seconds
     * @param seed of the batches
     * @return the lengths
     * @throws org.transducer4j.speech.BadInputException if the manifest or the tokens can't be read, naming file and line
     */
    public static ManifestLengths read(
            Path manifest, String tokens, double frameSeconds, double maxDuration, long seed) {
        List<CorpusUtterance> entries = CorpusReader.open(manifest);
        Tokenizer symbols = Tokenizers.choose(tokens, entries);
        List<Timed> all = new ArrayList<>();
        for (CorpusUtterance entry : entries) {
            try {
                int frames = Math.max(1, Lengths.count("frames", entry.duration() / frameSeconds));
                all.add(new Timed(entry.duration(), new Lengths(frames, symbols.encode(entry).length)));
            } catch (IllegalArgumentException e) {
                throw new BadInputException(entry.where() + ": " + e.getMessage(), e);
            }
        }
        List<List<Lengths>> batches = new BucketBatches<>(all, Timed::seconds, maxDuration, BUCKETS, seed)
                .epoch(0).stream().map(ManifestLengths::lengths).toList();
        return new ManifestLengths(lengths(all), batches, symbols.size());
    }

    private record Timed(double seconds, Lengths lengths) {}

    private static List<Lengths> lengths(List<Timed> utterances) {
        return utterances.stream().map(Timed::lengths).toList();
    }

    /**
     * The distributions of T and U and the worst batches.
     *
     * @return lines
     */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("%d utterances, %d symbols, %d batches".formatted(all.size(), vocabulary, batches.size()));
        lines.add("%-22s %8s %8s %8s %8s %8s %8s".formatted("", "least", "median", "90 %", "99 %", "most", "mean"));
        lines.add(distribution("T, encoder frames", Lengths::frames));
        lines.add(distribution("U, labels", Lengths::labels));
        lines.add("the batches with the largest padded lattices:");
        for (List<Lengths> batch : BatchPlan.worst(batches, 5)) {
            int t = batch.stream().mapToInt(Lengths::frames).max().orElseThrow();
            int u = batch.stream().mapToInt(Lengths::labels).max().orElseThrow();
            long padded = batch.size() * new Lengths(t, u).nodes();
            long nodes = batch.stream().mapToLong(Lengths::nodes).sum();
            lines.add(String.format(
                    Locale.ROOT,
                    "  B=%d T<=%d U<=%d: %,d nodes, %,d padded (%.0f %% padding)",
                    batch.size(),
                    t,
                    u,
                    nodes,
                    padded,
                    100 - 100.0 * nodes / padded));
        }
        return lines;
    }

    private String distribution(String what, ToIntFunction<Lengths> length) {
        int[] sorted = all.stream().mapToInt(length).sorted().toArray();
        double mean = all.stream().mapToInt(length).average().orElseThrow();
        return String.format(
                Locale.ROOT,
                "%-22s %8d %8d %8d %8d %8d %8.1f",
                what,
                sorted[0],
                quantile(sorted, 0.5),
                quantile(sorted, 0.9),
                quantile(sorted, 0.99),
                sorted[sorted.length - 1],
                mean);
    }

    private static int quantile(int[] sorted, double q) {
        return sorted[(int) Math.min(sorted.length - 1L, (long) (q * sorted.length))];
    }
}
