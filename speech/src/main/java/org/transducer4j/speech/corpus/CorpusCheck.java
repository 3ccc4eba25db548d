package org.transducer4j.speech.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.audio.AudioFiles;
import org.transducer4j.speech.audio.AudioIndex;
import org.transducer4j.speech.audio.AudioInfo;
import org.transducer4j.speech.audio.AudioPart;
import org.transducer4j.speech.audio.Resampler;
import org.transducer4j.speech.audio.SpeedPerturb;
import org.transducer4j.speech.feature.Fbank;
import org.transducer4j.speech.feature.FbankOptions;
import org.transducer4j.speech.internal.Require;

/**
 * What the headers of the sound files say against the utterances of a corpus, found out before any work: a file that is missing or can't be read,
 * a stretch that reaches behind its end, one that is too short. Each header is looked at once, by several threads, through an
 * {@link AudioIndex}. Samples aren't read, so damage behind a header isn't seen. Thread-safe.
 */
public final class CorpusCheck {
    /**
     * What is wrong with an utterance.
     *
     * @param utterance the utterance
     * @param message one line: where the utterance is written down, its file, what is wrong
     */
    public record Complaint(CorpusUtterance utterance, String message) {}

    /**
     * How long an utterance must be.
     *
     * @param fbank the features that are computed
     * @param speed the highest by which it is made faster, see {@link SpeedPerturb}; 1 where none is
     * @param frames how many it must then have
     */
    public record Least(FbankOptions fbank, double speed, int frames) {
        /** Checks speed and frames. */
        public Least {
            Objects.requireNonNull(fbank, "fbank");
            Require.that(speed >= 0.5 && speed <= 2, "speed must be in [0.5, 2], got %s", speed);
            Require.that(frames > 0, "frames must be positive, got %d", frames);
        }
    }

    /** What is known of a file: its header, or why it can't be read. */
    private record Known(@Nullable AudioInfo info, String trouble) {}

    private final AudioIndex index;
    private final Map<Path, Known> known = new ConcurrentHashMap<>();

    /**
     * @param index where headers are looked up
     */
    public CorpusCheck(AudioIndex index) {
        this.index = Objects.requireNonNull(index, "index");
    }

    /**
     * What the header of a file says, looked at once.
     *
     * @param sound a sound file
     * @return rate, channels and samples
     * @throws BadInputException if the file is missing or isn't such a file
     */
    public AudioInfo info(Path sound) {
        Known found = known(sound);
        if (found.info == null) {
            throw new BadInputException(found.trouble);
        }
        return found.info;
    }

    /**
     * All that is wrong with the sound of some utterances; what was found out of their files is saved in the index.
     *
     * @param utterances of one corpus or several
     * @param least how long each must be; null: one sample
     * @return a complaint for each that can't be used, in their order
     */
    public List<Complaint> complaints(List<CorpusUtterance> utterances, @Nullable Least least) {
        AudioFiles.readers(); // found by this thread's class loader, not by those of the threads below
        utterances.stream().map(utterance -> utterance.sound().file()).distinct().toList().parallelStream()
                .forEach(this::known);
        index.save();
        @Nullable Fbank fbank = least == null ? null : new Fbank(least.fbank);
        List<Complaint> complaints = new ArrayList<>();
        for (CorpusUtterance utterance : utterances) {
            try {
                check(utterance.sound(), least, fbank);
            } catch (BadInputException e) {
                complaints.add(new Complaint(utterance, utterance.where() + ": " + e.getMessage()));
            }
        }
        return complaints;
    }

    /**
     * Complaints as text.
     *
     * @param complaints one or more
     * @param utterances how many were checked
     * @param most how many are listed
     * @return a line with their count, then one for each
     */
    public static String text(List<Complaint> complaints, int utterances, int most) {
        StringBuilder text = new StringBuilder();
        text.append(complaints.size()).append(" of ").append(utterances).append(" utterances can't be used:");
        complaints.stream().limit(most).forEach(complaint -> text.append("\n  ").append(complaint.message));
        if (complaints.size() > most) {
            text.append("\n  and ").append(complaints.size() - most).append(" more");
        }
        return text.toString();
    }

    private Known known(Path sound) {
        return known.computeIfAbsent(sound, file -> {
            try {
                return new Known(index.info(file), "");
            } catch (BadInputException e) {
                return new Known(null, Objects.requireNonNullElse(e.getMessage(), file + ": can't be read"));
            }
        });
    }

    private void check(Sound sound, @Nullable Least least, @Nullable Fbank fbank) {
        AudioInfo info = info(sound.file());
        if (info.samples() < 0) {
            return; // a format whose headers don't say
        }
        AudioPart.Range range =
                new AudioPart(sound.offset(), sound.duration()).range(sound.file(), info.sampleRate(), info.samples());
        if (least == null || fbank == null) {
            return;
        }
        long samples = Math.min(range.end() - range.begin(), Integer.MAX_VALUE); // more than enough in any case
        long resampled = Resampler.length(samples, info.sampleRate(), least.fbank.sampleRate());
        long faster = SpeedPerturb.length(resampled, least.speed);
        int frames = fbank.frames((int) Math.min(faster, Integer.MAX_VALUE));
        if (frames < least.frames) {
            String speed = least.speed == 1 ? "" : " at speed " + least.speed;
            throw new BadInputException(sound.file() + ": "
                    + (least.frames == 1
                            ? sound.duration() + " s are too short for a single frame of features" + speed
                            : sound.duration() + " s are too short: they make " + frames + " frames of features" + speed
                                    + ", " + least.frames + " are needed"));
        }
    }
}
