package org.transducer4j.loss.internal.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.transducer4j.loss.input.MemoryPlan;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.kernel.Flight;
import org.transducer4j.loss.kernel.Head;
import org.transducer4j.loss.kernel.Member;
import org.transducer4j.loss.lattice.Band;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.loss.method.MemoryBudgetException;
import org.transducer4j.loss.method.Schedule;

/** Cuts a batch into groups and their rows into tiles, so that everything stays inside the budget, and says what that costs. */
final class Planner {
    private final Head head;

    /** Rows of a tile where nothing needs to be kept for a backward pass. */
    private final long passingRows;

    private final MemoryBudget budget;

    /** Bytes of the budget that gradients need which take the place of outputs. */
    private final long room;

    private final boolean gradients;

    /**
     * Utterances in flight together.
     *
     * @param from index of the first in the batch
     * @param members the utterances
     * @param rows all their rows
     * @param tileRows rows of a tile; the first has what is left, as the logits of the last one stay
     */
    record Plan(int from, List<Member> members, long rows, long tileRows) {
        /** Rows whose logits don't stay until the backward pass: all but the last tile's. */
        long rowsAgain() {
            return Math.max(0, rows - tileRows);
        }

        /** Number of tiles. */
        int tiles() {
            return Math.toIntExact((rows + tileRows - 1) / tileRows);
        }

        /** First row of a tile, or the end of the one before. */
        long begin(int tile) {
            return Math.max(0, rows - (tiles() - tile) * tileRows);
        }

        /** Rows of one tile. */
        int rowsOf(int tile) {
            return Math.toIntExact(begin(tile + 1) - begin(tile));
        }
    }

    Planner(Head head, MemoryBudget budget, boolean gradients, long room) {
        this.head = head;
        passingRows = 2L * head.rowsTogether();
        this.budget = budget;
        this.gradients = gradients;
        this.room = room;
    }

    /** The room that gradients need which take the place of outputs: that of the largest group, sample by sample or tiled of the largest utterance. */
    static long room(Schedule schedule, List<Member> batch) {
        int together = switch (schedule) {
            case Schedule.Batched _, Schedule.Packed _ -> batch.size();
            case Schedule.Split split -> split.size();
            case Schedule.SampleWise _, Schedule.Tiled _ -> 1;
        };
        long most = 0;
        for (int from = 0; from < batch.size(); from += together) {
            most = Math.max(most, floats(batch.subList(from, Math.min(batch.size(), from + together))));
        }
        return most * Float.BYTES;
    }

    /** Gradients of a group that take the place of outputs. */
    private static long floats(List<Member> group) {
        long floats = 0;
        for (Member member : group) {
            floats += floats(member.utterance().encoder())
                    + floats(member.utterance().predictor());
        }
        return floats;
    }

    private static long floats(Parameter parameter) {
        return parameter.isInPlace()
                ? parameter.value().rows() * parameter.value().columns()
                : 0;
    }

    /** What a group needs in all. */
    private long bytes(List<Member> members, long tileRows) {
        return head.scratchBytes(members, tileRows) + room;
    }

    /** How the batch travels; or a refusal, if that isn't possible within the budget. */
    List<Plan> plan(Schedule schedule, List<Member> batch) {
        List<Plan> plans = layOut(schedule, batch);
        switch (schedule) {
            case Schedule.Batched _, Schedule.Split _, Schedule.Packed _ ->
                plans.forEach(plan -> checkWhole(schedule.word(), plan));
            case Schedule.SampleWise _, Schedule.Tiled _ -> checkSmallest(batch);
        }
        return plans;
    }

    /** What the batch would cost, also where it would be refused. */
    MemoryPlan cost(Schedule schedule, List<Member> batch) {
        List<Plan> plans = layOut(schedule, batch);
        Optional<String> refusal = Optional.empty();
        try {
            plan(schedule, batch);
        } catch (MemoryBudgetException e) {
            refusal = Optional.of(String.valueOf(e.getMessage()));
        }
        List<Flight> flights = plans.stream()
                .map(plan -> new Flight(plan.members(), plan.tileRows()))
                .toList();
        return new MemoryPlan(
                head.peakScratch(flights, budget.bytes() - room).withRoom(room),
                plans.size(),
                plans.stream().mapToLong(Plan::tileRows).max().orElseThrow(),
                plans.stream().mapToLong(Plan::rows).sum(),
                gradients ? plans.stream().mapToLong(Plan::rowsAgain).sum() : 0,
                refusal);
    }

