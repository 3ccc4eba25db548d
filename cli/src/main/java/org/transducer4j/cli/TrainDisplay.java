package org.transducer4j.cli;

import java.nio.file.Path;
import org.transducer4j.asr.train.EpochReport;
import org.transducer4j.asr.train.StepReport;
import org.transducer4j.asr.train.TrainListener;
import org.transducer4j.asr.train.TrainPlan;
import org.transducer4j.asr.train.TrainResult;

/** Shows a training: a line on what is trained, a changing line with the time left, a line an epoch. */
class TrainDisplay implements TrainListener {
    private final ProgressLine line;
    private double secondsLeft;

    TrainDisplay(ProgressLine line) {
        this.line = line;
    }

    @Override
    public void started(TrainPlan plan) {
        line.println("%.2f h of sound in %d utterances to train on (longest %s), %d to validate on"
                .formatted(plan.hours(), plan.utterances(), plan.longest(), plan.validUtterances()));
        line.println(
                "model: %.1f million weights, %d Hz, %d bins, %d tokens; %d epochs of about %d batches; loss: %s in %s; threads: %d libtorch, %d loss, %d loader"
                        .formatted(
                                plan.parameters() * 1e-6,
                                plan.config().fbank().sampleRate(),
                                plan.config().fbank().bins(),
                                plan.config().vocabulary(),
                                plan.epochs(),
                                plan.stepsPerEpoch(),
                                plan.objective().method().withOccupancyFloor(0).word(),
                                plan.objective().memoryBudget(),
                                plan.threads().torch(),
                                plan.threads().loss(),
                                plan.threads().loader()));
        double floor = plan.objective().method().occupancyFloor();
        if (floor > 0) {
            line.println(
                    "occupancy floor " + floor
                            + ": lattice nodes that are passed with no more probability are left out of the backward pass; what"
                            + " that costs: the gradient of the logits errs by twice their sum at most; t4j train --exact keeps all");
        }
        if (plan.resumedStep() > 0) {
            line.println("resumed after batch " + plan.resumedStep());
        }
    }

    @Override
    public void step(StepReport step) {
        secondsLeft = step.secondsLeft();
        line.update("epoch %d/%d  batch %d/%d  loss %.3f  rate %.1e  %s left"
                .formatted(
                        step.epoch(),
                        step.epochs(),
                        step.batch(),
                        step.batches(),
                        step.loss(),
                        step.learningRate(),
                        ProgressLine.duration(step.secondsLeft())));
    }

    @Override
    public void epoch(EpochReport epoch) {
        String left = epoch.epoch() < epoch.epochs() ? "  " + ProgressLine.duration(secondsLeft) + " left" : "";
        line.println(epoch.line() + left);
    }

    @Override
    public void warning(String message) {
        line.println("warning: " + message);
    }

    void finished(TrainResult result, Path out) {
        line.println("best WER %.2f %% (epoch %d), trained for %s"
                .formatted(result.wer(), result.bestEpoch(), ProgressLine.duration(result.seconds())));
        line.println("next: t4j decode --checkpoint " + out + " --manifest MANIFEST --out DIR");
    }
}
