package org.transducer4j.asr.criterion;

import java.util.List;
import java.util.Set;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.lattice.LatticeOptions;
import org.transducer4j.loss.method.BandRule;
import org.transducer4j.loss.method.FullBand;
import org.transducer4j.speech.token.Tokenizer;

/**
 * What a training makes small: the door for criteria. To add one is to write its class, with a constructor without arguments, and to
 * register that class as a service; {@code --loss NAME} then trains on it, alone or in a sum with others.
 *
 * <p>A criterion itself is a description that never changes; what computes for one model is what {@link #open} gives.
 */
public interface Criterion {
    /**
     * What {@code --loss} and checkpoints call it.
     *
     * @return one lower-case word; that of a band ({@link BandRule}) makes it the transducer loss over that band
     */
    String name();

    /**
     * The same criterion with what stands behind the colon of its word.
     *
     * @param arguments never empty
     * @return the criterion
     * @throws IllegalArgumentException if it takes none, or not these
     */
    default Criterion with(String arguments) {
        throw new IllegalArgumentException("the loss " + name() + " takes no arguments, got \"" + arguments + "\"");
    }

    /**
     * Whether it goes through a transducer's lattice: else there is nothing that band, schedule, occupancy floor, FastEmit, delay
     * penalty or HAT could mean, and they are refused.
     *
     * @return true unless it says otherwise
     */
    default boolean hasLattice() {
        return true;
    }

    /**
     * Output layers that it needs besides the joint network's. Each is linear, from the joint width to the vocabulary, is trained
     * and saved with the model, and {@link TransducerModel#branch} finds it.
     *
     * @param options of the training
     * @return their names, which are those of their weights in checkpoints
     */
    default Set<String> branches(ObjectiveOptions options) {
        return Set.of();
    }

    /**
     * How the output of a model that was trained on it is read.
     *
     * @param options of the training
     * @return through the joint network, unless it says otherwise
     */
    default ModelConfig.Criterion reading(ObjectiveOptions options) {
        return options.hat() ? ModelConfig.Criterion.HAT : ModelConfig.Criterion.TRANSDUCER;
    }

    /**
     * Refuses options that don't go with it: unless it says otherwise, bands of its lattice.
     *
     * @param options of the training
     * @throws IllegalArgumentException if some don't, naming them
     */
    default void check(ObjectiveOptions options) {
        BandRule band = options.method().band();
        if (hasLattice() && !(band instanceof FullBand)) {
            throw new IllegalArgumentException(
                    "the loss " + name() + " is over the full lattice: want band full, got " + band.word());
        }
    }

    /**
     * How its loss is computed.
     *
     * @param options of the training
     * @param lattice of the model
     * @return the options that it heeds, with one thread and the usual provider
     */
    default LossOptions lossOptions(ObjectiveOptions options, LatticeOptions lattice) {
        return options.lossOptions(lattice);
    }

    /**
     * Whether it must know when each token of a training utterance is said.
     *
     * @param options of the training
     * @return false unless it says otherwise
     */
    default boolean needsTimes(ObjectiveOptions options) {
        return false;
    }

    /**
     * Training utterances with all that it needs to know of them: the times of their tokens, say.
     *
     * @param utterances for training, their transcripts encoded
     * @param options of the training
     * @param tokens of the model
     * @param model that is to be trained
     * @return the same utterances in the same order
     * @throws org.transducer4j.speech.BadInputException if something is missing, naming the line
     */
    default List<TrainingUtterance> prepared(
            List<TrainingUtterance> utterances, ObjectiveOptions options, Tokenizer tokens, TransducerModel model) {
        return utterances;
    }

    /**
     * Opens its loss of a model.
     *
     * @param setup the model and how to compute
     * @return the loss, to be closed
     */
    CriterionLoss open(CriterionSetup setup);
}
