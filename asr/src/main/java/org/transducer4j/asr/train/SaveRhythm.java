package org.transducer4j.asr.train;

/**
 * When a training writes its state. Whoever is interrupted loses what came after the last time, and writing takes time and wears the
 * disk, so it is written when all of this is so:
 *
 * <ul>
 *   <li>as many seconds have passed as asked for;
 *   <li>they are {@value #SHARE_GAINED} of the run so far, but never more than {@value #MOST_SECONDS} seconds;
 *   <li>writing took at most {@value #SHARE_WRITING} of them, as it did the last time.
 * </ul>
 *
 * <p>So in the first 17 minutes it is written 50 times, and later 35 times whenever the run has become twice as long.
 */
final class SaveRhythm {
    private static final double SHARE_GAINED = 0.02;
    private static final double MOST_SECONDS = 600;
    private static final double SHARE_WRITING = 0.05;

    private final double seconds;
    private double writing;

    /**
     * Nothing has been written yet.
     *
     * @param seconds that pass between two times at least
     */
    SaveRhythm(double seconds) {
        this.seconds = seconds;
    }

    /** It was written, and that took so many seconds. */
    void wrote(double took) {
        writing = took;
    }

    /**
     * Whether to write now.
     *
     * @param since seconds since it was written
     * @param run seconds that the run has taken so far, all its processes together
     */
    boolean isDue(double since, double run) {
        double gained = Math.min(MOST_SECONDS, SHARE_GAINED * run);
        return since >= Math.max(seconds, Math.max(gained, writing / SHARE_WRITING));
    }
}
