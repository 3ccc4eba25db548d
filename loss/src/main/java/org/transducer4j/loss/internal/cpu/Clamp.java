package org.transducer4j.loss.internal.cpu;

/** The gradient clamp of torchaudio and warp-transducer. */
final class Clamp {
    private Clamp() {}

    /** Limits each of n elements to [-clamp, clamp]; 0 for no limit. */
    static void apply(float[] z, int offset, int n, float clamp) {
        if (clamp > 0) {
            for (int k = offset; k < offset + n; k++) {
                z[k] = Math.clamp(z[k], -clamp, clamp);
            }
        }
    }
}
