package org.transducer4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.transducer4j.asr.search.UtteranceView;
import org.transducer4j.report.Report;
import org.transducer4j.report.ReportOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "report",
        sortOptions = false,
        customSynopsis = "t4j report DIR [--utterance ID [--manifest FILE]] [OPTION]...",
        description = {
            "Makes a page from a training or from measurements: one HTML file that needs nothing else.",
            "",
            "With an utterance it also shows what the trained model makes of it: sound, spectrogram, when each word is said,"
                    + " and the occupancy of its lattice.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  t4j report model",
            "  t4j report demo/model --utterance digits-00003 --out digits.html"
        })
final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "A folder of t4j train, or of measurements.")
    private Path folder;

    @Option(names = "--utterance", paramLabel = "ID", description = "Look into this utterance.")
    private @Nullable String utterance;

    @Option(
            names = "--manifest",
            paramLabel = "FILE",
            description = "Where the utterance is. Default: the training's manifests, validation first.")
    private @Nullable Path manifest;

    @Option(names = "--out", paramLabel = "FILE", description = "The page. Default: report.html in DIR.")
    private @Nullable Path out;

    @Option(
            names = "--buffer",
            paramLabel = "N",
            defaultValue = "5",
            description = "Frames to both sides of the aligned band that is drawn. Default: ${DEFAULT-VALUE}.")
    private int buffer;

    @Option(
            names = "--prune-range",
            paramLabel = "S",
            defaultValue = "5",
            description = "Label positions of the pruned band that is drawn. Default: ${DEFAULT-VALUE}.")
    private int pruneRange;

    private ReportCommand() {}

    @Override
    public Integer call() throws IOException {
        if (utterance == null && manifest != null) {
            throw new IllegalArgumentException("a manifest is only of use with an utterance: --utterance ID");
        }
        Path page = out == null ? folder.resolve("report.html") : out;
        // Between the model, which asr knows, and the page, which report draws: a file, gone when the page is there.
        Path view = utterance == null
                ? null
                : page.resolveSibling(
                        "." + page.getFileName() + "." + ProcessHandle.current().pid() + ".utterance");
        ReportOptions options = new ReportOptions(folder, page, view, buffer, pruneRange);
        Report.check(options);
        if (utterance != null && view != null) {
            try {
                UtteranceView.of(folder, utterance, manifest).write(view);
                Report.write(options);
            } finally {
                Files.deleteIfExists(view);
            }
        } else {
            Report.write(options);
        }
        spec.commandLine().getOut().println(page.toAbsolutePath().normalize());
        return ExitCode.OK;
    }
}
