package org.transducer4j.asr.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.transducer4j.asr.encoder.Encoded;
import org.transducer4j.asr.encoder.EncoderState;
import org.transducer4j.asr.encoder.LstmConfiguration;
import org.transducer4j.asr.predictor.StatelessConfiguration;
import org.transducer4j.asr.search.Hypothesis;
import org.transducer4j.asr.search.Recognizer;
import org.transducer4j.asr.search.Search;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.speech.feature.FbankOptions;
import org.transducer4j.speech.feature.Features;
import org.transducer4j.speech.token.Tokens;
import org.transducer4j.torch.Tensors;

class TransducerModelTest {
    private static final int BINS = 12;
    private static final Tokens TOKENS = Tokens.words(List.of("a", "b", "c", "d"));

    static TransducerModel model(long seed) {
        return model(seed, Topology.MODIFIED);
    }

    private static TransducerModel model(long seed, Topology topology) {
        float[] scale = new float[BINS];
        Arrays.fill(scale, 1);
        ModelConfig config = new ModelConfig(
                FbankOptions.defaults(8000).withBins(BINS),
                new ModelOptions(
                        new LstmConfiguration(4, 2, 16, 0.1), new StatelessConfiguration(8, 0.2), 16, topology),
                7,
                0,
                Activation.TANH,
                ModelConfig.Criterion.TRANSDUCER,
                Set.of());
        return new TransducerModel(config, new FeatureScaling(new float[BINS], scale), seed);
    }

    private static Features noise(int frames, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[frames * BINS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (4 * random.nextDouble() - 2);
        }
        return new Features(frames, BINS, values);
    }

    private static Features piece(Features features, int from, int frames) {
        int count = Math.min(frames, features.frames() - from);
        return new Features(count, BINS, Arrays.copyOfRange(features.values(), from * BINS, (from + count) * BINS));
    }

    @Test
    void chunksGiveWhatTheWholeGives() {
        TransducerModel model = model(3);
        Features noise = noise(95, 1);
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            FeatureBatch batch = model.batch(List.of(noise));
            float[] whole = Tensors.toArray(model.encode(batch, false).output());
            Recognizer recognizer = new Recognizer(model, TOKENS);
            Search atOnce = recognizer.begin();
            atOnce.advance(whole, 0, 24);
            Search streamed = recognizer.begin();
            EncoderState state = null;
            int done = 0;
            for (int chunk : new int[] {8, 4, 32, 16, 36}) {
                Encoded encoded = model.encode(model.batch(List.of(piece(noise, done, chunk))), state, false);
                state = encoded.state();
                float[] rows = Tensors.toArray(encoded.output());
                int from = done / 4 * 16;
                assertArrayEquals(Arrays.copyOfRange(whole, from, from + rows.length), rows, 1e-5f);
                streamed.advance(rows, 0, chunk / 4);
                done += chunk;
            }
            assertArrayEquals(atOnce.best().tokens(), streamed.best().tokens());
            assertArrayEquals(atOnce.best().frames(), streamed.best().frames());
        }
    }

    @Test
    void paddingChangesNothing() {
        TransducerModel model = model(4);
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            List<Features> utterances = List.of(noise(17, 1), noise(60, 2), noise(1, 3));
            FeatureBatch together = model.batch(utterances);
            assertArrayEquals(new int[] {5, 15, 1}, together.frames());
            float[] rows = Tensors.toArray(model.encode(together, false).output());
            for (int b = 0; b < 3; b++) {
                FeatureBatch alone = model.batch(List.of(utterances.get(b)));
                float[] expected = Tensors.toArray(model.encode(alone, false).output());
                assertArrayEquals(
                        expected, Arrays.copyOfRange(rows, b * 15 * 16, b * 15 * 16 + expected.length), 1e-5f);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void greedySearchIsThatOfTheDefinition(Topology topology) {
        TransducerModel model = model(5, topology);
        int atMost = topology == Topology.REGULAR ? 5 : 1;
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            FeatureBatch batch = model.batch(List.of(noise(80, 7)));
            Tensor encoded = model.encode(batch, false).output();
            Search search = new Recognizer(model, TOKENS).begin();
            search.advance(Tensors.toArray(encoded), 0, 20);
            Hypothesis found = search.best();
            // The same by libtorch, one node at a time.
            List<Integer> tokens = new ArrayList<>();
            List<Integer> frames = new ArrayList<>();
            for (int t = 0; t < 20; t++) {
                for (int n = 0; n < atMost; n++) {
                    int[] labels = tokens.stream().mapToInt(i -> i).toArray();
                    Tensor p = model.predict(new int[][] {labels}, false).select(1, labels.length);
                    Tensor h = encoded.select(1, t).add(p).tanh();
                    int best = (int) model.output().forward(h).argmax().item_long();
                    if (best == 0) {
                        break;
                    }
                    tokens.add(best);
                    frames.add(t);
                }
            }
            assertEquals(tokens, Arrays.stream(found.tokens()).boxed().toList());
            assertEquals(frames, Arrays.stream(found.frames()).boxed().toList());
        }
    }
}
