import java.util.List;
import org.transducer4j.loss.*;
import org.transducer4j.loss.input.*;

public class ReadmeExample {
    public static void main(String[] args) {
        // T = 2 frames, U = 1 label, V = 3 symbols (blank is 0), joint width H = 2; gradients go where you say.
        var encoder = new Parameter(Matrix.of(2, .5f, -1, 1, .2f), Matrix.of(2, new float[4])); // (T, H)
        var predictor = new Parameter(Matrix.of(2, .1f, .3f, -.4f, .8f), Matrix.of(2, new float[4])); // (U+1, H)
        var weight = new Parameter(Matrix.of(2, .2f, .7f, -.6f, 1, .3f, .9f), Matrix.of(2, new float[6])); // (V, H)
        var bias = new Parameter(Matrix.of(3, 0, .1f, -.1f), Matrix.of(3, new float[3])); // (1, V)
        var joint = new JointNetwork(Activation.TANH, weight, bias); // logits = W tanh(e + p) + b
        try (var loss = TransducerLoss.open(LossOptions.defaults())) {
            var utterance = new Utterance("a", encoder, predictor, new int[] {2});
            LossResult result = loss.compute(joint, List.of(utterance));
            System.out.println(
                    "loss " + result.sum() + ", dW(2, 0) " + weight.gradient().get(2, 0));
        }
    }
}
