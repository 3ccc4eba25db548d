package org.transducer4j.asr.search;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A manifest to be recognised, or aligned.
 *
 * @param checkpoint a checkpoint or a training folder, whose best model is taken
 * @param manifest its utterances
 * @param out folder of the results; made where it doesn't exist
 * @param name of the test set in the results' file names; empty: the manifest's own
 * @param maxDuration seconds of sound in a batch at most; it changes nothing but speed and memory
 * @param threads of libtorch, and of the lattices
 * @param search how to search when recognising: the name of a {@link SearchMethod}
 * @param provider the name of the kernels for the lattices, or for a search's output layer; null: the best that can run here, and plain Java
 */
public record DecodeOptions(
        Path checkpoint,
        Path manifest,
        Path out,
        String name,
        double maxDuration,
        int threads,
        String search,
        @Nullable String provider) {
    /** Checks each option. */
    public DecodeOptions {
        if (!(maxDuration > 0) || Double.isInfinite(maxDuration)) {
            throw new IllegalArgumentException("max duration must be positive and finite, got " + maxDuration);
        }
        if (threads < 1) {
            throw new IllegalArgumentException("want 1 thread or more, got " + threads);
        }
        if (name.contains("/") || name.contains("\\")) {
            throw new IllegalArgumentException("a test set's name goes into file names, it can't be " + name);
        }
        if (name.isEmpty()) {
            name = String.valueOf(manifest.getFileName()).replaceFirst("\\.jsonl?$", "");
        }
    }

    /**
     * @param checkpoint a checkpoint or a training folder
     * @param manifest what to recognise
     * @param out folder of the results
     * @return batches of 120 s, every core
     */
    public static DecodeOptions defaults(Path checkpoint, Path manifest, Path out) {
        return new DecodeOptions(
                checkpoint, manifest, out, "", 120, Runtime.getRuntime().availableProcessors());
    }

    /**
     * Greedy search, kernels as nobody has said.
     *
     * @param checkpoint a checkpoint or a training folder
     * @param manifest what to recognise or to align
     * @param out folder of the results
     * @param name of the test set; empty: the manifest's own
     * @param maxDuration seconds of sound in a batch at most
     * @param threads of libtorch, and of the lattices
     */
    public DecodeOptions(Path checkpoint, Path manifest, Path out, String name, double maxDuration, int threads) {
        this(checkpoint, manifest, out, name, maxDuration, threads, SearchMethods.DEFAULT, null);
    }

    /**
     * The same options with another search.
     *
     * @param method the name of a {@link SearchMethod}; looked up when it is needed
     * @return the options
     */
    public DecodeOptions withSearch(String method) {
        return new DecodeOptions(checkpoint, manifest, out, name, maxDuration, threads, method, provider);
    }

    /**
     * The same options with other kernels.
     *
     * @param kernels a provider's name; null: as nobody had said
     * @return the options
     */
    public DecodeOptions withProvider(@Nullable String kernels) {
        return new DecodeOptions(checkpoint, manifest, out, name, maxDuration, threads, search, kernels);
    }
}
