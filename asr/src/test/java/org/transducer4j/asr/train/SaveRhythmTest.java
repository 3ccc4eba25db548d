package org.transducer4j.asr.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SaveRhythmTest {
    /** The moments at which a run of so many seconds is written, if each time takes so long and each batch half a second. */
    private static List<Double> times(double seconds, double run, double writing) {
        SaveRhythm rhythm = new SaveRhythm(seconds);
        List<Double> times = new ArrayList<>();
        double last = 0;
        double clock = 0;
        for (double trained = 0; trained < run; trained += 0.5) {
            clock += 0.5;
            if (rhythm.isDue(clock - last, trained)) {
                clock += writing;
                rhythm.wrote(writing);
                last = clock;
                times.add(trained);
            }
        }
        return times;
    }

    @Test
    void aShortRunIsWrittenAsOftenAsAskedFor() {
        assertEquals(50, times(20, 1000, 0.05).size(), 2);
        assertEquals(10, times(100, 1000, 0.05).size(), 1);
        assertEquals(List.of(), times(100, 90, 0.05));
    }

    /** 400 epochs of 30 s, whose state and best model are 36 MB: these were 19 GB. */
    @Test
    void aLongRunIsWrittenLessAndLess() {
        List<Double> times = times(20, 12_000, 0.2);
        assertTrue(times.size() < 190, times.size() + " times");
        double last = 0;
        for (double time : times) {
            assertTrue(time - last <= Math.max(20, 0.02 * time) + 1, "from " + last + " to " + time);
            last = time;
        }
        // A week: never more than ten minutes are lost.
        List<Double> week = times(20, 7 * 86_400, 0.2);
        assertTrue(week.size() < 1300, week.size() + " times");
        assertEquals(600, week.getLast() - week.get(week.size() - 2), 1);
    }

    @Test
    void writingTakesATwentiethOfTheTimeAtMost() {
        for (double writing : new double[] {2, 10, 100}) {
            int times = times(20, 20_000, writing).size();
            assertTrue(times * writing <= 0.05 * 20_000 + writing, writing + " s, " + times + " times");
            assertTrue(times > 5);
        }
        SaveRhythm rhythm = new SaveRhythm(0);
        rhythm.wrote(3);
        assertFalse(rhythm.isDue(59, 100));
        assertTrue(rhythm.isDue(61, 100));
    }
}
