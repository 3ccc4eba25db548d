package org.transducer4j.bench.highlight;

import java.nio.file.Path;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.method.MemoryBudget;

/**
 * What to compute and where.
 *
 * @param folder of the batch and of what is done; a run that was interrupted goes on from there
 * @param utterances B
 * @param frames T of each
 * @param labels U of each
 * @param vocabulary V
 * @param width H
 * @param format of encoder and predictor outputs, and of the gradients that take their place
 * @param threads of the loss
 * @param budget of the loss
 * @param saveSeconds how often what is done is noted
 */
public record HighlightOptions(
        Path folder,
        int utterances,
        int frames,
        int labels,
        int vocabulary,
        int width,
        Matrix.Format format,
        int threads,
        MemoryBudget budget,
        double saveSeconds) {
    /** Checks the numbers. */
    public HighlightOptions {
        require("utterances", utterances, 1);
        require("frames", frames, 1);
        require("labels", labels, 0);
        require("vocabulary", vocabulary, 2);
        require("width", width, 1);
        LossOptions.defaults().withThreads(threads); // checks
    }

    /**
     * 40 s of sound at 25 frames and 3 labels a second, 1024 symbols, joint width 640.
     *
     * @param folder of the run
     * @param utterances B
     * @param format of encoder and predictor outputs
     * @param threads of the loss
     * @return the options, with 32 MiB of scratch memory
     */
    public static HighlightOptions of(Path folder, int utterances, Matrix.Format format, int threads) {
        return new HighlightOptions(
                folder, utterances, 1000, 120, 1024, 640, format, threads, new MemoryBudget(32L << 20), 20);
    }

    private static void require(String what, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(what + " must be " + least + " or more, not " + value);
        }
    }

    /** Rows of an utterance: encoder outputs, then predictor outputs. */
    long rows() {
        return frames + labels + 1L;
    }
}