    private List<Plan> layOut(Schedule schedule, List<Member> batch) {
        return switch (schedule) {
            case Schedule.Batched batched -> List.of(whole(0, padded(batch)));
            case Schedule.Split split ->
                cut(batch, split.size()).stream()
                        .map(part -> whole(part.from, padded(part.members)))
                        .toList();
            case Schedule.Packed packed -> List.of(whole(0, batch));
            case Schedule.SampleWise sampleWise ->
                cut(batch, 1).stream()
                        .map(part -> tiles(part.from, part.members))
                        .toList();
            case Schedule.Tiled tiled -> fill(batch);
        };
    }

    /** Each utterance must fit with the smallest tile; else nothing is begun, and the largest need is named. */
    private void checkSmallest(List<Member> batch) {
        long most = 0;
        Utterance largest = batch.getFirst().utterance();
        for (Member member : batch) {
            long needed = bytes(List.of(member), 1);
            if (needed > most) {
                most = needed;
                largest = member.utterance();
            }
        }
        if (most > budget.bytes()) {
            throw new MemoryBudgetException(
                    "the memory budget of " + say(budget.bytes()) + " is too small for utterance " + largest.name()
                            + " ("
                            + largest.frames() + " frames, " + largest.labelCount()
                            + " labels): its lattice, the weights and the smallest tile need " + say(most),
                    most);
        }
    }

    private record Part(int from, List<Member> members) {}

    private static List<Part> cut(List<Member> batch, int size) {
        List<Part> parts = new ArrayList<>();
        for (int from = 0; from < batch.size(); from += size) {
            parts.add(new Part(from, batch.subList(from, Math.min(batch.size(), from + size))));
        }
        return parts;
    }

    private static List<Member> padded(List<Member> members) {
        int frames = members.stream().mapToInt(m -> m.band().frames()).max().orElseThrow();
        int labels = members.stream().mapToInt(m -> m.band().labels()).max().orElseThrow();
        Band rows = Band.full(frames, labels);
        return members.stream()
                .map(m -> new Member(m.utterance(), m.band(), rows))
                .toList();
    }

    private static long rows(List<Member> members) {
        return members.stream().mapToLong(m -> m.rows().nodes()).sum();
    }

    /** All rows of the group in one tile, as the method has it. */
    private static Plan whole(int from, List<Member> members) {
        long rows = rows(members);
        return new Plan(from, members, rows, rows);
    }

    private void checkWhole(String method, Plan plan) {
        long needed = bytes(plan.members(), plan.rows());
        if (needed > budget.bytes()) {
            throw new MemoryBudgetException(
                    method + " needs " + say(needed) + " for " + plan.members().size()
                            + " utterances at once, the memory budget is " + say(budget.bytes())
                            + "; tiled stays within it",
                    needed);
        }
        if (plan.rows() > head.maxTileRows()) {
            throw new MemoryBudgetException(
                    method + " needs " + plan.rows() + " rows of logits at once, more than an array holds ("
                            + head.maxTileRows() + " rows); tiled needs no more than the memory budget",
                    needed);
        }
    }

    private boolean fits(List<Member> members, long tileRows) {
        return tileRows <= head.maxTileRows() && bytes(members, tileRows) <= budget.bytes();
    }

    /** As many rows at once as the budget holds. */
    private Plan tiles(int from, List<Member> members) {
        long rows = rows(members);
        long tile = gradients ? rows : Math.min(rows, passingRows);
        if (!fits(members, tile)) {
            long low = 1; // fits
            long high = tile; // doesn't
            while (high - low > 1) {
                long middle = (low + high) >>> 1;
                if (fits(members, middle)) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            long step = head.rowsTogether();
            tile = low > step ? low / step * step : low;
        }
        return new Plan(from, members, rows, tile);
    }

    /**
     * Groups of neighbours whose logits the budget holds together, so that none is computed twice; an utterance that is
     * too large for that travels alone, in tiles.
     */
    private List<Plan> fill(List<Member> batch) {
        List<Plan> plans = new ArrayList<>();
        int from = 0;
        while (from < batch.size()) {
            int to = from + 1;
            long rows = batch.get(from).rows().nodes();
            while (to < batch.size()) {
                long more = rows + batch.get(to).rows().nodes();
                if (floats(batch.subList(from, to + 1)) * Float.BYTES > room
                        || !fits(batch.subList(from, to + 1), gradients ? more : Math.min(more, passingRows))) {
                    break;
                }
                rows = more;
                to++;
            }
            plans.add(tiles(from, batch.subList(from, to)));
            from = to;
        }
        return plans;
    }

    private static String say(long bytes) {
        return MemoryBudget.format(bytes) + " (" + bytes + " bytes)";
    }
}
