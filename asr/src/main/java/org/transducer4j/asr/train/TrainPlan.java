package org.transducer4j.asr.train;

import org.transducer4j.asr.criterion.ObjectiveOptions;
import org.transducer4j.asr.model.ModelConfig;

/**
 * A training that is about to begin or to go on.
 *
 * @param config of the model
 * @param parameters number of weights
 * @param utterances for training
 * @param hours of sound for training
 * @param validUtterances for validation
 * @param epochs planned
 * @param stepsPerEpoch batches in the next epoch
 * @param resumedStep batches done by earlier runs; 0 for a new one
 * @param longest id and seconds of the longest training utterance
 * @param objective which loss
 * @param threads in use
 */
public record TrainPlan(
        ModelConfig config,
        long parameters,
        int utterances,
        double hours,
        int validUtterances,
        int epochs,
        int stepsPerEpoch,
        long resumedStep,
        String longest,
        ObjectiveOptions objective,
        ThreadOptions threads) {}
