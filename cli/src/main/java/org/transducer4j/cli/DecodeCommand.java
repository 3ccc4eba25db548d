package org.transducer4j.cli;

import java.util.Iterator;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.search.DecodeOptions;
import org.transducer4j.asr.search.DecodeResult;
import org.transducer4j.asr.search.ManifestDecoder;
import org.transducer4j.asr.search.SearchMethod;
import org.transducer4j.asr.search.SearchMethods;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "decode",
        sortOptions = false,
        customSynopsis = "t4j decode --checkpoint DIR|FILE --manifest FILE --out DIR [OPTION]...",
        description = {
            "Recognises the utterances of a manifest and scores them.",
            "",
            "DIR gets recogs-NAME.txt, errs-NAME.txt and wer-summary-NAME.txt in icefall's form, and the manifest's lines"
                    + " with pred_text and token times. The checkpoint holds the model's whole configuration.",
            ""
        },
        footer = {
            "",
            "Example:",
            "  t4j decode --checkpoint model --manifest data/valid.jsonl --out result --json result.json"
        })
final class DecodeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelFlags flags;

    @Option(
            names = "--search",
            paramLabel = "NAME",
            defaultValue = SearchMethods.DEFAULT,
            completionCandidates = Searches.class,
            description = "How to search: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private String search;

    @Option(names = "--provider", paramLabel = "NAME", description = ModelFlags.PROVIDER)
    private @Nullable String provider;

    @Mixin
    private JsonOutput json = new JsonOutput();

    private DecodeCommand() {}

    /** What is registered. */
    static final class Searches implements Iterable<String> {
        Searches() {}

        @Override
        public Iterator<String> iterator() {
            return SearchMethods.registry().all().stream()
                    .map(SearchMethod::name)
                    .iterator();
        }
    }

    @Override
    public Integer call() {
        DecodeOptions options = flags.options().withSearch(search).withProvider(provider);
        json.check();
        ProgressLine line = new ProgressLine(spec.commandLine().getOut());
        DecodeResult result = ManifestDecoder.decode(options, ModelFlags.show(line));
        json.write(result);
        line.println("WER %.2f %% (%d of %d: %d sub, %d ins, %d del)"
                .formatted(
                        result.wer(),
                        result.errors(),
                        result.referenceWords(),
                        result.substitutions(),
                        result.insertions(),
                        result.deletions()));
        line.println("%d utterances, %s of sound in %s; results in %s"
                .formatted(
                        result.utterances(),
                        ProgressLine.duration(result.audioSeconds()),
                        ProgressLine.duration(result.seconds()),
                        options.out()));
        return ExitCode.OK;
    }
}
