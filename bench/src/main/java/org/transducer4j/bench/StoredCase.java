package org.transducer4j.bench;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.method.Schedule;

/** Inputs of a loss with the answers that they must give. */
sealed interface StoredCase permits VectorCase, JointCase, PrunedCase {
    /** What tables show of a case, however it is stored. */
    record Head(String name, int batch, int frames, int labels, int vocabulary, int blank) {}

    Head head();

    /**
     * Computes it and compares.
     *
     * @param provider name of the kernel provider
     * @param schedule how the joint network goes through the nodes, or null for what is usual
     * @param occupancyFloor nodes at or below it have no part in the gradients of joint networks; 0 for none
     * @return a result for each part of the case
     */
    List<CaseResult> check(String provider, @Nullable Schedule schedule, double occupancyFloor);

    /**
     * Reads a case folder.
     *
     * @param folder has case.json and what it names
     * @param arena owner of the mapped files
     * @throws BadCaseException if something is missing or doesn't fit
     */
    static StoredCase read(Path folder, Arena arena) {
        CaseFile json = CaseFile.read(folder.resolve("case.json"));
        return switch (json.kind()) {
            case LOGITS -> VectorCase.read(folder, json, arena);
            case JOINT -> JointCase.read(folder, json, arena);
            case PRUNED -> PrunedCase.read(folder, json, arena);
            case OTHER -> throw json.bad("describes no case");
        };
    }
}
