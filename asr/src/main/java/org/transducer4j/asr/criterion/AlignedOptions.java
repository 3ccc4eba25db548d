package org.transducer4j.asr.criterion;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.method.AlignmentBounds;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.corpus.Ctm;
import org.transducer4j.speech.feature.Fbank;
import org.transducer4j.speech.token.TokenTimes;
import org.transducer4j.speech.token.Tokenizer;

/**
 * Alignment-restricted training (Mahadeokar et al. 2020, arXiv 2011.03072).
 *
 * @param left encoder frames that a token may come earlier than it is aligned to
 * @param right encoder frames that it may come later
 * @param ctm file of the training words' times; empty: the manifest's lines have alignments, as {@code t4j align} writes them
 */
public record AlignedOptions(int left, int right, String ctm) {
    /** Checks the buffers. */
    public AlignedOptions {
        new AlignmentBounds(left, right);
    }

    /**
     * @return 10 frames to either side, alignments in the manifest
     */
    public static AlignedOptions defaults() {
        return new AlignedOptions(10, 10, "");
    }

    /** Utterances with the times of their tokens; one whose alignment leaves no path is an error. */
    public List<TrainingUtterance> timed(List<TrainingUtterance> utterances, Tokenizer tokens, TransducerModel model) {
        Ctm words = ctm.isEmpty() ? null : Ctm.read(Path.of(ctm));
        Fbank fbank = new Fbank(model.config().fbank());
        List<TrainingUtterance> timed = new ArrayList<>();
        for (TrainingUtterance utterance : utterances) {
            CorpusUtterance entry = utterance.utterance();
            int[] labels = utterance.labels();
            TokenTimes aligned =
                    words == null ? TokenTimes.of(entry, labels, tokens) : TokenTimes.of(entry, labels, tokens, words);
            int samples = (int) Math.round(entry.duration() * fbank.options().sampleRate());
            int frames = model.encoder().outputFrames(Math.max(1, fbank.frames(samples)));
            try {
                band(entry.title(), aligned, frames, model);
            } catch (IllegalArgumentException e) {
                throw new BadInputException(e.getMessage() + "; wider buffers may leave one", e);
            }
            timed.add(utterance.withTimes(aligned));
        }
        return timed;
    }

    /** The nodes that an utterance's alignment allows; none is an IllegalArgumentException. */
    Band band(String utterance, TokenTimes times, int frames, TransducerModel model) {
        return bounds().band(
                        utterance,
                        times.frames(model.frameSeconds(), frames),
                        frames,
                        model.config().size().topology());
    }

    private AlignmentBounds bounds() {
        return new AlignmentBounds(left, right);
    }
}
