package org.transducer4j.speech;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Random generators that depend on nothing but what they are for: (seed, purpose, epoch, index). So the order in which
 * work is done, the number of threads and a resumed run change nothing, and no generator's position has to be saved.
 */
public final class Seeds {
    private Seeds() {}

    /**
     * @param seed the user's
     * @param purpose what is drawn, such as {@code "shuffle"}
     * @param epoch the epoch, or 0
     * @param index the item within it, or 0
     * @return a generator of its own
     */
    public static RandomGenerator generator(long seed, String purpose, long epoch, long index) {
        long h = mix(seed);
        for (int i = 0; i < purpose.length(); i++) {
            h = mix(h ^ purpose.charAt(i));
        }
        h = mix(h ^ epoch);
        h = mix(h ^ index);
        return new SplittableRandom(h);
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014), with its golden-ratio step. */
    private static long mix(long z) {
        z += 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
