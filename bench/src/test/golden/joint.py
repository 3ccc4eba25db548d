"""Writes the cases with a joint network that JointCaseTest reads, in double precision from the definitions.

    python3 bench/src/test/golden/joint.py      # needs numpy; from the repository's root

The recursion is Graves' (2012) in plain loops. Before a case is written its gradients are compared with central differences.
"""

import json
import pathlib

import numpy as np

OUT = pathlib.Path("bench/src/test/resources/org/transducer4j/bench/joint")


def log_softmax(z):
    z = z - z.max(-1, keepdims=True)
    return z - np.log(np.exp(z).sum(-1, keepdims=True))


def transducer(z, labels, blank):
    """Loss of logits (T, U+1, V), and its gradient."""
    T, U1, V = z.shape
    p = log_softmax(z)
    alpha = np.full((T + 1, U1 + 1), -np.inf)
    beta = np.full((T + 1, U1 + 1), -np.inf)
    alpha[0, 0] = 0
    for t in range(T):
        for u in range(U1):
            alpha[t + 1, u] = np.logaddexp(alpha[t + 1, u], alpha[t, u] + p[t, u, blank])
            if u < U1 - 1:
                alpha[t, u + 1] = np.logaddexp(alpha[t, u + 1], alpha[t, u] + p[t, u, labels[u]])
    # a label after the last blank would leave the lattice
    total = alpha[T, U1 - 1]
    beta[T, U1 - 1] = 0
    for t in reversed(range(T)):
        for u in reversed(range(U1)):
            beta[t, u] = beta[t + 1, u] + p[t, u, blank]
            if u < U1 - 1:
                beta[t, u] = np.logaddexp(beta[t, u], beta[t, u + 1] + p[t, u, labels[u]])
    grad = np.zeros_like(z)
    for t in range(T):
        for u in range(U1):
            edges = np.zeros(V)
            edges[blank] += np.exp(alpha[t, u] + p[t, u, blank] + beta[t + 1, u] - total)
            if u < U1 - 1:
                edges[labels[u]] += np.exp(alpha[t, u] + p[t, u, labels[u]] + beta[t, u + 1] - total)
            grad[t, u] = edges.sum() * np.exp(p[t, u]) - edges
    return -total, grad


# Each with its derivative in terms of its value.
ACTIVATIONS = {
    "tanh": (np.tanh, lambda h: 1 - h * h),
    "relu": (lambda a: np.maximum(a, 0), lambda h: h > 0),
    "sigmoid": (lambda a: 1 / (1 + np.exp(-a)), lambda h: h * (1 - h)),
}


def solve(case, arrays):
    """Losses of a batch, and the gradients of their sum."""
    enc, pred, weight, bias = (arrays[k].astype(np.float64) for k in ("enc", "pred", "weight", "bias"))
    grads = {k: np.zeros(arrays[k].shape) for k in ("enc", "pred", "weight", "bias")}
    losses = []
    for b in range(case["B"]):
        T, U = arrays["T_len"][b], arrays["U_len"][b]
        a = enc[b, :T, None, :] + pred[b, None, : U + 1, :]
        function, derivative = ACTIVATIONS[case["activation"]]
        h = function(a)
        z = h @ weight.T + bias
        loss, dz = transducer(z, arrays["targets"][b, :U], case["blank"])
        losses.append(loss)
        da = dz @ weight * derivative(h)
        grads["enc"][b, :T] = da.sum(1)
        grads["pred"][b, : U + 1] = da.sum(0)
        grads["weight"] += np.einsum("tuv,tuh->vh", dz, h)
        grads["bias"] += dz.sum((0, 1))
    return np.array(losses), grads


def check(case, arrays, grads, rng):
    step = 1e-6
    names = ("enc", "pred", "weight", "bias")
    directions = {k: rng.standard_normal(arrays[k].shape) for k in names}
    expected = sum((directions[k] * grads[k]).sum() for k in names)
    sides = [
        solve(case, arrays | {k: arrays[k].astype(np.float64) + s * step * directions[k] for k in names})[0].sum()
        for s in (1, -1)
    ]
    actual = (sides[0] - sides[1]) / (2 * step)
    assert abs(actual - expected) < 1e-6 * max(1, abs(expected)), (case["name"], actual, expected)


def write(name, seed, T_len, U_len, V, H, blank, activation):
    rng = np.random.default_rng(seed)
    B, T, U = len(T_len), max(T_len), max(U_len)
    case = {"name": name, "B": B, "T": T, "U": U, "V": V, "H": H, "blank": blank, "activation": activation}
    labels = rng.integers(0, V - 1, (B, U))
    arrays = {
        "enc": rng.standard_normal((B, T, H)).astype("<f4"),
        "pred": rng.standard_normal((B, U + 1, H)).astype("<f4"),
        "weight": (2 * rng.standard_normal((V, H)) / np.sqrt(H)).astype("<f4"),
        "bias": rng.standard_normal(V).astype("<f4"),
        "targets": (labels + (labels >= blank)).astype("<i4"),
        "T_len": np.array(T_len, "<i4"),
        "U_len": np.array(U_len, "<i4"),
    }
    losses, grads = solve(case, arrays)
    check(case, arrays, grads, rng)
    arrays["loss_ref"] = losses.astype("<f8")
    for k, g in grads.items():
        arrays["grad_" + k] = g.astype("<f8")
    for b in range(B):  # nobody may look at padding
        arrays["targets"][b, U_len[b] :] = -1
        arrays["enc"][b, T_len[b] :] = np.nan
        arrays["pred"][b, U_len[b] + 1 :] = np.nan
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    case["arrays"] = {}
    for k, a in arrays.items():
        file = f"{k}.{a.dtype.kind}{a.dtype.itemsize}"
        a.tofile(folder / file)
        case["arrays"][k] = {"file": file, "dtype": str(a.dtype), "shape": list(a.shape)}
    (folder / "case.json").write_text(json.dumps(case, indent=1) + "\n")


write("tanh", 1, [6, 4], [3, 2], V=5, H=4, blank=0, activation="tanh")
write("relu_blank_last", 2, [9, 5, 7], [4, 0, 3], V=12, H=7, blank=11, activation="relu")
write("more_labels_than_frames", 3, [3, 1, 5, 2], [7, 2, 6, 9], V=9, H=16, blank=4, activation="tanh")
write("sigmoid", 4, [5, 8, 1], [2, 6, 1], V=11, H=9, blank=3, activation="sigmoid")
