package org.transducer4j.asr.train;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.criterion.ObjectiveOptions;
import org.transducer4j.asr.model.ModelOptions;

/**
 * A training. A resumed one takes data, model, schedule, seed and libtorch's threads from its checkpoint.
 *
 * @param train manifest
 * @param valid manifest
 * @param out folder of checkpoints, tokens.txt, config.json and metrics.jsonl
 * @param start what to do with a run that is there already
 * @param data how data become batches
 * @param model its size
 * @param objective which loss
 * @param schedule how long and how fast
 * @param save when the last checkpoint is written
 * @param threads how many
 * @param provider name of the loss's kernel provider, or null for the best that loads; a matter of the machine, so that a checkpoint doesn't
 *     hold it
 * @param exact whether a loss that leaves nodes out is refused: a band that isn't full, an occupancy floor
 * @param seed of everything random
 */
public record TrainOptions(
        Path train,
        Path valid,
        Path out,
        Start start,
        DataOptions data,
        ModelOptions model,
        ObjectiveOptions objective,
        ScheduleOptions schedule,
        SaveOptions save,
        ThreadOptions threads,
        @Nullable String provider,
        boolean exact,
        long seed) {
    /**
     * @param train manifest
     * @param valid manifest
     * @param out folder
     * @return defaults for everything else, seed 1
     */
    public static TrainOptions defaults(Path train, Path valid, Path out) {
        return new TrainOptions(
                train,
                valid,
                out,
                Start.FRESH,
                DataOptions.defaults(),
                ModelOptions.defaults(),
                ObjectiveOptions.defaults(),
                ScheduleOptions.defaults(),
                SaveOptions.defaults(),
                ThreadOptions.defaults(),
                null,
                false,
                1);
    }

    /**
     * @param start what to do with a run that is there already
     * @return the same options with this
     */
    public TrainOptions withStart(Start start) {
        return new TrainOptions(
                train, valid, out, start, data, model, objective, schedule, save, threads, provider, exact, seed);
    }

    /**
     * @param train manifest
     * @return the same options with this
     */
    public TrainOptions withTrain(Path train) {
        return new TrainOptions(
                train, valid, out, start, data, model, objective, schedule, save, threads, provider, exact, seed);
    }

    /**
     * @param out folder of the run
     * @return the same options with this
     */
    public TrainOptions withOut(Path out) {
        return new TrainOptions(
                train, valid, out, start, data, model, objective, schedule, save, threads, provider, exact, seed);
    }

    /**
     * @param data how data become batches
     * @return the same options with this
     */
    public TrainOptions withData(DataOptions data) {
        return new TrainOptions(
                train, valid, out, start, data, model, objective, schedule, save, threads, provider, exact, seed);
    }

    /**
     * @param model its size
     * @return the same options with this
     */
    public TrainOptions withModel(ModelOptions model) {
        return new TrainOptions(
                train, valid, out, start, data, model, objective, schedule, save, threads, provider, exact, seed);
    }

    /**
     * @param objective which loss
     * @return the same options with this
     */
    public TrainOptions withObjective(ObjectiveOptions objective) {
        return new TrainOptions(
                train, valid, out, start, data, model, objective, schedule, save, threads, provider, exact, seed);
    }

    /**
     * @param schedule how long and how fast
     * @return the same options with this
     */
    public TrainOptions withSchedule(ScheduleOptions schedule) {
        return new TrainOptions(
                train, valid, out, start, data, model, objective, schedule, save, threads, provider, exact, seed);
    }

    /**
     * @param save when the last checkpoint is written
     * @return the same options with this
     */
    public TrainOptions withSave(SaveOptions save) {
        return new TrainOptions(
                train, valid, out, start, data, model, objective, schedule, save, threads, provider, exact, seed);
    }

    /**
     * @param threads how many
     * @return the same options with this
     */
    public TrainOptions withThreads(ThreadOptions threads) {
        return new TrainOptions(
                train, valid, out, start, data, model, objective, schedule, save, threads, provider, exact, seed);
    }

    /**
     * @param provider name of the loss's kernel provider, or null for the best that loads
     * @return the same options with this
     */
    public TrainOptions withProvider(@Nullable String provider) {
        return new TrainOptions(
                train, valid, out, start, data, model, objective, schedule, save, threads, provider, exact, seed);
    }

    /**
     * @param exact whether a loss that leaves nodes out is refused
     * @return the same options with this
     */
    public TrainOptions withExact(boolean exact) {
        return new TrainOptions(
                train, valid, out, start, data, model, objective, schedule, save, threads, provider, exact, seed);
    }

    /**
     * @param seed of everything random
     * @return the same options with this
     */
    public TrainOptions withSeed(long seed) {
        return new TrainOptions(
                train, valid, out, start, data, model, objective, schedule, save, threads, provider, exact, seed);
    }
}
