package org.transducer4j.torch;

/** How the losses of a batch become one number. */
public enum Reduction {
    /** Their sum. */
    SUM,
    /** Their sum over the number of utterances that count; 0 where none does. */
    MEAN
}
