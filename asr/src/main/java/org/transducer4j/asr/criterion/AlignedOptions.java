package org.transducer4j.asr.criterion;

/**
 * What alignment-restricted training needs besides its band.
 *
 * @param ctm file of the training words' times; empty: the manifest's lines have alignments, as {@code t4j align} writes them
 */
public record AlignedOptions(String ctm) {
    /**
     * Alignments in the manifest.
     *
     * @return the defaults
     */
    public static AlignedOptions defaults() {
        return new AlignedOptions("");
    }
}
