package org.transducer4j.demo;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.speech.corpus.BucketBatches;
import org.transducer4j.speech.corpus.CorpusReader;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.token.Tokenizer;

/**
 * What the usual loss of a padded batch would hold for the largest batch of an epoch: logits (B, Tmax, Umax+1, V) and their
 * gradient, and before them the hidden layer of the joint network (B, Tmax, Umax+1, H) and its gradient, all float32.
 *
 * @param batch B
 * @param frames Tmax, after subsampling
 * @param labels Umax
 * @param vocabulary V
 * @param width H
 */
public record BatchedMemory(int batch, int frames, int labels, int vocabulary, int width) {
    /** Values and gradients of 4 bytes. */
    private static final long BYTES = 2 * Float.BYTES;

    /**
     * The largest batch.
     *
     * @param manifest of the training data
     * @param tokens of the model
     * @param model that was trained
     * @param maxDuration seconds in a batch
     * @param buckets as in training
     * @param seed as in training
     * @return its sizes
     */
    public static BatchedMemory ofLargest(
            Path manifest, Tokenizer tokens, TransducerModel model, double maxDuration, int buckets, long seed) {
        return new BucketBatches<>(CorpusReader.open(manifest), CorpusUtterance::duration, maxDuration, buckets, seed)
                .epoch(0).stream()
                        .map(batch -> of(batch, tokens, model))
                        .max(Comparator.comparingLong(BatchedMemory::bytes))
                        .orElseThrow();
    }

    private static BatchedMemory of(List<CorpusUtterance> batch, Tokenizer tokens, TransducerModel model) {
        int frames = 0;
        int labels = 0;
        for (CorpusUtterance entry : batch) {
            frames = Math.max(frames, (int) Math.ceil(entry.duration() / model.frameSeconds()));
            labels = Math.max(labels, tokens.encode(entry.text()).length);
        }
        return new BatchedMemory(
                batch.size(),
                frames,
                labels,
                model.config().vocabulary(),
                model.config().size().jointWidth());
    }

    /**
     * The nodes of the padded lattices.
     *
     * @return B Tmax (Umax+1)
     */
    public long nodes() {
        return (long) batch * frames * (labels + 1);
    }

    /**
     * All of it.
     *
     * @return bytes
     */
    public long bytes() {
        return nodes() * (vocabulary + width) * BYTES;
    }

    /**
     * The sum, to be followed with a pencil.
     *
     * @return one line
     */
    public String arithmetic() {
        return String.format(
                Locale.ROOT,
                "%d utterances x %d frames x %d label positions x (%d logits + %d of the hidden layer) x 4 bytes x 2 for"
                        + " the gradients = %.1f MiB",
                batch,
                frames,
                labels + 1,
                vocabulary,
                width,
                bytes() / 1048576.0);
    }
}
