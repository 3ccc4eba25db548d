package org.transducer4j.asr.search;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.score.ScoreFiles;
import org.transducer4j.asr.score.ScoredUtterance;
import org.transducer4j.asr.score.WordErrors;
import org.transducer4j.loss.kernel.KernelProvider;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.speech.OutputFolder;
import org.transducer4j.speech.corpus.CorpusReader;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.corpus.NemoManifest;
import org.transducer4j.torch.Torch;

/** Recognises a manifest, scores it, and writes the files of both; nothing is written before all is recognised. */
public final class ManifestDecoder {
    private ManifestDecoder() {}

    /**
     * @param options what to do
     * @param listener hears how it goes on
     * @return what it gave
     * @throws IllegalArgumentException if there is no such search method or kernel provider
     * @throws org.transducer4j.speech.BadInputException if checkpoint, manifest or a sound file can't be read, or the folder can't be written
     */
    public static DecodeResult decode(DecodeOptions options, DecodeListener listener) {
        KernelProvider provider = options.provider() == null ? null : KernelProviders.choose(options.provider());
        SearchMethod method = SearchMethods.find(options.search());
        Torch.setThreads(options.threads());
        Checkpoint checkpoint = Checkpoint.read(options.checkpoint());
        try (Recognizer recognizer = Recognizer.open(checkpoint, method, provider)) {
            return decode(options, method, checkpoint, recognizer, listener);
        }
    }

    private static DecodeResult decode(
            DecodeOptions options,
            SearchMethod method,
            Checkpoint checkpoint,
            Recognizer recognizer,
            DecodeListener listener) {
        List<CorpusUtterance> entries = CorpusReader.open(options.manifest());
        OutputFolder.make(options.out());
        long begin = System.nanoTime();
        List<Transcript> found = ManifestPass.run(
                options, checkpoint.config().fbank(), entries, entry -> entry, listener, (batch, features) -> {
                    List<Transcript> transcripts = recognizer.recognize(features);
                    for (int i = 0; i < batch.size(); i++) {
                        listener.utterance(batch.get(i), transcripts.get(i));
                    }
                    return transcripts;
                });
        double seconds = (System.nanoTime() - begin) / 1e9;
        List<ScoredUtterance> scored = new ArrayList<>();
        List<CorpusUtterance> lines = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            CorpusUtterance entry = entries.get(i);
            Transcript transcript = found.get(i);
            scored.add(new ScoredUtterance(
                    entry.id(), WordErrors.words(entry.text()), WordErrors.words(transcript.text())));
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("pred_text", transcript.text());
            fields.put(
                    "pred_tokens",
                    transcript.tokens().stream().map(ManifestDecoder::timed).toList());
            lines.add(entry.with(fields));
        }
        String name = options.name();
        Path out = options.out();
        WordErrors errors = ScoreFiles.write(out, name, method.name().replace('-', '_') + "_search", scored);
        Path manifest = out.resolve(name + ".jsonl");
        NemoManifest.write(manifest, lines);
        double audio = entries.stream().mapToDouble(CorpusUtterance::duration).sum();
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

    private static Map<String, Object> timed(TimedToken token) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("piece", token.piece());
        fields.put("start", token.start());
        return fields;
    }
}
