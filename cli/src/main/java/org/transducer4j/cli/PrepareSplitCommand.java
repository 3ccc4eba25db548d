package org.transducer4j.cli;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.corpus.HoldOut;
import org.transducer4j.speech.corpus.Split;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "split",
        sortOptions = false,
        description = {
            "Splits a manifest: DIR/train.jsonl, and DIR/valid.jsonl with what is held out. Sound files stay where they are.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  t4j prepare split --manifest clips.jsonl --hold-out-takes 0-9 --out data",
            "  t4j prepare split --manifest clips.jsonl --hold-out-speakers theo,lucas --out data"
        })
final class PrepareSplitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--manifest", required = true, paramLabel = "FILE", description = "Manifest to split.")
    private Path manifest;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Rule rule;

    @Option(
            names = "--take-pattern",
            paramLabel = "REGEX",
            defaultValue = HoldOut.TAKE_PATTERN,
            description = "Where an id has its take: the first group is the number. Default: ${DEFAULT-VALUE}.")
    private String takePattern;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of --hold-out-fraction. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for the two manifests.")
    private Path out;

    @Option(names = "--overwrite", description = "Replace the manifests there.")
    private boolean overwrite;

    /** What is held out; one of them. */
    private static final class Rule {
        @Option(
                names = "--hold-out-speakers",
                required = true,
                split = ",",
                paramLabel = "NAME",
                description = "All utterances of these speakers (the manifest's \"speaker\").")
        private @Nullable List<String> speakers;

        @Option(
                names = "--hold-out-takes",
                required = true,
                paramLabel = "RANGES",
                description = "Takes by the number in the id, such as 0-9 or 3,7,20-29.")
        private @Nullable String takes;

        @Option(
                names = "--hold-out-fraction",
                required = true,
                paramLabel = "X",
                description = "A random share of the utterances, such as 0.1.")
        private @Nullable Double fraction;

        private Rule() {}

        HoldOut rule(String takePattern, long seed) {
            if (speakers != null) {
                Set<String> names = new LinkedHashSet<>();
                speakers.forEach(name -> names.add(name.strip()));
                return new HoldOut.Speakers(names);
            }
            if (takes != null) {
                return HoldOut.Takes.parse(takes, takePattern);
            }
            if (fraction != null) {
                return new HoldOut.Fraction(fraction, seed);
            }
            throw new IllegalArgumentException("nothing to hold out");
        }
    }

    private PrepareSplitCommand() {}

    @Override
    public Integer call() {
        Split.Result made = Split.run(manifest, rule.rule(takePattern, seed), out, overwrite);
        spec.commandLine()
                .getOut()
                .println("%s: %d utterances%n%s: %d utterances held out"
                        .formatted(made.train(), made.trainUtterances(), made.valid(), made.validUtterances()));
        return ExitCode.OK;
    }
}
