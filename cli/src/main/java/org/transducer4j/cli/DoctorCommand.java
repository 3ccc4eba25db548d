package org.transducer4j.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "doctor",
        description = {
            "Looks at this machine: JDK, JVM flags, processor, kernel providers and why each is off, libtorch, memory.",
            "",
            "Ends with exit code 1 if training can't work here.",
            ""
        },
        footer = {"", "Example:", "  t4j doctor"})
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private DoctorCommand() {}

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        boolean well = true;
        for (Finding finding : Diagnosis.run()) {
            out.println(finding);
            well &= finding.state() != Finding.State.PROBLEM;
        }
        out.println(
                well ? "All that training needs is here." : "Training can't work here: see the lines marked PROBLEM.");
        return well ? ExitCode.OK : ExitCode.FAILED;
    }
}
