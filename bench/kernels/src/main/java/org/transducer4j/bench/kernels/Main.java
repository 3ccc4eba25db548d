package org.transducer4j.bench.kernels;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./t4j bench kernels}: runs the benchmarks by JMH, each in a process of its own. */
@Command(
        name = "t4j bench kernels",
        sortOptions = false,
        description = {
            "Measures each kernel of the loss by JMH, in a process of its own.",
            "",
            "Prints the best and the median of the iterations. All of them take nine minutes; nothing else should run.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  t4j bench kernels --include Product --param provider=simd",
            "  t4j bench kernels --include 'Logits|Lattice' --json small.json"
        })
public final class Main implements Callable<Integer> {
    private static final int BAD_INPUT = 2;
    private static final String ROW = "%-37s %-53s %10s %10s  %s%n";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--include",
            paramLabel = "REGEX",
            description =
                    "Benchmarks whose name has a match, for example Lattice or ElementBenchmark.exp. Default: all.")
    private String include = "";

    @Option(
            names = "--param",
            paramLabel = "NAME=VALUE[,...]",
            description = "Only these values of a benchmark's parameter, for example threads=1. Can be repeated.")
    private List<String> params = List.of();

    @Option(names = "--quick", description = "One short iteration each: whether everything runs, not how fast.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Write JMH's own JSON there.")
    private @Nullable Path json;

    @SuppressWarnings("unused") // picocli looks at it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean help;

    private Main() {}

    /**
     * Runs the benchmarks and ends the process with an exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        int exitCode = run(
                new PrintWriter(System.out, true, System.out.charset()),
                new PrintWriter(System.err, true, System.err.charset()),
                args);
        System.exit(exitCode);
    }

    /** Runs the command with its words going to the given writers. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = new CommandLine(new Main());
        line.setOut(out);
        line.setErr(err);
        line.setParameterExceptionHandler((e, _) -> {
            err.println("t4j: " + e.getMessage() + " (see t4j bench kernels --help)");
            return BAD_INPUT;
        });
        line.setExecutionExceptionHandler((e, _, _) -> {
            err.println("t4j: " + e.getMessage());
            return 1;
        });
        return line.execute(args);
    }

    @Override
    public Integer call() throws RunnerException, IOException {
        checkPattern();
        checkJson();
        TimeValue time = quick ? TimeValue.milliseconds(100) : TimeValue.seconds(1);
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(include)
                .forks(1)
                .warmupIterations(quick ? 1 : 3)
                .warmupTime(time)
                .measurementIterations(quick ? 1 : 5)
                .measurementTime(time)
                .shouldFailOnError(true)
                .jvmArgsAppend("--add-modules=jdk.incubator.vector");
        Map<String, Set<String>> known = parameters();
        for (String param : params) {
            int equals = param.indexOf('=');
            if (equals < 1) {
                throw bad("--param is NAME=VALUE[,...], not \"" + param + "\"");
            }
            String name = param.substring(0, equals);
            String[] values = param.substring(equals + 1).split(",", -1);
            if (!known.containsKey(name)) {
                throw bad("--param: there is no parameter \"" + name + "\" but " + String.join(", ", known.keySet()));
            }
            for (String value : values) {
                if (!known.get(name).contains(value)) {
                    throw bad("--param: " + name + " is one of " + String.join(", ", known.get(name)) + ", not \""
                            + value + "\"");
                }
            }
            options.param(name, values);
        }
        spec.commandLine().getOut().printf(ROW, "benchmark", "parameters", "best", "median", "unit");
        Collection<RunResult> results = new Runner(options.build(), rows()).run();
        if (json != null) {
            write(results, json);
        }
        return 0;
    }

    private void checkPattern() {
        try {
            Pattern.compile(include);
        } catch (PatternSyntaxException e) {
            throw bad("--include: \"" + include + "\" is no regular expression: " + e.getDescription());
        }
    }

    /** The values of each parameter of the benchmarks that are to run. */
    private Map<String, Set<String>> parameters() {
        OutputFormat silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
        Set<BenchmarkListEntry> benchmarks = BenchmarkList.defaultList().find(silent, List.of(include), List.of());
        if (benchmarks.isEmpty()) {
            throw bad("no benchmark's name has a match of \"" + include + "\"");
        }
        Map<String, Set<String>> values = new TreeMap<>();
        for (BenchmarkListEntry benchmark : benchmarks) {
            benchmark
                    .getParams()
                    .orElse(Map.of())
                    .forEach((name, of) -> values.computeIfAbsent(name, _ -> new LinkedHashSet<>())
                            .addAll(List.of(of)));
        }
        return values;
    }

    private void checkJson() {
        if (json != null) {
            Path folder = json.toAbsolutePath().getParent();
            if (Files.isDirectory(json) || folder == null || !Files.isWritable(folder)) {
                throw bad("--json: " + json + " can't be written");
            }
        }
    }

    private ParameterException bad(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static void write(Collection<RunResult> results, Path file) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        ResultFormatFactory.getInstance(ResultFormatType.JSON, part.toString()).writeOut(results);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A row as soon as a benchmark has ended, and what JMH says of one that failed. */
    private OutputFormat rows() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        return (OutputFormat) Proxy.newProxyInstance(
                OutputFormat.class.getClassLoader(), new Class<?>[] {OutputFormat.class}, (_, method, args) -> {
                    if (method.getName().equals("endBenchmark") && args[0] instanceof BenchmarkResult result) {
                        out.print(row(result));
                        out.flush();
                    } else if (method.getName().equals("println") && args[0] instanceof String words) {
                        if (!words.isBlank() && !words.startsWith("#")) {
                            err.println(words);
                        }
                    }
                    return null;
                });
    }

    private static String row(BenchmarkResult result) {
        BenchmarkParams of = result.getParams();
        String[] names = of.getBenchmark().split("\\.");
        List<String> parameters = new ArrayList<>();
        for (String name : of.getParamsKeys()) {
            parameters.add(name + "=" + of.getParam(name));
        }
        Statistics scores = result.getPrimaryResult().getStatistics();
        double best = of.getMode() == Mode.Throughput ? scores.getMax() : scores.getMin();
        return String.format(
                ROW,
                names[names.length - 2] + "." + names[names.length - 1],
                String.join(" ", parameters),
                number(best),
                number(scores.getPercentile(50)),
                result.getScoreUnit());
    }

    private static String number(double x) {
        return String.format(x < 10 ? "%.3f" : "%.1f", x);
    }
}
