package org.transducer4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The case folders under a folder.
 *
 * @param cases those to compute, by name
 * @param skipped a sentence for each folder that is something else
 */
record VectorFolders(List<Path> cases, List<String> skipped) {
    /**
     * Looks for case folders: the folder itself, its subfolders, or those of its subfolders.
     *
     * @throws BadCaseException if there's none
     */
    static VectorFolders find(Path directory) {
        if (!Files.exists(directory)) {
            throw new BadCaseException(directory + ": no such folder");
        }
        if (!Files.isDirectory(directory)) {
            throw new BadCaseException(directory + ": is no folder");
        }
        VectorFolders found = new VectorFolders(new ArrayList<>(), new ArrayList<>());
        found.collect(directory, 0);
        if (found.cases.isEmpty()) {
            throw new BadCaseException(
                    directory + ": has no case folder (case.json with the arrays of one of the cases that"
                            + " docs/verify.md names)"
                            + (found.skipped.isEmpty() ? "" : "; " + String.join("; ", found.skipped)));
        }
        return found;
    }

    /** What tables call a case: its folder's name. */
    static String name(Path folder) {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }

    private void collect(Path folder, int depth) {
        Path json = folder.resolve("case.json");
        if (Files.exists(json)) {
            if (CaseFile.read(json).kind() == CaseFile.Kind.OTHER) {
                skipped.add(folder + ": skipped, its case.json describes none of the cases that docs/verify.md names");
            } else {
                cases.add(folder);
            }
            return;
        }
        if (list(folder, VectorFolders::isRawArray).findAny().isPresent()) {
            throw new BadCaseException(json + ": no such file, though the folder has arrays");
        }
        if (depth < 2) {
            list(
                            folder,
                            path -> Files.isDirectory(path)
                                    && !String.valueOf(path.getFileName()).startsWith("."))
                    .forEach(path -> collect(path, depth + 1));
        }
    }

    private static boolean isRawArray(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.endsWith(".f4") || name.endsWith(".f8") || name.endsWith(".i4") || name.endsWith(".i8");
    }

    private static Stream<Path> list(Path folder, Predicate<Path> which) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(which).sorted().toList().stream();
        } catch (IOException e) {
            throw new BadCaseException(folder + ": can't be read: " + e.getMessage());
        }
    }
}
