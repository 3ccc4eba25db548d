package org.transducer4j.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.WholeFile;

/** Makes a page from a folder. */
public final class Report {
    private Report() {}

    /**
     * Writes the page. It appears as a whole or not at all.
     *
     * @param options what to show
     * @throws BadInputException if the folder holds neither a training nor measurements, a file of it can't be read, the utterance isn't
     *     there, or the page can't be written
     */
    public static void write(ReportOptions options) {
        Path folder = options.folder();
        if (!Files.isDirectory(folder)) {
            throw new BadInputException(folder + ": " + (Files.exists(folder) ? "is no folder" : "no such folder"));
        }
        boolean training = Files.exists(folder.resolve(TrainingReport.METRICS));
        List<Path> measurements = training ? List.of() : BenchReport.files(folder);
        if (!training && measurements.isEmpty()) {
            throw new BadInputException(folder + ": is no folder of t4j train (" + TrainingReport.METRICS
                    + ") or of measurements (a JSON file with tables)");
        }
        WholeFile.check(options.out());
        Page page = new Page((training ? "Training: " : "Measurements: ")
                + folder.toAbsolutePath().normalize().getFileName());
        if (options.utterance() != null) {
            if (!training) {
                throw new BadInputException(folder + ": holds measurements; an utterance needs a folder of t4j train");
            }
            UtteranceReport.write(options, options.utterance(), page);
            page.heading("The training");
        }
        if (training) {
            TrainingReport.write(folder, page);
        }
        measurements.forEach(file -> BenchReport.write(file, page));
        WholeFile.write(options.out(), page.html());
    }
}
