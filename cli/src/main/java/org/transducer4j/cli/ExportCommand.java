package org.transducer4j.cli;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.Callable;
import org.transducer4j.asr.export.Exporter;
import org.transducer4j.asr.export.Exporters;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "export",
        sortOptions = false,
        customSynopsis = "t4j export NAME --checkpoint DIR|FILE --out DIR",
        description = {
            "Writes a trained model in another form, into a new folder.",
            "",
            "weights: model.safetensors, the averaged weights without what a training needs to go on, tokens.txt and"
                    + " config.json. Every command that takes a checkpoint takes that folder, too.",
            ""
        },
        footer = {"", "Example:", "  t4j export weights --checkpoint model --out exported"})
final class ExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            completionCandidates = Names.class,
            description = "The form: ${COMPLETION-CANDIDATES}.")
    private String name;

    @Option(
            names = "--checkpoint",
            required = true,
            paramLabel = "DIR|FILE",
            description = "A folder of t4j train, whose best model is taken, or a checkpoint file.")
    private Path checkpoint;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The new folder.")
    private Path out;

    private ExportCommand() {}

    /** What is registered. */
    static final class Names implements Iterable<String> {
        Names() {}

        @Override
        public Iterator<String> iterator() {
            return Exporters.registry().all().stream().map(Exporter::name).iterator();
        }
    }

    @Override
    public Integer call() {
        Path read = Exporters.export(name, checkpoint, out);
        spec.commandLine().getOut().println(read + " as " + name + " in " + out);
        return ExitCode.OK;
    }
}
