package org.transducer4j.loss.kernel;

import org.transducer4j.loss.input.LogitsRows;
import org.transducer4j.loss.lattice.Band;

/**
 * An utterance whose logits are given.
 *
 * @param logits where they are
 * @param labels U labels
 * @param band the nodes
 */
@SuppressWarnings("ArrayRecordComponent")
public record LogitsMember(LogitsRows logits, int[] labels, Band band) {}
