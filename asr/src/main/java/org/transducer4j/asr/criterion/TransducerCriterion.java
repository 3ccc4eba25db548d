package org.transducer4j.asr.criterion;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.BandRule;
import org.transducer4j.loss.method.FullBand;
import org.transducer4j.loss.method.Method;
import org.transducer4j.speech.token.Tokenizer;

/**
 * The transducer loss (Graves 2012): over the whole lattice, by the criterion that is registered under the band's name, or, where
 * there is none, over the band that lengths alone decide.
 */
public final class TransducerCriterion implements Criterion {
    /** The loss, as it is registered. */
    public TransducerCriterion() {}

    @Override
    public String name() {
        return Method.TRANSDUCER;
    }

    private static Optional<Criterion> overBand(ObjectiveOptions options) {
        BandRule band = options.method().band();
        return band instanceof FullBand ? Optional.empty() : Criteria.find(band.name());
    }

    @Override
    public Set<String> branches(ObjectiveOptions options) {
        return overBand(options).map(one -> one.branches(options)).orElse(Set.of());
    }

    @Override
    public void check(ObjectiveOptions options) {
        overBand(options).ifPresent(one -> one.check(options));
    }

    @Override
    public boolean needsTimes(ObjectiveOptions options) {
        return overBand(options).map(one -> one.needsTimes(options)).orElse(false);
    }

    @Override
    public List<TrainingUtterance> prepared(
            List<TrainingUtterance> utterances, ObjectiveOptions options, Tokenizer tokens, TransducerModel model) {
        return overBand(options)
                .map(one -> one.prepared(utterances, options, tokens, model))
                .orElse(utterances);
    }

    @Override
    public CriterionLoss open(CriterionSetup setup) {
        return overBand(setup.options()).map(one -> one.open(setup)).orElseGet(() -> byLengths(setup));
    }

    private CriterionLoss byLengths(CriterionSetup setup) {
        BandRule rule = setup.options().method().band();
        if (rule instanceof FullBand) {
            return new LatticeLoss(setup, this, null);
        }
        Topology topology = setup.model().config().size().topology();
        return new LatticeLoss(
                setup, this, (utterance, frames) -> rule.planned(frames, utterance.labels().length, topology));
    }
}
