package org.transducer4j.asr.train;

import java.util.List;
import org.transducer4j.asr.criterion.TrainingUtterance;

/**
 * The utterances of a training, their transcripts encoded.
 *
 * @param train for training
 * @param valid for validation
 */
record LabelledData(List<TrainingUtterance> train, List<TrainingUtterance> valid) {}
