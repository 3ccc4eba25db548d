package org.transducer4j.asr.search;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.model.FeatureBatch;
import org.transducer4j.asr.model.ModelConfig;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.NonFinite;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.lattice.BestPath;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.CodePoints;
import org.transducer4j.speech.OutputFolder;
import org.transducer4j.speech.WhiteSpace;
import org.transducer4j.speech.corpus.CorpusReader;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.corpus.Ctm;
import org.transducer4j.speech.corpus.NemoManifest;
import org.transducer4j.speech.feature.Features;
import org.transducer4j.speech.token.TokenTimes;
import org.transducer4j.speech.token.Tokenizer;
import org.transducer4j.torch.Torch;
import org.transducer4j.torch.loss.TransducerHead;

/**
 * Aligns the transcripts of a manifest with a trained model: the frame of each token on the most probable path of the
 * model's own lattice. So alignment-restricted training needs no other recogniser.
 */
public final class ManifestAligner {
    private ManifestAligner() {}

    /** An utterance and its labels. */
    private record Labelled(CorpusUtterance entry, int[] labels) {}

    /** An utterance, its labels and where they are. */
    private record Aligned(CorpusUtterance entry, int[] labels, BestPath path) {
        boolean found() {
            return Double.isFinite(path.logProbability());
        }
    }

