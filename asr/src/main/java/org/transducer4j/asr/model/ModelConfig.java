package org.transducer4j.asr.model;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.speech.feature.FbankOptions;

/**
 * All that must be known to build a model, but for its weights and tokens.
 *
 * @param fbank the features
 * @param size encoder, predictor and where they meet
 * @param vocabulary V, blank included
 * @param blank index of the blank symbol
 * @param activation of the joint network
 * @param criterion how its output is read
 * @param branches names of linear layers from the joint width to the vocabulary, beside the joint network's: what a criterion asked for
 */
public record ModelConfig(
        FbankOptions fbank,
        ModelOptions size,
        int vocabulary,
        int blank,
        Activation activation,
        Criterion criterion,
        Set<String> branches) {
    /** How a model's output is read. */
    public enum Criterion {
        /** Encoder and predictor through the joint network. */
        TRANSDUCER,
        /**
         * The same with a blank of its own: sigmoid of its logit, and labels by a softmax among themselves (hybrid
         * autoregressive transducer, Variani et al. 2020).
         */
        HAT,
        /** The encoder alone, through the CTC branch. */
        CTC
    }

    /** The branch of the CTC criterion, from the encoder's output to symbols (Graves et al. 2006). */
    public static final String CTC_BRANCH = "ctc";

    /** Checks each option. */
    public ModelConfig {
        // In the order of their names, which the layout of the weights follows.
        branches = Collections.unmodifiableSet(new TreeSet<>(branches));
        if (criterion == Criterion.CTC && !branches.contains(CTC_BRANCH)) {
            throw new IllegalArgumentException("a CTC model needs the CTC branch");
        }
        if (vocabulary < 2 || blank < 0 || blank >= vocabulary) {
            throw new IllegalArgumentException(
                    "want 2 symbols or more and a blank among them, got " + vocabulary + " and blank " + blank);
        }
    }

    /**
     * @return how the lattices of this model are read, nothing pushed or penalised
     */
    public LatticeOptions lattice() {
        return new LatticeOptions(blank, size.topology(), 0, 0, criterion == Criterion.HAT, true);
    }
}
