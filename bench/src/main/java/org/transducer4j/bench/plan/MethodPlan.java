package org.transducer4j.bench.plan;

import java.util.List;
import org.transducer4j.loss.input.Scratch;

/**
 * What a method costs.
 *
 * @param method its name
 * @param exact whether it is the loss over all paths
 * @param encoder bytes of the encoder outputs and their gradients, padded as a network makes them
 * @param predictor bytes of the predictor outputs and their gradients, padded
 * @param head bytes of the output layer and its gradients
 * @param simpleJoiner bytes of a simple joiner's scores and their gradients
 * @param scratch what the loss holds beside, by part
 * @param simpleScratch what a simple joiner's own loss holds at the same time, by part
 * @param scratchBytes the sum of both
 * @param totalBytes all of it
 * @param nodes that are computed, padding included
 * @param nodesAgain of these, the ones computed a second time in the backward pass
 * @param tileNodes nodes of the largest tile
 * @param simpleNodes nodes at which a simple joiner is computed
 * @param operations floating-point operations
 * @param seconds estimated; NaN if no speed is known
 * @param fits whether it keeps to memory budget and device memory
 * @param advice what to change so that it fits, or what else to know; empty where there is nothing to say
 */
public record MethodPlan(
        String method,
        boolean exact,
        long encoder,
        long predictor,
        long head,
        long simpleJoiner,
        Scratch scratch,
        Scratch simpleScratch,
        long scratchBytes,
        long totalBytes,
        long nodes,
        long nodesAgain,
        long tileNodes,
        long simpleNodes,
        double operations,
        double seconds,
        boolean fits,
        List<String> advice) {}
