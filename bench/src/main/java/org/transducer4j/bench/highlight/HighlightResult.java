package org.transducer4j.bench.highlight;

/**
 * What came of it.
 *
 * @param utterances B
 * @param loss sum of the losses, in nats
 * @param nodes of all lattices
 * @param seconds of computing, over all runs
 * @param gflops operations a second of the products that are needed (3 products of 2 V H a node), in 10^9
 * @param scratchBytes that the loss held
 * @param outputBytes of encoder and predictor outputs, in whose place their gradients are now
 * @param processPeakBytes the most resident memory of the process (VmHWM) in any of the runs; -1 where the system doesn't tell
 * @param encoderNorm L2 norm of the gradients of encoder outputs
 * @param predictorNorm L2 norm of the gradients of predictor outputs
 * @param weightNorm L2 norm of the gradient of the output weight
 */
public record HighlightResult(
        int utterances,
        double loss,
        long nodes,
        double seconds,
        double gflops,
        long scratchBytes,
        long outputBytes,
        long processPeakBytes,
        double encoderNorm,
        double predictorNorm,
        double weightNorm) {}
