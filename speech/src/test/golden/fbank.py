#!/usr/bin/env python3
"""Log-mel filterbanks from Kaldi's definition, in double precision, written apart from the Java code.

Writes src/test/resources/org/transducer4j/speech/fbank.json for a synthetic signal that both sides make from integers:

    python3 speech/src/test/golden/fbank.py

The DFT is the textbook sum, so nothing is shared with an FFT; the filters are triangles over a frequency axis.
"""
import json
import os

import numpy as np


def signal(rate):
    """A linear congruential noise of falling level plus a square wave: exact in float32 on every machine."""
    n = int(0.3 * rate) + 37
    state = 12345
    out = np.zeros(n)
    for i in range(n):
        state = (state * 1103515245 + 12345) % 2**31
        noise = (state >> 16) % 4096 - 2048
        square = 6000 if (i // 23) % 2 == 0 else -6000
        out[i] = (noise // (1 + i // 600) + square + 300) / 32768.0
    return out


def mel(f):
    return 1127.0 * np.log(1.0 + f / 700.0)


def inverse_mel(m):
    return 700.0 * (np.exp(m / 1127.0) - 1.0)


def warp_frequency(f, low, high, bend_low, bend_high, factor):
    l = bend_low * max(1.0, factor)
    h = bend_high * min(1.0, factor)
    xs = [low, l, h, high]
    ys = [low, l / factor, h / factor, high]
    return np.interp(f, xs, ys)


def filters(rate, fft, bins, factor):
    nyquist = rate / 2
    low, high = 20.0, nyquist - 400.0
    edges = np.linspace(mel(low), mel(high), bins + 2)
    if factor != 1.0:
        edges = mel(warp_frequency(inverse_mel(edges), low, high, 100.0, 0.6 * nyquist, factor))
    axis = mel(np.arange(fft // 2) * rate / fft)
    bank = np.zeros((bins, fft // 2))
    for b in range(bins):
        up = (axis - edges[b]) / (edges[b + 1] - edges[b])
        down = (edges[b + 2] - axis) / (edges[b + 2] - edges[b + 1])
        bank[b] = np.maximum(0.0, np.minimum(up, down))
    return bank


def fbank(x, rate, bins, factor=1.0):
    length, shift = rate * 25 // 1000, rate * 10 // 1000
    fft = 1
    while fft < length:
        fft *= 2
    frames = (len(x) + shift // 2) // shift
    # Mirrored ends: ... x1 x0 | x0 x1 ...
    padded = np.concatenate([x[::-1], x, x[::-1]])
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / (length - 1))) ** 0.85
    k = np.arange(fft // 2)[:, None] * np.arange(fft)[None, :]
    dft = np.exp(-2j * np.pi * (k % fft) / fft)
    bank = filters(rate, fft, bins, factor)
    out = np.zeros((frames, bins))
    for f in range(frames):
        begin = len(x) + f * shift + shift // 2 - length // 2
        frame = padded[begin : begin + length].copy()
        frame -= frame.mean()
        frame[1:] = frame[1:] - 0.97 * frame[:-1]
        frame[0] -= 0.97 * frame[0]
        frame = np.concatenate([frame * window, np.zeros(fft - length)])
        power = np.abs(dft @ frame) ** 2
        out[f] = np.log(np.maximum(bank @ power, 1e-10))
    return out


def main():
    cases = []
    for rate, bins, factor in [(16000, 80, 1.0), (8000, 40, 1.0), (8000, 40, 0.87), (16000, 80, 1.13), (8000, 23, 1.0)]:
        x = signal(rate)
        values = fbank(x, rate, bins, factor)
        cases.append(
            {
                "sampleRate": rate,
                "bins": bins,
                "warp": factor,
                "samples": len(x),
                "frames": values.shape[0],
                "values": [[round(float(v), 6) for v in row] for row in values[:: 3]],
                "every": 3,
            }
        )
    here = os.path.dirname(os.path.abspath(__file__))
    target = os.path.join(here, "..", "resources", "org", "transducer4j", "speech", "fbank.json")
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "w") as out:
        json.dump({"cases": cases}, out, separators=(",", ":"))
        out.write("\n")


if __name__ == "__main__":
    main()
