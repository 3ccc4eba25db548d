package org.transducer4j.loss.kernel;

import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.lattice.Band;

/**
 * An utterance in a group.
 *
 * @param utterance its inputs
 * @param band the nodes of its lattice
 * @param rows the nodes that the joint network computes, in this order: the band, or more of them where a schedule
 *     computes padding
 */
public record Member(Utterance utterance, Band band, Band rows) {
    /**
     * An utterance without padding.
     *
     * @param utterance its inputs
     * @param band the nodes
     * @return the member
     */
    public static Member of(Utterance utterance, Band band) {
        return new Member(utterance, band, band);
    }
}
