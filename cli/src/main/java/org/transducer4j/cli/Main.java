package org.transducer4j.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code t4j} command. */
@Command(name = "t4j", mixinStandardHelpOptions = true, description = "Trains neural transducers on the JVM.")
public final class Main implements Runnable {
    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    /**
     * Runs the command and ends the process with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        StandardError.restore();
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
