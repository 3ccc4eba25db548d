package org.transducer4j.toy;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.transducer4j.asr.predictor.Predictor;
import org.transducer4j.asr.predictor.PredictorConfiguration;
import org.transducer4j.torch.ParameterSet;
import org.transducer4j.torch.Tensors;
import org.transducer4j.torch.layer.Embedding;

/** A predictor from outside: a vector for the last label, and that's all. */
public record ToyPredictor() implements PredictorConfiguration {
    private record LastLabel(int label) implements Predictor.History {}

    @Override
    public String name() {
        return "toy";
    }

    @Override
    public Predictor build(ParameterSet parameters, String prefix, int vocabulary, int blank, int width) {
        Embedding embedding = new Embedding(parameters, prefix + ".embedding", vocabulary, width);
        return new Predictor() {
            @Override
            public Tensor forward(int[][] labels, boolean training) {
                return embedding.forward(Tensors.lastLabels(labels, blank));
            }

            @Override
            public History start() {
                return new LastLabel(blank);
            }

            @Override
            public History step(History before, int label) {
                return new LastLabel(label);
            }

            @Override
            public Tensor outputs(List<History> histories) {
                long[] last = histories.stream()
                        .mapToLong(history -> ((LastLabel) history).label())
                        .toArray();
                return embedding.forward(Tensors.indices(last, last.length));
            }
        };
    }
}
