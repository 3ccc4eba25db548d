package org.transducer4j.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code t4j} command. */
@Command(
        name = "t4j",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        description = "Trains neural transducers on the JVM, exactly, in memory that doesn't grow with the batch.",
        subcommandsRepeatable = false,
        subcommands = {
            TrainCommand.class,
            DecodeCommand.class,
            AlignCommand.class,
            ExportCommand.class,
            PrepareCommand.class,
            PlanCommand.class,
            ReportCommand.class,
            VerifyCommand.class,
            BenchCommand.class,
            DoctorCommand.class,
            DemoCommand.class
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show the stack trace of an error.")
    private boolean verbose;

    private Main() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    /**
     * Runs the command and ends the process with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        StandardError.restore();
        Interruption.handle();
        // Numbers look the same everywhere, as files and other programs need them.
        Locale.setDefault(Locale.ROOT);
        int exitCode = run(writer(System.out), writer(System.err), args);
        System.out.flush();
        Interruption.finished();
        System.exit(exitCode);
    }

    /** Runs the command with its words going to the given writers. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        Main main = new Main();
        CommandLine line = new CommandLine(main);
        line.setOut(out);
        line.setErr(err);
        line.setUsageHelpWidth(usageWidth());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((e, _) -> {
            String command = e.getCommandLine().getCommandSpec().qualifiedName();
            String message = Failure.oneLine(String.valueOf(e.getMessage())).replaceFirst("^Error: ", "");
            if (e instanceof UnmatchedArgumentException unmatched
                    && !unmatched.getSuggestions().isEmpty()) {
                message += "; did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
            }
            err.println("t4j: " + message + " (see " + command + " --help)");
            return ExitCode.BAD_INPUT;
        });
        line.setExecutionExceptionHandler((e, _, _) -> main.report(e, err));
        try {
            return line.execute(args);
        } catch (Throwable e) {
            return main.report(e, err);
        }
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    private int report(Throwable e, PrintWriter err) {
        if (verbose) {
            err.print(Failure.stackTrace(e));
        }
        Failure failure = Failure.of(e);
        err.println("t4j: " + failure.message());
        return failure.exitCode();
    }

    private static int usageWidth() {
        String columns = System.getenv("COLUMNS");
        int width = columns != null && columns.matches("\\d{1,4}") ? Integer.parseInt(columns) : 100;
        return Math.clamp(width, 60, 120);
    }
}
