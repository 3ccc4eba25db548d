package org.transducer4j.asr.decode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.score.ScoreFiles;
import org.transducer4j.asr.score.ScoredUtterance;
import org.transducer4j.asr.score.WordErrors;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.BucketBatches;
import org.transducer4j.speech.FeatureLoader;
import org.transducer4j.speech.Features;
import org.transducer4j.speech.Manifest;
import org.transducer4j.speech.ManifestEntry;
import org.transducer4j.speech.OutputFolder;
import org.transducer4j.torch.Torch;

/** Recognises a manifest, scores it, and writes the files of both; nothing is written before all is recognised. */
public final class ManifestDecoder {
    private static final int BUCKETS = 10;
    private static final String METHOD = "greedy_search";

    private ManifestDecoder() {}

    /**
     * @param options what to do
     * @param listener hears how it goes on
     * @return what it gave
     * @throws BadInputException if checkpoint, manifest or a sound file can't be read, or the folder can't be written
     */
    public static DecodeResult decode(DecodeOptions options, DecodeListener listener) {
        OutputFolder.make(options.out());
        Torch.setThreads(options.threads());
        Checkpoint checkpoint = Checkpoint.read(options.checkpoint());
        Recognizer recognizer = new Recognizer(checkpoint.model(), checkpoint.tokens());
        List<ManifestEntry> entries = Manifest.read(options.manifest());
        if (entries.isEmpty()) {
            throw new BadInputException(options.manifest() + ": holds no utterances");
        }
        long begin = System.nanoTime();
        Map<Integer, Transcript> found = recognize(options, recognizer, entries, listener);
        double seconds = (System.nanoTime() - begin) / 1e9;
        List<ScoredUtterance> scored = new ArrayList<>();
        List<ManifestEntry> lines = new ArrayList<>();
        for (ManifestEntry entry : entries) {
            Transcript transcript = found.get(entry.line());
            if (transcript == null) {
                throw new IllegalStateException(entry.where() + " was lost");
            }
            scored.add(new ScoredUtterance(
                    entry.id(), WordErrors.words(entry.text()), WordErrors.words(transcript.text())));
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("pred_text", transcript.text());
            fields.put("pred_tokens", transcript.tokens());
            lines.add(entry.with(fields));
        }
        String name = options.name();
        Path out = options.out();
        WordErrors errors = ScoreFiles.write(out, name, METHOD, scored);
        Path manifest = out.resolve(name + ".jsonl");
        Manifest.write(manifest, lines);
        double audio = entries.stream().mapToDouble(ManifestEntry::duration).sum();
        return new DecodeResult(
                errors.wer(),
                errors.errors(),
                errors.substitutions(),
                errors.insertions(),
                errors.deletions(),
                errors.referenceWords(),
                entries.size(),
                audio,
                seconds,
                audio / seconds,
                checkpoint.file().toString(),
                out.resolve("recogs-" + name + ".txt").toString(),
                out.resolve("errs-" + name + ".txt").toString(),
                out.resolve("wer-summary-" + name + ".txt").toString(),
                manifest.toString());
    }

    private static Map<Integer, Transcript> recognize(
            DecodeOptions options, Recognizer recognizer, List<ManifestEntry> entries, DecodeListener listener) {
        FeatureLoader loader = new FeatureLoader(recognizer.model().config().fbank(), null, 0);
        Map<Integer, Transcript> found = new HashMap<>();
        for (List<ManifestEntry> batch : new BucketBatches(entries, options.maxDuration(), BUCKETS, 0).inOrder()) {
            List<Features> features = batch.parallelStream().map(loader::load).toList();
            List<Transcript> transcripts = recognizer.recognize(features);
            for (int i = 0; i < batch.size(); i++) {
                found.put(batch.get(i).line(), transcripts.get(i));
                listener.utterance(batch.get(i), transcripts.get(i));
            }
            listener.progress(found.size(), entries.size());
        }
        return found;
    }
}
