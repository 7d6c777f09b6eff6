# SPDX-License-Identifier: GPL-2.0-or-later
"""Two mixes of tones, chirps, vibrato and clicks in white noise, for which the
true places of all energy are known: 16 kHz, 1 s."""

import numpy as np

RATE = 16000
T = np.arange(RATE) / RATE
CLEAN = 200  # dB


def with_noise(x, rng, snr):
    if snr >= CLEAN:
        return x
    power = np.mean(x**2) * 10 ** (-snr / 10)
    return x + np.sqrt(power) * rng.standard_normal(RATE)


def mix_a(seed, snr):
    """Three tones, a chirp, three clicks."""
    rng = np.random.default_rng(seed)
    x, truth = np.zeros(RATE), []
    for f, a in ((440, 0.5), (1000.3, 0.4), (2310.7, 0.3)):
        x += a * np.cos(2 * np.pi * f * T + rng.uniform(0, 2 * np.pi))
        truth.append(("line", f, 0))
    phase = 2 * np.pi * (3400 * T + 2600 * T * T / 2)
    x += 0.4 * np.cos(phase + rng.uniform(0, 2 * np.pi))
    truth.append(("line", 3400, 2600))
    for at, a in ((4000, 12), (8123, 9), (12345, 15)):
        x[at] += a
        truth.append(("click", at / RATE))
    return with_noise(x, rng, snr), truth


def mix_b(seed, snr):
    """Twelve harmonics with vibrato and AM, two chirps that cross, two clicks."""
    rng = np.random.default_rng(seed)
    x, truth = np.zeros(RATE), []
    f0, depth, rate = 233.0, 0.012, 5.5
    turn = 2 * np.pi * rate
    phase = 2 * np.pi * f0 * (T + depth / turn * (1 - np.cos(turn * T)))
    for k in range(1, 13):
        am = 1 + 0.3 * np.sin(2 * np.pi * 3 * T)
        x += 0.5 / k * am * np.cos(k * phase + rng.uniform(0, 6.28))
        truth.append(("vibrato", k * f0, depth, turn))
    for f, c in ((3200, 3500), (7000, -3000)):
        x += 0.25 * np.cos(2 * np.pi * (f * T + c * T * T / 2))
        truth.append(("line", f, c))
    for at, a in ((5200, 10), (11111, 10)):
        x[at] += a
        truth.append(("click", at / RATE))
    return with_noise(x, rng, snr), truth


def distance(t, f, truth, hz, seconds=1e-3):
    """From the nearest component, in units of the tolerances."""
    d = np.full(np.shape(t), np.inf)
    for kind, *v in truth:
        if kind == "line":
            e = np.abs(f - v[0] - v[1] * t) / hz
        elif kind == "vibrato":
            e = np.abs(f - v[0] * (1 + v[1] * np.sin(v[2] * t))) / hz
        else:
            e = np.abs(t - v[0]) / seconds
        d = np.minimum(d, e)
    return d
