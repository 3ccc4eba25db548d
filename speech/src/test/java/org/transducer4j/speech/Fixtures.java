package org.transducer4j.speech;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.transducer4j.speech.audio.FlacWriter;
import org.transducer4j.speech.corpus.CorpusReader;
import org.transducer4j.speech.corpus.CorpusUtterance;

/** Small corpora for the tests. */
public final class Fixtures {
    private Fixtures() {}

    /** Clips "0_ann_0" ... of half a second each, one FLAC a speaker, addressed by offset. */
    public static Path clips(Path folder, List<String> speakers, int takes) throws Exception {
        List<String> lines = new ArrayList<>();
        for (String speaker : speakers) {
            int clips = 3 * takes;
            int[][] x = new int[1][clips * 400];
            Random random = new Random(speaker.hashCode());
            for (int i = 0; i < x[0].length; i++) {
                x[0][i] = random.nextInt(8000) - 4000;
            }
            Files.write(
                    folder.resolve(speaker + ".flac"),
                    FlacWriter.write(x, 8000, 16, FlacWriter.Coding.VERBATIM, 0, true));
            for (int c = 0; c < clips; c++) {
                lines.add(String.format(
                        java.util.Locale.ROOT,
                        "{\"id\": \"%d_%s_%d\", \"audio_filepath\": \"%s.flac\", \"offset\": %s, \"duration\": 0.05,"
                                + " \"text\": \"w%d\", \"speaker\": \"%s\"}",
                        c % 3,
                        speaker,
                        c / 3,
                        speaker,
                        c * 0.05,
                        c % 3,
                        speaker));
            }
        }
        return Files.write(folder.resolve("clips.jsonl"), lines);
    }

    /** Entries of given durations; their sound doesn't exist. */
    public static List<CorpusUtterance> entries(Path folder, double... durations) throws Exception {
        List<String> lines = new ArrayList<>();
        for (double duration : durations) {
            lines.add("{\"audio_filepath\": \"a.wav\", \"text\": \"a\", \"duration\": " + duration + "}");
        }
        return CorpusReader.open(Files.write(folder.resolve("entries.jsonl"), lines));
    }
}
