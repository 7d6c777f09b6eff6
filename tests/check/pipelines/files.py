#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Real files through the pipeline of the README, as written: every kind that
decodebin decodes ends well, has as many video frames as its samples say, and
has no seam: its points are those of the same samples from one plain wav."""

import math
import os
import shutil
import struct
import subprocess
import sys
import tempfile

SPEECH = "/usr/share/sounds/alsa/Front_Center.wav"
BIRD = "/usr/share/sounds/sound-icons/canary-long.wav"
WITHOUT_LIBAV = ",".join(f"avdec_{codec}:NONE" for codec in (
    "mp3", "mp3float", "mp3adu", "mp3adufloat", "aac", "aac_fixed", "aac_latm"))

failures = 0
checks = 0


def check(good, what):
    global failures, checks
    checks += 1
    if not good:
        failures += 1
        print("failed:", what)


def run(*words, **settings):
    """Runs a command to its end and returns whether that was a good one."""
    result = subprocess.run(
        words, env={**os.environ, **settings}, timeout=100,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    bad = result.returncode != 0 or "CRITICAL" in result.stdout
    if bad:
        print(" ".join(words), result.stdout, sep="\n")
    return not bad


def launch(text, **settings):
    return run("gst-launch-1.0", "-q", *text.split(), **settings)


# By name: the samples that decoders give, and what the decoders are chosen by.
FILES = {
    "8.wav": ("U8", {}),
    "16.wav": ("S16LE", {}),
    "24.wav": ("S24LE", {}),
    "32.wav": ("S32LE", {}),
    "float.wav": ("F32LE", {}),
    "six.wav": ("S16LE", {}),
    "16.flac": ("S16LE", {}),
    "24.flac": ("S24LE", {}),
    "song.mp3": ("S16LE", {}),
    "song.ogg": ("F32LE", {}),
    "song.opus": ("S16LE", {}),
    "song.m4a": ("F32LE", {}),
    "film.webm": ("F32LE", {}),
    "song.mp3 without libav": ("S16LE", WITHOUT_LIBAV),
    "song.m4a without libav": ("S16LE", WITHOUT_LIBAV),
}
WIDTHS = {"U8": 1, "S16LE": 2, "S24LE": 3, "S32LE": 4, "F32LE": 4}


def make_files(folder):
    def path(name):
        return os.path.join(folder, name)

    # An even number: wavparse finds no data in a wav of an odd number of bytes.
    def sox(name, *options, effects=()):
        check(run("sox", SPEECH, *options, path(name), "trim", "0", "68000s",
                  *effects), name)

    def encode(name, source, elements):
        check(launch(f"filesrc location={source} ! wavparse ! audioconvert ! "
                     f"audioresample ! {elements} ! "
                     f"filesink location={path(name)}"), name)

    # Real files send a dozen TAG events after their first buffer.
    tags = "taginject tags=title=Tune,artist=Nobody"
    sox("16.wav")
    sox("8.wav", "-b", "8", "-e", "unsigned-integer")
    sox("24.wav", "-b", "24")
    sox("32.wav", "-b", "32")
    sox("float.wav", "-b", "32", "-e", "floating-point")
    sox("six.wav", "-c", "6", "-r", "44100")
    sox("long.wav", "-r", "44100", effects=("repeat", "3"))
    sox("long24.wav", "-b", "24", "-r", "44100", effects=("repeat", "3"))
    encode("16.flac", path("long.wav"), f"{tags} ! flacenc")
    encode("24.flac", path("long24.wav"),
           f"audio/x-raw,format=S24_32LE ! {tags} ! flacenc")
    encode("song.mp3", path("long.wav"),
           f"lamemp3enc ! {tags} ! id3v2mux")
    encode("song.ogg", BIRD, f"vorbisenc ! {tags} ! oggmux")
    encode("song.opus", BIRD, f"opusenc ! {tags} ! oggmux")
    encode("song.m4a", path("long.wav"), f"avenc_aac ! {tags} ! mp4mux")
    check(launch(
        "videotestsrc num-buffers=40 ! video/x-raw,width=64,height=48 ! vp8enc "
        f"! webmmux name=m ! filesink location={path('film.webm')} "
        f"filesrc location={SPEECH} ! wavparse ! audioconvert ! vorbisenc ! m."),
        "film.webm")


def read_dump(path):
    """Batches of a dump as (flags, rate, hop, channels, first, end, frames);
    the frames as bytes by their centre."""
    with open(path, "rb") as dump:
        data = dump.read()
    at, batches, frames = 0, [], {}
    while at < len(data):
        head = struct.unpack_from("<8sHHIIIIIIHHqIIII q", data, at)
        (_, _, header, size, flags, rate, _, hop, _, channels, _, first,
         n_frames, n_points, fields, _, end) = head
        counts = struct.unpack_from(
            f"<{n_frames * channels}I", data, at + header)
        place = at + (header + 4 * len(counts) + 63) // 64 * 64
        pieces = [b""] * len(counts)
        for bit in range(8):
            if not fields >> bit & 1:
                continue
            width, point = 8 if bit < 2 else 4, place
            for i, n in enumerate(counts):
                pieces[i] += data[point:point + n * width]
                point += n * width
            place = (point - at + 63) // 64 * 64 + at
        for i in range(n_frames):
            frames[first + i * hop] = pieces[i * channels:(i + 1) * channels]
        batches.append((flags, rate, hop, channels, first, end))
        at += size
    return batches, frames


def write_wav(path, audio_format, rate, channels, data):
    """Plain, with the header of 44 bytes that everybody reads."""
    frame = channels * WIDTHS[audio_format]
    with open(path, "wb") as wav:
        wav.write(struct.pack(
            "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16,
            3 if audio_format[0] == "F" else 1, channels, rate, rate * frame,
            frame, 8 * WIDTHS[audio_format], b"data", len(data)))
        wav.write(data)


def check_file(folder, name, audio_format, settings):
    def path(file):
        return os.path.join(folder, file)

    decode = f"filesrc location={path(name.split()[0])} ! decodebin"
    check(launch(f"{decode} ! tfrreassign ! tfrrender ! fakesink", **settings),
          f"{name}: to its end as written")
    check(launch(f"{decode} ! tfrreassign ! filesink location={path('a.tfr')}",
                 **settings), f"{name}: a dump")
    check(launch(f"{decode} ! tfrreassign ! tfrrender ! video/x-raw,"
                 "format=GRAY8,width=32,height=16,framerate=30/1 ! "
                 f"filesink location={path('video')}", **settings),
          f"{name}: video")
    check(launch(f"{decode} ! audioconvert ! audio/x-raw,format={audio_format},"
                 f"layout=interleaved ! filesink location={path('samples')}",
                 **settings), f"{name}: samples")

    batches, frames = read_dump(path("a.tfr"))
    _, rate, hop, channels, first, _ = batches[0]
    check(all(a[5] == b[4] for a, b in zip(batches, batches[1:])) and
          not any(batch[0] & 2 for batch in batches),
          f"{name}: batches follow each other")

    with open(path("samples"), "rb") as decoded:
        samples = decoded.read()
    width = channels * WIDTHS[audio_format]
    n, end = len(samples) // width, batches[-1][5]
    if first == 0 and end == n - 1:
        n = end  # the segment's end was rounded to ms, and cuts the last sample
    start = end - n
    check(0 <= start <= first < start + hop,
          f"{name}: {n} samples end at {end}, but the first frame is at {first}")
    expected = max(1, math.ceil((end - first) * 30 / rate))
    got = os.path.getsize(path("video")) // (32 * 16)
    check(got == expected, f"{name}: {got} video frames, should be {expected}")

    # Silence up to the first sample puts a plain wav on the same grid.
    silence = (b"\x80" if audio_format == "U8" else b"\0") * (start * width)
    write_wav(path("b.wav"), audio_format, rate, channels, silence + samples[:n * width])
    check(launch(f"filesrc location={path('b.wav')} ! wavparse ! tfrreassign ! "
                 f"filesink location={path('b.tfr')}"), f"{name}: a plain wav")
    _, plain = read_dump(path("b.tfr"))
    differ = [c for c in frames if frames[c] != plain.get(c)]
    check(not differ, f"{name}: {len(differ)} of {len(frames)} frames are not "
          f"those of the plain wav, the first at {differ[:1]}")


def missing():
    """Of what the files are made with and of, what is not here."""
    if not shutil.which("sox"):
        yield "sox"
    yield from (path for path in (SPEECH, BIRD) if not os.path.exists(path))
    for element in ("lamemp3enc", "avenc_aac", "mp4mux", "faad"):
        if subprocess.call(["gst-inspect-1.0", "--exists", element]):
            yield element


def main():
    if lacking := list(missing()):
        print("not here:", *lacking)
        return 77
    with tempfile.TemporaryDirectory() as folder:
        make_files(folder)
        for name, (audio_format, rank) in FILES.items():
            settings = {"GST_PLUGIN_FEATURE_RANK": rank} if rank else {}
            check_file(folder, name, audio_format, settings)
    print(f"{100 * (checks - failures) // checks}%: Checks: {checks}, "
          f"Failures: {failures}, Errors: 0")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
