package org.transducer4j.speech;

import static org.junit.jupiter.api.Assertions.*;

import java.io.BufferedInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jflac.FLACDecoder;
import org.jflac.frame.Frame;
import org.junit.jupiter.api.Test;

class FlacTest {
    @Test
    void sameSamplesAsJflac() throws Exception {
        Path folder = SharedData.need("arctic/audio");
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.sorted().limit(5).toList();
        }
        assertFalse(files.isEmpty());
        for (Path file : files) {
            compare(file);
        }
        compare(SharedData.need("fsdd/nicolas.flac"));
    }

    private static void compare(Path file) throws Exception {
        Audio ours = AudioFiles.read(file);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            FLACDecoder decoder = new FLACDecoder(in);
            decoder.readMetadata();
            int at = 0;
            for (Frame frame = decoder.readNextFrame(); frame != null; frame = decoder.readNextFrame()) {
                int[] theirs = decoder.getChannelData()[0].getOutput();
                for (int i = 0; i < frame.header.blockSize; i++) {
                    assertEquals(theirs[i] / 32768f, ours.samples()[at++], file + " sample " + at);
                }
            }
            assertEquals(ours.samples().length, at);
            assertEquals(1, decoder.getStreamInfo().getChannels());
            assertEquals(decoder.getStreamInfo().getSampleRate(), ours.sampleRate());
        }
    }
}
