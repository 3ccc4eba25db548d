package org.transducer4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        description = "Measures and compares.",
        subcommands = {
            BenchHeadCommand.class,
            BenchAccuracyCommand.class,
            BenchGrowthCommand.class,
            BenchPapersCommand.class,
            BenchTrainingCommand.class,
            BenchHighlightCommand.class
        },
        // The launcher starts these, as JMH is no part of the program.
        footer = {"", "./t4j bench kernels measures each kernel of the loss by JMH; see its --help."})
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private BenchCommand() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "bench what: head, accuracy, growth, papers, training, highlight or kernels?");
    }
}
