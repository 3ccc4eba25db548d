package org.transducer4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "prepare",
        description = "Makes manifests: longer utterances from clips, a part held out for validation.",
        footer = {"", "Example:", "  t4j prepare split --manifest all.jsonl --hold-out-speakers theo --out data"},
        subcommands = {PrepareConnectCommand.class, PrepareSplitCommand.class})
final class PrepareCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private PrepareCommand() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "prepare what: connect or split?");
    }
}
