package org.transducer4j.cli;

import org.transducer4j.bench.Origin;
import picocli.CommandLine.Model.CommandSpec;

/** What was typed. */
final class CommandLines {
    private CommandLines() {}

    /** The command line and the version, for files of results. */
    static Origin origin(CommandSpec spec) {
        return new Origin(
                "t4j "
                        + String.join(
                                " ", spec.root().commandLine().getParseResult().originalArgs()),
                Version.text());
    }
}
