package org.transducer4j.asr.train;

/** Hears how a training goes on, in the thread that trains. */
public interface TrainListener {
    /** Hears nothing. */
    TrainListener SILENT = new TrainListener() {};

    /**
     * Before the first batch.
     *
     * @param plan what is about to happen
     */
    default void started(TrainPlan plan) {}

    /**
     * After each batch.
     *
     * @param step what it gave
     */
    default void step(StepReport step) {}

    /**
     * After each epoch.
     *
     * @param epoch what it gave; {@link EpochReport#line()} says it in one line
     */
    default void epoch(EpochReport epoch) {}

    /**
     * Something that the user should read: an utterance that was skipped, say.
     *
     * @param message one line
     */
    default void warning(String message) {}

    /**
     * Whether the training is to end here: it writes where it stands, so that it can be resumed, and returns without a validation.
     *
     * @return asked after each batch; no, unless it says otherwise
     */
    default boolean stops() {
        return false;
    }
}
