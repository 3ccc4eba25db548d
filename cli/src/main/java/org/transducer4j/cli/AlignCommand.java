package org.transducer4j.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.search.AlignResult;
import org.transducer4j.asr.search.DecodeOptions;
import org.transducer4j.asr.search.ManifestAligner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "align",
        sortOptions = false,
        customSynopsis = "t4j align --checkpoint DIR|FILE --manifest FILE --out DIR [OPTION]...",
        description = {
            "Finds out when each token of a manifest's transcripts is said: the most probable path of a trained model.",
            "",
            "DIR gets NAME.jsonl, the manifest's lines with the frame of each token, and NAME.ctm with the words' times."
                    + " Utterances that have no path are named and left out.",
            ""
        },
        footer = {"", "Example:", "  t4j align --checkpoint model --manifest data/train.jsonl --out aligned"})
final class AlignCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelFlags flags;

    @Option(names = "--overwrite", description = "Replace the files there.")
    private boolean overwrite;

    @Option(names = "--provider", paramLabel = "NAME", description = ModelFlags.PROVIDER)
    private @Nullable String provider;

    @Mixin
    private JsonOutput json = new JsonOutput();

    private AlignCommand() {}

    @Override
    public Integer call() {
        DecodeOptions options = flags.options().withProvider(provider);
        json.check();
        ProgressLine line = new ProgressLine(spec.commandLine().getOut());
        AlignResult result = ManifestAligner.align(options, overwrite, ModelFlags.show(line));
        json.write(result);
        line.println("%d utterances, %d tokens aligned, %d utterances left out; log-probability %.3f a token"
                .formatted(result.utterances(), result.tokens(), result.leftOut(), result.logProbabilityPerToken()));
        line.println("%s of sound in %s; %s, %s"
                .formatted(
                        ProgressLine.duration(result.audioSeconds()),
                        ProgressLine.duration(result.seconds()),
                        result.manifest(),
                        result.ctm()));
        return ExitCode.OK;
    }
}
