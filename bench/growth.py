#!/usr/bin/env python3
"""How cost grows: with pixels, with splats, with splats that lie behind the camera; and memory.

  bench/growth.py -o DIR               one thread, a fixed cloud of splats (frame_bench)
  bench/growth.py -o DIR --memory      also trains a synthetic room: 100 photographs of 960 px,
                                       300,000 splats; some minutes

Writes DIR/growth.json and DIR/growth.svg: how many times as long a frame takes, forward and
backward, for so many times as much. Wants the bench preset built, and for --memory the release
preset; --bench-build and --program name others.
"""

import argparse
import json
import math
import pathlib
import subprocess
import tempfile

from plot import line_plot

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Name to the cases of frame_bench and how much each has.
GROWTH = {
    "pixels": [(f"ForwardAndBackward/100000/{w}/1", w * w * 3 // 4) for w in (320, 640, 960, 1280)],
    "splats": [(f"ForwardAndBackward/{n}/640/1", n) for n in (20_000, 100_000, 300_000)],
    "splats, behind the camera": [(f"WithSplatsBehind/{n}/1", 50_000 + n)
                                  for n in (0, 50_000, 150_000, 450_000)],
}
PHOTOS, SIZE, SPLATS = 100, "960x720", 300_000


def frame_milliseconds(program):
    """The fastest of some repetitions of each case, which other work held up least."""
    cases = "|".join(case for line in GROWTH.values() for case, _ in line)
    done = subprocess.run(
        [str(program), f"--benchmark_filter=^({cases})$", "--benchmark_format=json",
         "--benchmark_min_time=0.1", "--benchmark_repetitions=5",
         "--benchmark_enable_random_interleaving=true"],
        stdout=subprocess.PIPE, check=True, text=True)
    fastest = {}
    for run in json.loads(done.stdout)["benchmarks"]:
        if run["run_type"] == "iteration":
            case = run["run_name"]
            fastest[case] = min(fastest.get(case, math.inf), run["cpu_time"])
    return fastest


def growth(milliseconds):
    found = {}
    for name, line in GROWTH.items():
        points = [{"how_many": count, "ms": milliseconds[case]} for case, count in line]
        first, last = points[0], points[-1]
        # 1: as much longer as there is more.
        exponent = (math.log(last["ms"] / first["ms"]) /
                    math.log(last["how_many"] / first["how_many"]))
        found[name] = {"exponent": exponent, "points": points}
    return found


def plot(found):
    series = {name: [(p["how_many"] / line["points"][0]["how_many"],
                      p["ms"] / line["points"][0]["ms"]) for p in line["points"]]
              for name, line in found.items()}
    most = max(x for line in series.values() for x, _ in line)
    series["as much longer as there is more"] = [(1, 1), (most, most)]
    return line_plot("A frame, forward and backward, one thread", "times as much",
                     "times as long", series, logarithmic_x=True, logarithmic_y=True)


def memory(program, room_program):
    """Peak memory of training with all splats in place and their number still growing before."""
    with tempfile.TemporaryDirectory(prefix="ajar-bench-") as temporary:
        folder = pathlib.Path(temporary)
        subprocess.run([str(word) for word in (room_program, folder / "photos", "--truth",
                                               folder / "truth", "--photos", PHOTOS, "--size",
                                               SIZE, "--distortion", 0)],
                       check=True, stdout=subprocess.DEVNULL)
        subprocess.run([str(word) for word in (
            program, "build", folder / "photos", "-o", folder / "room", "--poses",
            folder / "truth", "--long-side", 960, "--splats", SPLATS, "--surface-points",
            2 * SPLATS // 3, "--iterations", 600, "--until", "splats", "--quiet")],
            check=True, stdout=subprocess.DEVNULL)
        report = json.loads((folder / "room" / "report.json").read_text())
    training = report["training"]
    return {"photographs": training["photographs"], "size": SIZE, "splats": training["splats"],
            "iterations": training["iterations"], "training_s": training["seconds"],
            "peak_memory_mib": report["stages"]["splats"]["peak_memory_bytes"] / 2 ** 20}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--bench-build", type=pathlib.Path, default=ROOT / "build" / "bench")
    parser.add_argument("--program", type=pathlib.Path,
                        default=ROOT / "build" / "release" / "src" / "cli" / "ajar")
    words = parser.parse_args()
    words.output.mkdir(parents=True, exist_ok=True)
    result = {"growth": growth(frame_milliseconds(words.bench_build / "bench" / "frame_bench"))}
    for name, line in result["growth"].items():
        print(f"{name}: as its power of {line['exponent']:.2f}")
    (words.output / "growth.svg").write_text(plot(result["growth"]))
    if words.memory:
        result["memory"] = memory(words.program, words.bench_build / "src" / "synthetic" /
                                  "ajar-synthetic-room")
        print("training: {peak_memory_mib:.0f} MiB with {splats} splats, {photographs} photographs "
              "of {size}".format(**result["memory"]))
    (words.output / "growth.json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
