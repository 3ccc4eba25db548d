package org.transducer4j.report;

import java.nio.file.Files;
import java.nio.file.Path;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.WholeFile;

/** Makes a page from a folder. */
public final class Report {
    private Report() {}

    /**
     * Sees to it, before any work, that there is something to show and the page can be written. The file of the utterance needn't be there
     * yet.
     *
     * @param options what to show
     * @throws BadInputException if the folder holds neither a training nor measurements, or there's an utterance but no training, or the page
     *     can't be written
     */
    public static void check(ReportOptions options) {
        Path folder = options.folder();
        if (!Files.isDirectory(folder)) {
            throw new BadInputException(folder + ": " + (Files.exists(folder) ? "is no folder" : "no such folder"));
        }
        if (!isTraining(folder) && BenchReport.files(folder).isEmpty()) {
            throw new BadInputException(folder + ": is no folder of t4j train (" + TrainingReport.METRICS
                    + ") or of measurements (a JSON file with tables)");
        }
        WholeFile.check(options.out());
        if (options.utterance() != null && !isTraining(folder)) {
            throw new BadInputException(folder + ": holds measurements; an utterance needs a folder of t4j train");
        }
    }

    /**
     * Writes the page. It appears as a whole or not at all.
     *
     * @param options what to show
     * @throws BadInputException as {@link #check}, or if a file of the folder or that of the utterance can't be read
     */
    public static void write(ReportOptions options) {
        check(options);
        Path folder = options.folder();
        boolean training = isTraining(folder);
        Page page = new Page((training ? "Training: " : "Measurements: ")
                + folder.toAbsolutePath().normalize().getFileName());
        if (options.utterance() != null) {
            UtteranceReport.write(options.utterance(), options, page);
            page.heading("The training");
        }
        if (training) {
            TrainingReport.write(folder, page);
        } else {
            BenchReport.files(folder).forEach(file -> BenchReport.write(file, page));
        }
        WholeFile.write(options.out(), page.html());
    }

    private static boolean isTraining(Path folder) {
        return Files.exists(folder.resolve(TrainingReport.METRICS));
    }
}