    /**
     * Writes {@code NAME.jsonl}, the manifest with an alignment in each line ({@link TokenTimes}), and {@code NAME.ctm}. An
     * utterance without a path is named in a warning and left out; nothing is written before all is done.
     *
     * @param options what to align
     * @param overwrite whether files of these names may be replaced
     * @param listener hears how it goes on
     * @return what it gave
     * @throws IllegalArgumentException if there is no such kernel provider
     * @throws BadInputException if the checkpoint isn't a transducer's; if checkpoint, manifest, a transcript or a sound file can't be used, no utterance has a path,
     *     or the files can't be written
     */
    public static AlignResult align(DecodeOptions options, boolean overwrite, DecodeListener listener) {
        Path manifest = options.out().resolve(options.name() + ".jsonl");
        Path ctm = options.out().resolve(options.name() + ".ctm");
        refuseWhatIsThere(manifest, overwrite);
        refuseWhatIsThere(ctm, overwrite);
        List<CorpusUtterance> entries = CorpusReader.open(options.manifest());
        if (isSameFile(manifest, options.manifest())) {
            throw new BadInputException(manifest + ": is the manifest to align; choose another folder or name");
        }
        String provider = KernelProviders.choose(options.provider()).name();
        Torch.setThreads(options.threads());
        Checkpoint checkpoint = Checkpoint.read(options.checkpoint());
        TransducerModel model = checkpoint.model();
        Tokenizer tokens = checkpoint.tokens();
        if (model.config().criterion() == ModelConfig.Criterion.CTC) {
            throw new BadInputException(
                    checkpoint.file() + ": is a CTC model; only a transducer has the lattice to align with");
        }
        List<Labelled> labelled = labelled(entries, tokens);
        OutputFolder.make(options.out());
        long begin = System.nanoTime();
        List<Aligned> all;
        try (TransducerHead head = new TransducerHead(LossOptions.defaults()
                .withProvider(provider)
                .withThreads(options.threads())
                .withLattice(model.config().lattice())
                .withNonFinite(NonFinite.SKIP))) {
            all = ManifestPass.run(
                    options,
                    model.config().fbank(),
                    labelled,
                    Labelled::entry,
                    listener,
                    (batch, features) -> align(model, head, batch, features));
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        List<Aligned> found = all.stream().filter(Aligned::found).toList();
        for (Aligned aligned : all) {
            if (!aligned.found()) {
                listener.warning("utterance " + aligned.entry.title() + " has no path for its " + aligned.labels.length
                        + " tokens: it is left out");
            }
        }
        if (found.isEmpty()) {
            throw new BadInputException(options.manifest() + ": no utterance has a path through the model");
        }
        double frameSeconds = model.frameSeconds();
        Map<String, List<Ctm.Word>> words = new LinkedHashMap<>();
        found.forEach(aligned -> words.put(aligned.entry.id(), words(aligned, tokens, frameSeconds)));
        Ctm.write(ctm, words);
        NemoManifest.write(
                manifest,
                found.stream()
                        .map(aligned -> withField(aligned, tokens, frameSeconds))
                        .toList());
        long count = found.stream().mapToLong(aligned -> aligned.labels.length).sum();
        double logProbability = found.stream()
                .mapToDouble(aligned -> aligned.path.logProbability())
                .sum();
        return new AlignResult(
                found.size(),
                all.size() - found.size(),
                count,
                logProbability / Math.max(1, count),
                found.stream().mapToDouble(aligned -> aligned.entry.duration()).sum(),
                seconds,
                checkpoint.file().toString(),
                manifest.toString(),
                ctm.toString());
    }

    /** Finds out what would otherwise be found out after the work. */
    private static List<Labelled> labelled(List<CorpusUtterance> entries, Tokenizer tokens) {
        List<Labelled> labelled = new ArrayList<>();
        Map<String, CorpusUtterance> byId = new HashMap<>();
        for (CorpusUtterance entry : entries) {
            labelled.add(new Labelled(entry, tokens.encode(entry)));
            CorpusUtterance other = byId.putIfAbsent(entry.id(), entry);
            if (other != null) {
                throw new BadInputException(entry.where() + ": id \"" + entry.id() + "\" is that of line "
                        + other.origin().line() + ", too: a CTM file needs different ones");
            }
            if (WhiteSpace.in(entry.id())) {
                throw new BadInputException(entry.where() + ": id " + CodePoints.quoted(entry.id())
                        + " has white space in it, which ends a CTM file's column: give the line another \"id\"");
            }
        }
        return labelled;
    }

    private static void refuseWhatIsThere(Path file, boolean overwrite) {
        if (Files.exists(file) && !overwrite) {
            throw new BadInputException(file + ": exists; it is replaced only with --overwrite");
        }
    }

    private static boolean isSameFile(Path a, Path b) {
        try {
            return Files.exists(a) && Files.isSameFile(a, b);
        } catch (IOException e) {
            throw BadInputException.unreadable(a, e);
        }
    }

    private static List<Aligned> align(
            TransducerModel model, TransducerHead head, List<Labelled> batch, List<Features> features) {
        int[][] labels = batch.stream().map(Labelled::labels).toArray(int[][]::new);
        List<String> names =
                batch.stream().map(utterance -> utterance.entry.title()).toList();
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            FeatureBatch padded = model.batch(features);
            Tensor encoded = model.encode(padded, false).output();
            List<BestPath> paths = head.align(model.headInput(encoded, padded.frames(), labels, names, false));
            return IntStream.range(0, labels.length)
                    .mapToObj(b -> new Aligned(batch.get(b).entry, labels[b], paths.get(b)))
                    .toList();
        }
    }

    private static CorpusUtterance withField(Aligned aligned, Tokenizer tokens, double frameSeconds) {
        List<String> pieces =
                Arrays.stream(aligned.labels).mapToObj(tokens::piece).toList();
        return aligned.entry.with(TokenTimes.field(pieces, aligned.path.frames(), frameSeconds));
    }

    /** From the frame of a word's first token, a space apart, to the end of that of its last. */
    private static List<Ctm.Word> words(Aligned aligned, Tokenizer tokens, double frameSeconds) {
        List<Ctm.Word> words = new ArrayList<>();
        for (Tokenizer.Word word : tokens.words(aligned.labels)) {
            int from = word.from();
            while (tokens.piece(aligned.labels[from]).equals(Tokenizer.SPACE)) {
                from++;
            }
            int first = aligned.path.frames()[from];
            int last = aligned.path.frames()[word.to() - 1];
            words.add(new Ctm.Word(word.text(), first * frameSeconds, (last + 1 - first) * frameSeconds));
        }
        return words;
    }
}
