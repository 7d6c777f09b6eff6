# SPDX-License-Identifier: GPL-2.0-or-later
"""The analysis in numpy, slow and plain, to check the library against: every
bin of every frame with its reassigned time and frequency, magnitude, phase,
mixed derivative and chirp rate.  Shares nothing with the library."""

import numpy as np

COSINES = {
    "hann": [0.5, 0.5],
    "hamming": [0.54, 0.46],
    "blackman": [0.42, 0.5, 0.08],
    "blackman-harris": [0.35875, 0.48829, 0.14128, 0.01168],
    "nuttall": [0.338946, 0.481973, 0.161054, 0.018027],
}
PARAMETERS = {"kaiser-smooth": 9, "kaiser": 9, "gaussian": 10, "dpss": 4}
WINDOWS = [*COSINES, *PARAMETERS]
OVERHANG = 8  # half-width of the difference stencil


def i0_tail(z, skip):
    """The Bessel series of I0 without its first terms."""
    q, term, total = z * z / 4, np.ones_like(z), np.zeros_like(z)
    for k in range(400):
        if k >= skip:
            total = total + term
        term = term * q / (k + 1) ** 2
    return total


def solve_tridiagonal(diagonal, off, right):
    """For a symmetric matrix, by elimination without pivoting."""
    d, y = diagonal.copy(), right.copy()
    for i in range(1, len(d)):
        factor = off[i - 1] / d[i - 1]
        d[i] -= factor * off[i - 1]
        y[i] -= factor * y[i - 1]
    y[-1] /= d[-1]
    for i in range(len(d) - 2, -1, -1):
        y[i] = (y[i] - off[i] * y[i + 1]) / d[i]
    return y


def dpss(m, nw):
    """The zeroth sequence of odd length m: the top eigenvector of Slepian's
    tridiagonal matrix, folded about its middle, as it is symmetric.  The last
    digits come from inverse iteration in extended precision."""
    mid = (m - 1) // 2
    j = np.arange(mid + 1, dtype=np.longdouble)
    i = mid + j[:-1]  # couples i and i + 1
    off = (i + 1) * (m - 1 - i) / 2
    off[0] *= np.sqrt(np.longdouble(2))
    diagonal = j**2 * np.cos(2 * np.pi * np.longdouble(nw) / m)
    matrix = np.diag(diagonal) + np.diag(off, 1) + np.diag(off, -1)
    half = np.linalg.eigh(matrix.astype(float))[1][:, -1].astype(np.longdouble)
    for _ in range(2):
        value = half @ (matrix @ half) / (half @ half)
        half = solve_tridiagonal(diagonal - value, off, half)
        half /= np.sqrt(half @ half)
    half[0] *= np.sqrt(np.longdouble(2))
    return (np.concatenate([half[:0:-1], half]) / half[0]).astype(float)


def window(name, n, parameter=0):
    """Even n: periodic, odd n: symmetric; 1 at the centre n // 2."""
    span = n if n % 2 == 0 else n - 1
    u = 2 * np.arange(n) / span - 1
    parameter = parameter or PARAMETERS.get(name, 0)
    if name in COSINES:
        return sum(a * np.cos(np.pi * k * u) for k, a in enumerate(COSINES[name]))
    if name in ("kaiser", "kaiser-smooth"):
        skip = 2 if name == "kaiser-smooth" else 0
        z = parameter * np.sqrt(np.maximum(0, 1 - u * u))
        return i0_tail(z, skip) / i0_tail(np.array(float(parameter)), skip)
    if name == "gaussian":
        return np.exp(-((u * span / 2 * parameter / n) ** 2) / 2)
    if name == "dpss":
        return dpss(n + 1 - n % 2, parameter)[:n]
    raise KeyError(name)


def difference_weights(order):
    """f(0)'s or f''(0)'s weights over -8..8, from the Vandermonde system."""
    x = np.arange(-OVERHANG, OVERHANG + 1) / OVERHANG
    right = np.zeros(len(x))
    right[order] = order / OVERHANG**order
    return np.linalg.solve(np.vander(x, len(x), increasing=True).T, right)


