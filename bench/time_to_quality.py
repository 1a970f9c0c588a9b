#!/usr/bin/env python3
"""How good a room is after so much training: builds it with one time after another.

  bench/time_to_quality.py fox PHOTOS -o DIR [--times 15s,30s,60s] [--hold-out 0027.jpg,0085.jpg]
      360 x 640 from given poses, 20,000 splats, each of the photographs held out by itself;
      PHOTOS as bench/README.md describes it
  bench/time_to_quality.py example -o DIR [--times 1m,2m,4m]
      the example room from its true poses, against its held-out views (bench/example_room.py)

Writes DIR/SET.json, and DIR/SET-psnr.svg and DIR/SET-ssim.svg over the wall seconds of the whole
build. --program names another ajar than build/release's.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

from plot import line_plot

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "bedroom"
TIMES = {"fox": "10s,20s,40s,80s", "example": "1m,2m,4m,8m"}


def build(program, photos, room, *more):
    """Wall seconds of the build, and its report."""
    begin = time.monotonic()
    subprocess.run([str(word) for word in (program, "build", photos, "-o", room, "--quiet", *more)],
                   check=True, stdout=subprocess.DEVNULL)
    seconds = time.monotonic() - begin
    return seconds, json.loads((room / "report.json").read_text())


def point(seconds, report, given, psnr_db, ssim):
    training = report["training"]
    return {"time": given, "wall_s": seconds, "training_s": training["seconds"],
            "iterations": training["iterations"], "splats": training["splats"],
            "psnr_db": psnr_db, "ssim": ssim}


def fox(words, given, held_out, folder):
    source = words.photos / "fox"
    seconds, report = build(words.program, source / "images", folder / "room", "--poses",
                            source / "sparse" / "0", "--long-side", "640", "--splats", "20000",
                            "--time", given, "--hold-out", held_out)
    mean = report["evaluation"]["mean"]
    return point(seconds, report, given, mean["psnr_db"], mean["ssim"])


def example(words, given, _, folder):
    seconds, report = build(words.program, EXAMPLE / "photos", folder / "room", "--poses",
                            EXAMPLE / "truth" / "photos.json", "--time", given)
    measured = folder / "measured.json"
    subprocess.run([sys.executable, ROOT / "bench" / "example_room.py", "--room", folder / "room",
                    "--json", measured], check=True, stdout=subprocess.DEVNULL)
    mean = json.loads(measured.read_text())["held_out"]["mean"]
    return point(seconds, report, given, mean["psnr_db"], mean["ssim"])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=["fox", "example"])
    parser.add_argument("photos", type=pathlib.Path, nargs="?")
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    parser.add_argument("--times", help="as ajar build --time takes them, parted by commas")
    parser.add_argument("--hold-out", default="0027.jpg,0085.jpg",
                        help="of fox: built once without each of these")
    parser.add_argument("--program", type=pathlib.Path,
                        default=ROOT / "build" / "release" / "src" / "cli" / "ajar")
    words = parser.parse_args()
    if words.set == "fox" and not words.photos:
        parser.error("fox needs the folder of its photographs")
    words.output.mkdir(parents=True, exist_ok=True)
    lines = {}
    for name in words.hold_out.split(",") if words.set == "fox" else ["held-out views"]:
        for given in (words.times or TIMES[words.set]).split(","):
            with tempfile.TemporaryDirectory(prefix="ajar-bench-") as folder:
                measure = fox if words.set == "fox" else example
                found = measure(words, given, name, pathlib.Path(folder))
            lines.setdefault(name, []).append(found)
            print(f"{name}, {given}: {found['wall_s']:.1f} s, {found['psnr_db']:.2f} dB, "
                  f"SSIM {found['ssim']:.3f}", file=sys.stderr)
    (words.output / f"{words.set}.json").write_text(
        json.dumps({"set": words.set, "lines": lines}, indent=1) + "\n")
    for key, label in (("psnr_db", "PSNR, dB"), ("ssim", "SSIM")):
        series = {name: [(p["wall_s"], p[key]) for p in line] for name, line in lines.items()}
        file = words.output / f"{words.set}-{key.split('_')[0]}.svg"
        file.write_text(line_plot(f"{words.set}: quality of views held out", "wall seconds",
                                  label, series, logarithmic_x=True))


if __name__ == "__main__":
    main()
