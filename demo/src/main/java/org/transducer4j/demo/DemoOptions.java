package org.transducer4j.demo;

import java.nio.file.Path;
import org.transducer4j.asr.criterion.ObjectiveOptions;
import org.transducer4j.asr.encoder.LstmConfiguration;
import org.transducer4j.asr.model.ModelOptions;
import org.transducer4j.asr.predictor.StatelessConfiguration;
import org.transducer4j.asr.train.DataOptions;
import org.transducer4j.asr.train.ScheduleOptions;
import org.transducer4j.asr.train.Start;
import org.transducer4j.asr.train.TrainOptions;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.loss.method.Method;

/**
 * A training that is done in minutes: one synthetic voice needs neither much data nor a large model.
 *
 * @param out folder of everything
 * @param seed of sound and training
 */
public record DemoOptions(Path out, long seed) {
    /** Utterances to train on, about 20 minutes. */
    public static final int TRAIN_UTTERANCES = 1000;
    /** Utterances to validate on. */
    public static final int VALID_UTTERANCES = 100;
    /** Utterances held out to the end. */
    public static final int TEST_UTTERANCES = 200;

    private static final int EPOCHS = 12;

    /**
     * The folder of the sound.
     *
     * @return its path
     */
    public Path sound() {
        return out.resolve("sound");
    }

    /**
     * The folder of a part of the sound.
     *
     * @param part train, valid or test
     * @return its path
     */
    public Path sound(String part) {
        return sound().resolve(part);
    }

    /**
     * The folder of the training.
     *
     * @return its path
     */
    public Path model() {
        return out.resolve("model");
    }

    /**
     * The folder of what was recognised.
     *
     * @return its path
     */
    public Path results() {
        return out.resolve("result");
    }

    /**
     * The training, over one that an earlier demo left.
     *
     * @param train manifest
     * @param valid manifest
     * @return its options
     */
    public TrainOptions training(Path train, Path valid) {
        DataOptions data = DataOptions.defaults();
        ScheduleOptions schedule = ScheduleOptions.defaults();
        return TrainOptions.defaults(train, valid, model())
                .withStart(Start.OVERWRITE)
                .withModel(new ModelOptions(
                        new LstmConfiguration(16, 2, 160, 0.05),
                        new StatelessConfiguration(64, 0.25),
                        160,
                        Topology.MODIFIED))
                .withData(new DataOptions("word", data.sampleRate(), data.bins(), false, 30, data.buckets()))
                .withSchedule(new ScheduleOptions(EPOCHS, 3e-3, 100, 0, schedule.adamW()))
                .withObjective(ObjectiveOptions.defaults().withOccupancyFloor(Method.USUAL_FLOOR))
                .withSeed(seed);
    }
}