def difference(h, order):
    """The centred difference of h, which is 0 outside; h has room for it."""
    padded = np.pad(h, OVERHANG)
    out = np.convolve(padded, difference_weights(order)[::-1], mode="same")
    return out[OVERHANG:-OVERHANG]


def taps(h):
    """The windows of all spectra, on n + 16 points."""
    n = len(h)
    tau = np.arange(-OVERHANG, n + OVERHANG) - n // 2
    h = np.pad(h, OVERHANG)
    d = difference(h, 1)
    return {
        "h": h, "th": tau * h, "dh": d, "tdh": tau * d,
        "t2h": tau * tau * h, "d2h": difference(h, 2),
    }


def hilbert(x, rate, beta=6.0):
    """Quadrature of a real signal by the type III FIR of the same length."""
    half = int(np.ceil(0.0427 * rate))
    n = np.arange(-half, half + 1)
    odd = n % 2 != 0
    u = n / (half + 1)
    fir = np.zeros(len(n))
    fir[odd] = 2 / (np.pi * n[odd])
    fir *= i0_tail(beta * np.sqrt(1 - u * u), 0)
    fir /= i0_tail(np.array(beta), 0)
    size = 1 << int(np.ceil(np.log2(len(x) + len(fir))))
    y = np.fft.irfft(np.fft.rfft(x, size) * np.fft.rfft(fir, size), size)
    return y[half:half + len(x)]


def spectra(x, centres, fft_size, windows, n):
    """One spectrum [frame, bin] for each window, phases referred to the centres,
    which are places in x; there are enough samples around them."""
    lead = n // 2 + OVERHANG
    frames = x[(centres - lead)[:, None] + np.arange(n + 2 * OVERHANG)]
    turn = np.exp(2j * np.pi * np.arange(fft_size // 2 + 1) * lead / fft_size)
    out = {}
    for name, w in windows.items():
        folded = np.zeros((len(centres), fft_size), dtype=x.dtype)
        for i in range(0, n + 2 * OVERHANG, fft_size):
            part = (frames * w)[:, i:i + fft_size]
            folded[:, :part.shape[1]] += part
        if np.iscomplexobj(x):
            folded = np.fft.fft(folded, axis=1)[:, :fft_size // 2 + 1]
        else:
            folded = np.fft.rfft(folded, axis=1)
        out[name] = folded * turn
    return out


def analyse(x, rate, name="kaiser-smooth", n=2048, hop=0, fft_size=0,
            parameter=0, start=0, analytic=False):
    """A dict of arrays [frame, bin], for the frames centred on the multiples of
    the hop within the signal, whose first sample has the position `start`."""
    hop = hop or n // 4
    fft_size = fft_size or 1 << int(np.ceil(np.log2(n)))
    h = window(name, n, parameter)
    centres = np.arange(-(-start // hop), -(-(start + len(x)) // hop)) * hop
    margin = n + 2 * OVERHANG  # silence around the signal
    x = np.pad(np.asarray(x, float), margin)
    if analytic:
        x = (x + 1j * hilbert(x, rate)) / 2
    s = spectra(x, centres - start + margin, fft_size, taps(h), n)
    k = np.arange(fft_size // 2 + 1)
    w = 2 * np.pi * k / fft_size
    edge = (k == 0) | (2 * k == fft_size)
    with np.errstate(all="ignore"):
        t, d, td, t2, d2 = (s[g] / s["h"] for g in ("th", "dh", "tdh", "t2h", "d2h"))
        w_hat = w - d.imag
        weight = np.where(edge, np.sqrt(2) if analytic else np.sqrt(0.5), 1)
        mixed = 1 + (td - t * d).real
        a = (t2 - t * t).imag
        b = (d2 - d * d).imag
        return {
            "centres": centres,
            "offset": t.real,
            "time": (centres[:, None] + t.real) / rate,
            "frequency": w_hat * rate / (2 * np.pi),
            "magnitude": 2 * weight * np.abs(s["h"]) / h.sum(),
            "phase": np.angle(s["h"]) + (w + w_hat) / 2 * t.real,
            "mixed": mixed,
            "chirp_rate": ((t * d - 1 - td) / (t2 - t * t)).imag
            * rate**2 / (2 * np.pi),
            "rank_defect": mixed * (1 - mixed) - a * b,
        }
