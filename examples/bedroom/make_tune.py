#!/usr/bin/env python3
"""Plays the music box of the example room into stories/music-box.mp3.

  python3 examples/bedroom/make_tune.py

The tune was composed for this room. Each tooth of the comb is a bar that is clamped at one end:
its partials stand at 1 : 6.27 : 17.55 (Fletcher and Rossing, "The Physics of Musical Instruments",
section 2.15) and die away the sooner the higher they are. The spring runs down a little, so the
last bars slow. Needs numpy and ffmpeg.
"""

import pathlib
import subprocess
import tempfile
import wave

import numpy

RATE = 44100
BEAT_S = 0.42
SEED = 5
NAMES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
PARTIALS = ((1.0, 1.0, 1.6), (6.27, 0.22, 0.35), (17.55, 0.07, 0.09))  # ratio, strength, seconds

# In three-four time: a note with its octave and its length in beats, "-" for a rest; the second
# line is what lies below, a note at the beginning of each bar.
TUNE = """
  E6:1 G6:1 C7:1   B6:2 A6:1   G6:1 E6:1 F6:1   D6:3
  F6:1 A6:1 D7:1   C7:2 B6:1   A6:1 G6:1 D6:1   E6:3
  E6:1 G6:1 C7:1   D7:1 C7:1 B6:1   C7:1 A6:1 F6:1   A6:3
  G6:1 E6:1 C6:1   D6:1 F6:1 B6:1   C7:3   -:2 C7:1
"""
BELOW = "C5 G5 C5 G5  D5 G5 F5 C5  C5 G5 F5 F5  C5 G5 C5 C5"


def frequency(name):
    semitones = NAMES[name[0]] + 12 * (int(name[1]) - 4) - 9
    return 440.0 * 2 ** (semitones / 12)


def tooth(hertz, strength, random):
    """One plucked tooth, with the click of the pin that lets it go."""
    t = numpy.arange(int(2.5 * RATE)) / RATE
    sound = numpy.zeros_like(t)
    for ratio, share, seconds in PARTIALS:
        if hertz * ratio < 0.45 * RATE:
            sound += share * numpy.sin(2 * numpy.pi * hertz * ratio * t) * numpy.exp(-t / seconds)
    click = random.standard_normal(t.size) * numpy.exp(-t / 0.002)
    rise = numpy.minimum(1, t / 0.001)
    return strength * (sound * rise + 0.02 * click)


def slowing(beat, beats):
    """Seconds at which a beat falls: even at first, slower in the last eight."""
    late = max(0.0, beat - (beats - 8))
    return BEAT_S * (beat + 0.035 * late ** 2)


def play():
    random = numpy.random.default_rng(SEED)
    notes, beat = [], 0.0
    for word in TUNE.split():
        name, length = word.split(":")
        if name != "-":
            notes.append((beat, name, 1.0))
        beat += float(length)
    notes += [(3.0 * bar, name, 0.55) for bar, name in enumerate(BELOW.split())]
    sound = numpy.zeros(int((slowing(beat, beat) + 3) * RATE))
    for at, name, strength in notes:
        # Pins are set by hand: none is quite in its place, none quite as long as the next.
        start = int((slowing(at, beat) + 0.1 + random.normal(0, 0.006)) * RATE)
        played = tooth(frequency(name), strength * random.uniform(0.85, 1.0), random)
        end = min(sound.size, start + played.size)
        sound[start:end] += played[:end - start]
    fade = numpy.minimum(1, numpy.arange(sound.size)[::-1] / (0.5 * RATE))
    return 0.6 * sound * fade / numpy.abs(sound).max()


def main():
    target = pathlib.Path(__file__).resolve().parent / "stories" / "music-box.mp3"
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "tune.wav"
        with wave.open(str(source), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes((play() * 32767).astype("<i2").tobytes())
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", source, "-c:a", "libmp3lame", "-b:a",
                        "64k", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-map_metadata",
                        "-1", target], check=True)
    print(target)


if __name__ == "__main__":
    main()
