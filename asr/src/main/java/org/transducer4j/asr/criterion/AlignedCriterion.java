package org.transducer4j.asr.criterion;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.method.AlignedBand;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.corpus.Ctm;
import org.transducer4j.speech.feature.Fbank;
import org.transducer4j.speech.token.TokenTimes;
import org.transducer4j.speech.token.Tokenizer;

/** The transducer loss near an alignment of the training data (Mahadeokar et al. 2020, arXiv 2011.03072). */
public final class AlignedCriterion implements Criterion {
    /** The loss, as it is registered. */
    public AlignedCriterion() {}

    @Override
    public String name() {
        return new AlignedBand().name();
    }

    @Override
    public void check(ObjectiveOptions options) {
        rule(options);
    }

    @Override
    public boolean needsTimes(ObjectiveOptions options) {
        return true;
    }

    /** With the times of their tokens; one whose alignment leaves no path is an error. */
    @Override
    public List<TrainingUtterance> prepared(
            List<TrainingUtterance> utterances, ObjectiveOptions options, Tokenizer tokens, TransducerModel model) {
        String ctm = options.aligned().ctm();
        Ctm words = ctm.isEmpty() ? null : Ctm.read(Path.of(ctm));
        Fbank fbank = new Fbank(model.config().fbank());
        UtteranceBand bands = bands(options, model);
        List<TrainingUtterance> timed = new ArrayList<>();
        for (TrainingUtterance utterance : utterances) {
            CorpusUtterance entry = utterance.utterance();
            int[] labels = utterance.labels();
            TrainingUtterance heard = utterance.withTimes(
                    words == null ? TokenTimes.of(entry, labels, tokens) : TokenTimes.of(entry, labels, tokens, words));
            int samples = (int) Math.round(entry.duration() * fbank.options().sampleRate());
            int frames = model.encoder().outputFrames(Math.max(1, fbank.frames(samples)));
            try {
                bands.of(heard, frames);
            } catch (IllegalArgumentException e) {
                throw new BadInputException(e.getMessage() + "; wider buffers may leave one", e);
            }
            timed.add(heard);
        }
        return timed;
    }

    @Override
    public CriterionLoss open(CriterionSetup setup) {
        return new LatticeLoss(setup, this, bands(setup.options(), setup.model()));
    }

    private static AlignedBand rule(ObjectiveOptions options) {
        if (options.method().band() instanceof AlignedBand rule) {
            return rule;
        }
        throw new IllegalArgumentException("the loss aligned is over a band aligned, got "
                + options.method().band().word());
    }

    private static UtteranceBand bands(ObjectiveOptions options, TransducerModel model) {
        AlignedBand rule = rule(options);
        return (utterance, frames) -> band(rule, utterance, frames, model);
    }

    private static Band band(AlignedBand rule, TrainingUtterance utterance, int frames, TransducerModel model) {
        TokenTimes times = utterance.times();
        if (times == null) {
            throw new IllegalStateException("utterance " + utterance.title() + " has no times of its tokens");
        }
        return rule.bounds()
                .band(
                        utterance.title(),
                        times.frames(model.frameSeconds(), frames),
                        frames,
                        model.config().size().topology());
    }
}
