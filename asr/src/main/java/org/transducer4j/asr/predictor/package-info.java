/** Predictors: what the model makes of the labels so far. */
@NullMarked
package org.transducer4j.asr.predictor;

import org.jspecify.annotations.NullMarked;
