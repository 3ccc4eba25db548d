package org.transducer4j.demo;

import com.sun.speech.freetts.Voice;
import com.sun.speech.freetts.audio.AudioPlayer;
import com.sun.speech.freetts.en.us.cmu_us_kal.KevinVoiceDirectory;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.Arrays;
import javax.sound.sampled.AudioFormat;
import org.transducer4j.speech.audio.Audio;

/** FreeTTS's 16 kHz voice, without a sound device: the same words, rate and pitch give the same samples. */
final class Synthesiser implements AutoCloseable {
    private static final String VOICE = "kevin16";

    private final Voice voice;

    Synthesiser() {
        // By its directory: the usual way through VoiceManager reads system properties and files beside the jar.
        voice = Arrays.stream(new KevinVoiceDirectory().getVoices())
                .filter(v -> VOICE.equals(v.getName()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("FreeTTS has no voice " + VOICE));
        voice.allocate();
    }

    /**
     * Speaks.
     *
     * @param text English words
     * @param wordsPerMinute 150 is the voice's own
     * @param hertz mean pitch; 100 is the voice's own
     * @param range of the pitch in Hz; 11 is the voice's own
     * @return at 16 kHz
     */
    Audio speak(String text, float wordsPerMinute, float hertz, float range) {
        voice.setRate(wordsPerMinute);
        voice.setPitch(hertz);
        voice.setPitchRange(range);
        Recorder recorder = new Recorder();
        voice.setAudioPlayer(recorder);
        if (!voice.speak(text)) {
            throw new IllegalStateException("FreeTTS can't speak \"" + text + "\"");
        }
        return recorder.audio();
    }

    @Override
    public void close() {
        voice.deallocate();
    }

    /** Takes the samples where others would play them. */
    private static final class Recorder implements AudioPlayer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private AudioFormat format = new AudioFormat(16000, 16, 1, true, true);

        Audio audio() {
            ByteOrder order = format.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            ShortBuffer shorts =
                    ByteBuffer.wrap(bytes.toByteArray()).order(order).asShortBuffer();
            float[] samples = new float[shorts.remaining()];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = shorts.get(i) / 32768f;
            }
            return new Audio(samples, (int) format.getSampleRate());
        }

        @Override
        public boolean write(byte[] data, int offset, int size) {
            bytes.write(data, offset, size);
            return true;
        }

        @Override
        public boolean write(byte[] data) {
            return write(data, 0, data.length);
        }

        @Override
        public void setAudioFormat(AudioFormat format) {
            this.format = format;
        }

        @Override
        public AudioFormat getAudioFormat() {
            return format;
        }

        @Override
        public boolean drain() {
            return true;
        }

        @Override
        public boolean end() {
            return true;
        }

        @Override
        public float getVolume() {
            return 1;
        }

        @Override
        public long getTime() {
            return 0;
        }

        @Override
        public void begin(int size) {}

        @Override
        public void pause() {}

        @Override
        public void resume() {}

        @Override
        public void reset() {}

        @Override
        public void cancel() {}

        @Override
        public void close() {}

        @Override
        public void setVolume(float volume) {}

        @Override
        public void resetTime() {}

        @Override
        public void startFirstSampleTimer() {}

        @Override
        public void showMetrics() {}
    }
}
