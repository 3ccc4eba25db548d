package org.transducer4j.asr.model;

import java.util.Set;
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
 * @param branches output layers that only training needs
 */
public record ModelConfig(
        FbankOptions fbank,
        ModelOptions size,
        int vocabulary,
        int blank,
        Activation activation,
        Criterion criterion,
        Set<Branch> branches) {
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

    /** Output layers beside the joint network's. */
    public enum Branch {
        /** From the encoder's output to symbols (Graves et al. 2006). */
        CTC,
        /** From encoder and from predictor to symbols, to be added: the simple joiner of pruned training (Kuang et al. 2022). */
        SIMPLE
    }

    /** Checks each option. */
    public ModelConfig {
        branches = Set.copyOf(branches);
        if (criterion == Criterion.CTC && !branches.contains(Branch.CTC)) {
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
