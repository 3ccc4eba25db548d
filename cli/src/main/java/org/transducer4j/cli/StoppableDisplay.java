package org.transducer4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.train.StepReport;
import org.transducer4j.asr.train.TrainPlan;

/** Shows a training that a signal ends behind a batch, so that it can be resumed there. */
final class StoppableDisplay extends TrainDisplay implements Interruption.Task {
    private final Path out;
    private final boolean resumes;
    private volatile boolean begun;
    private volatile boolean stopping;
    private volatile boolean stopped;
    private volatile long steps;

    /**
     * Shows a training.
     *
     * @param line where
     * @param out folder of the run
     * @param resumes whether what is in the folder belongs to it
     */
    StoppableDisplay(ProgressLine line, Path out, boolean resumes) {
        super(line);
        this.out = out;
        this.resumes = resumes;
    }

    @Override
    public void started(TrainPlan plan) {
        super.started(plan);
        steps = plan.resumedStep();
        begun = true;
    }

    @Override
    public void step(StepReport step) {
        super.step(step);
        steps = step.step();
    }

    @Override
    public boolean stops() {
        boolean stops = stopping;
        stopped |= stops;
        return stops;
    }

    /** Whether a signal ended the training. */
    boolean wasStopped() {
        return stopped;
    }

    @Override
    public boolean stop() {
        stopping = true;
        return begun;
    }

    @Override
    public String state() {
        Path best = out.resolve(Checkpoint.BEST);
        Path last = out.resolve(Checkpoint.LAST);
        if (!Files.exists(last) || !(begun || resumes)) {
            return "nothing has been trained yet";
        }
        return (Files.exists(best) ? "the best model so far is " + best : "no epoch is whole yet, the model is " + last)
                + (stopped ? "; batch " + steps + " was the last one" : "")
                + "; the same command with --resume goes on";
    }
}
