package org.transducer4j.asr.train;

import org.transducer4j.asr.model.ModelOptions;

/**
 * The options that decide a training's result, as its checkpoint keeps them.
 *
 * @param data how data become batches
 * @param model its size
 * @param objective which loss
 * @param schedule how long and how fast, epochs settled
 * @param torchThreads threads of libtorch
 * @param seed of everything random
 */
record StoredOptions(
        DataOptions data,
        ModelOptions model,
        StoredObjective objective,
        ScheduleOptions schedule,
        int torchThreads,
        long seed) {
    static StoredOptions of(TrainOptions options) {
        return new StoredOptions(
                options.data(),
                options.model(),
                StoredObjective.of(options.objective()),
                options.schedule(),
                options.threads().torch(),
                options.seed());
    }

    /** A resumed run's options: what decides the result from here, the rest from the caller; only the step limit is the caller's too. */
    TrainOptions over(TrainOptions options) {
        ThreadOptions threads = options.threads();
        return new TrainOptions(
                options.train(),
                options.valid(),
                options.out(),
                options.start(),
                data,
                model,
                objective.options(),
                schedule.withMaxSteps(options.schedule().maxSteps()),
                options.save(),
                new ThreadOptions(threads.loss(), torchThreads, threads.loader()),
                options.provider(),
                options.exact(),
                seed);
    }
}
