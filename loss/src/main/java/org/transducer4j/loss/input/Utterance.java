package org.transducer4j.loss.input;

import org.transducer4j.loss.internal.check.Require;

/**
 * One utterance as the loss sees it: encoder and predictor outputs, already projected to the joint width, and labels.
 * There is no padding: a row of a padded batch is given as a view of its valid rows ({@link Matrix#rows}).
 *
 * <p>Gradients of encoder and predictor are <em>written</em>, not added: every element of them is set.
 *
 * @param name what error messages call it
 * @param encoder (T, H), T at least 1
 * @param predictor (U+1, H): row u is the predictor's output after u labels
 * @param labels the U labels; may be empty. Copied on the way in and out
 */
public record Utterance(String name, Parameter encoder, Parameter predictor, int[] labels) {
    /**
     * Checks the shapes.
     *
     * @throws IllegalArgumentException if they don't fit one another
     * @throws NullPointerException if something is null, by its name
     */
    public Utterance {
        Require.given(name, "name");
        Require.given(encoder, "encoder");
        Require.given(predictor, "predictor");
        labels = Require.given(labels, "labels").clone();
        Require.that(
                encoder.value().rows() >= 1 && encoder.value().rows() <= Integer.MAX_VALUE,
                "utterance %s: needs 1 frame or more, has %d",
                name,
                encoder.value().rows());
        Require.that(
                predictor.value().rows() == labels.length + 1L,
                "utterance %s: %d labels need %d predictor rows, there are %d",
                name,
                labels.length,
                labels.length + 1L,
                predictor.value().rows());
        Require.that(
                encoder.value().columns() == predictor.value().columns(),
                "utterance %s: encoder width %d and predictor width %d differ",
                name,
                encoder.value().columns(),
                predictor.value().columns());
    }

    @Override
    public int[] labels() {
        return labels.clone();
    }

    /**
     * U.
     *
     * @return the number of labels
     */
    public int labelCount() {
        return labels.length;
    }

    /**
     * T.
     *
     * @return the number of frames
     */
    public int frames() {
        return (int) encoder.value().rows();
    }
}
