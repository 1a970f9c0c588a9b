#!/usr/bin/env python3
"""Builds real rooms and writes what it took and how good they are, as JSON.

  bench/rooms.py fox SHARED_PHOTOS          3,000 steps at 360 x 640, 0027.jpg held out
  bench/rooms.py studio_room SHARED_PHOTOS  from the photographs alone, 8 minutes of training
  bench/rooms.py fox SHARED_PHOTOS --opensplat PROGRAM [--opensplat-steps N]
                                            the same photographs, poses and size by an OpenSplat
                                            binary in the same run, and the ratio of the speeds

SHARED_PHOTOS is a folder with fox/ and studio_room/ as bench/README.md describes them.
"""

import argparse
import json
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def timed(words, **options):
    """Runs a program; gives its output and the wall seconds it took."""
    begin = time.monotonic()
    done = subprocess.run([str(w) for w in words], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=True, **options)
    return done.stdout, time.monotonic() - begin


def ajar(photos, room, *more):
    program = ROOT / "build" / "release" / "src" / "cli" / "ajar"
    _, seconds = timed([program, "build", photos, "-o", room, "--quiet", *more])
    report = json.loads((room / "report.json").read_text())
    report["wall_seconds"] = seconds
    report["peak_memory_mib_with_children"] = (
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
    return report


def opensplat(program, photos, model, folder, steps):
    """OpenSplat on the CPU at a third of the size from the first step on, 0027.jpg held out."""
    project = folder / "opensplat"
    (project / "sparse").mkdir(parents=True)
    shutil.copytree(photos, project / "images")
    shutil.copytree(model, project / "sparse" / "0")
    output, seconds = timed([program, project, "--cpu", "-n", steps, "-d", "3",
                             "--num-downscales", "0", "--val", "--val-image", "0027.jpg",
                             "-o", project / "out.ply"], cwd=project)
    # It prints the loss of the photograph held out; keep its last lines as they are.
    return {"seconds": seconds, "last_lines": output.splitlines()[-5:],
            "steps_per_second": steps / seconds}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=["fox", "studio_room"])
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("--opensplat", type=pathlib.Path)
    parser.add_argument("--opensplat-steps", type=int, default=3000)
    parser.add_argument("--keep", type=pathlib.Path, help="build the room here and keep it")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ajar-bench-") as temporary:
        folder = pathlib.Path(temporary)
        room = words.keep or folder / "room"
        source = words.photos / words.set
        if words.set == "fox":
            result = {"ajar": ajar(source / "images", room, "--poses", source / "sparse" / "0",
                                   "--long-side", "640", "--splats", "20000", "--iterations",
                                   "3000", "--hold-out", "0027.jpg")}
            if words.opensplat:
                result["opensplat"] = opensplat(words.opensplat, source / "images",
                                                source / "sparse" / "0", folder,
                                                words.opensplat_steps)
                training = result["ajar"]["training"]
                result["times_as_fast"] = (training["iterations"] / training["seconds"] /
                                           result["opensplat"]["steps_per_second"])
        else:
            result = {"ajar": ajar(source / "images", room, "--hold-out", "8", "--time", "8m")}
        json.dump(result, sys.stdout, indent=1)
        print()


if __name__ == "__main__":
    main()
