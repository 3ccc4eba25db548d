package org.transducer4j.asr.criterion;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.transducer4j.asr.model.TransducerModel;
import org.transducer4j.speech.BadInputException;

/**
 * Finds the batches of a training that need the most memory for its loss, and refuses the training before its first step if
 * one doesn't fit the budget.
 */
public final class BudgetCheck {
    private final double frameSeconds;

    /** What sound lasts at the lowest speed, as a factor. */
    private final double stretch;

    private final List<Largest> plans;

    /**
     * Begins without any batches.
     *
     * @param plans of the criterion
     * @param model that is trained
     * @param stretch what sound lasts at the lowest speed, as a factor
     */
    public BudgetCheck(List<BudgetPlan> plans, TransducerModel model, double stretch) {
        frameSeconds = model.frameSeconds();
        this.stretch = stretch;
        this.plans = plans.stream().map(Largest::new).toList();
    }

    /**
     * Whether it matters which utterances come together: else the batches of one epoch say all.
     *
     * @return true if it does for one of the plans
     */
    public boolean dependsOnBatches() {
        return plans.stream().anyMatch(one -> one.plan.dependsOnBatches());
    }

    /**
     * Takes note of batches.
     *
     * @param batches of an epoch, or some of it
     */
    public void add(List<List<TrainingUtterance>> batches) {
        for (List<TrainingUtterance> utterances : batches) {
            List<UtteranceShape> batch = utterances.stream().map(this::shape).toList();
            plans.forEach(one -> one.add(batch));
        }
    }

    private UtteranceShape shape(TrainingUtterance utterance) {
        int frames = (int) Math.ceil(utterance.seconds() * stretch / frameSeconds);
        return new UtteranceShape(utterance.atSpeed(1 / stretch), Math.max(1, frames));
    }

    /**
     * Refuses the largest batch, if the budget does.
     *
     * @param training whether these batches are for training
     * @throws BadInputException if it doesn't fit
     */
    public void refuse(boolean training) {
        for (Largest one : plans) {
            one.refused().ifPresent(refused -> {
                List<UtteranceShape> batch = refused.batch();
                int frames =
                        batch.stream().mapToInt(UtteranceShape::frames).max().orElseThrow();
                int labels =
                        batch.stream().mapToInt(UtteranceShape::labels).max().orElseThrow();
                String slowest = stretch > 1 ? ", at the lowest speed" : "";
                throw new BadInputException("the largest batch of " + (training ? "training" : "validation") + " ("
                        + batch.size() + " utterances of up to " + frames + " frames and " + labels + " labels"
                        + slowest + ") doesn't fit: " + refused.why());
            });
        }
    }

    private record Refused(List<UtteranceShape> batch, String why) {}

    /** An utterance with the batch that it is in. */
    private record Member(UtteranceShape shape, long nodes, List<UtteranceShape> batch) {
        /** Whether it needs all that the other needs. */
        boolean covers(Member other) {
            return shape.frames() >= other.shape.frames()
                    && shape.labels() >= other.shape.labels()
                    && nodes >= other.nodes;
        }
    }

    /** The batches among which is the one that needs most of a plan. */
    private static final class Largest {
        private final BudgetPlan plan;
        private List<UtteranceShape> worst = List.of();
        private long most = -1;

        /** Utterances of which none is covered by another. */
        private final List<Member> front = new ArrayList<>();

        Largest(BudgetPlan plan) {
            this.plan = plan;
        }

        void add(List<UtteranceShape> batch) {
            if (plan.dependsOnBatches()) {
                // The rest of the memory hardly differs.
                long rows = plan.rowsInFlight(batch);
                if (rows > most) {
                    most = rows;
                    worst = batch;
                }
                return;
            }
            for (UtteranceShape shape : batch) {
                Member member = new Member(shape, plan.nodes(shape), batch);
                if (front.stream().noneMatch(other -> other.covers(member))) {
                    front.removeIf(member::covers);
                    front.add(member);
                }
            }
        }

        Optional<Refused> refused() {
            if (plan.dependsOnBatches()) {
                return worst.isEmpty() ? Optional.empty() : refusal(worst);
            }
            if (front.isEmpty()
                    || plan.refusal(front.stream().map(Member::shape).toList()).isEmpty()) {
                return Optional.empty();
            }
            return front.stream()
                    .sorted(Comparator.comparingLong(Member::nodes).reversed())
                    .flatMap(member -> refusal(member.batch()).stream())
                    .findFirst();
        }

        private Optional<Refused> refusal(List<UtteranceShape> batch) {
            return plan.refusal(batch).map(why -> new Refused(batch, why));
        }
    }
}
