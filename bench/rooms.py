#!/usr/bin/env python3
"""Builds real rooms and writes what it took and how good they are, as JSON.

  bench/rooms.py fox SHARED_PHOTOS [--hold-out NAME]
                                            3,000 steps at 360 x 640; 0027.jpg held out if no other
                                            is named
  bench/rooms.py studio_room SHARED_PHOTOS  from the photographs alone, 8 minutes of training
  bench/rooms.py fox SHARED_PHOTOS --opensplat PROGRAM [--opensplat-steps N]
                                            the same photographs, poses and size by an OpenSplat
                                            binary in the same run, the ratio of the speeds, and
                                            what its splats are worth in the same evaluation

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
AJAR = ROOT / "build" / "release" / "src" / "cli" / "ajar"


def timed(words, **options):
    """Runs a program; gives its output and the wall seconds it took."""
    begin = time.monotonic()
    done = subprocess.run([str(w) for w in words], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{words[0]} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout, time.monotonic() - begin


def ajar(photos, room, *more):
    _, seconds = timed([AJAR, "build", photos, "-o", room, "--quiet", *more])
    report = json.loads((room / "report.json").read_text())
    report["wall_seconds"] = seconds
    report["peak_memory_mib_with_children"] = (
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
    return report


def opensplat(program, photos, model, folder, steps, held_out):
    """OpenSplat on the CPU at a third of the size from the first step on."""
    project = folder / "opensplat"
    (project / "sparse").mkdir(parents=True)
    shutil.copytree(photos, project / "images")
    shutil.copytree(model, project / "sparse" / "0")
    # Before 1.2 it moved the scene unless told not to.
    offered, _ = timed([program, "--help"])
    keep = ["--keep-crs"] if "--keep-crs" in offered else []
    output, seconds = timed([program, project, "--cpu", "-n", steps, "-d", "3",
                             "--num-downscales", "0", "--val", "--val-image", held_out,
                             *keep, "-o", project / "out.ply"], cwd=project)
    # It prints the loss of the photograph held out; keep its last lines as they are.
    return {"seconds": seconds, "last_lines": output.splitlines()[-5:],
            "steps_per_second": steps / seconds}


def seen_by_ajar(splats, room, folder, held_out):
    """PSNR of the room's evaluation picture with these splats in place of the room's. Ajar draws
    them a little otherwise than OpenSplat does: this is not what OpenSplat itself would show. Needs python3-numpy and python3-pil."""
    import numpy
    from PIL import Image
    other = folder / "other"
    shutil.copytree(room, other)
    shutil.copy(splats, other / "splats" / "room.ply")
    timed([AJAR, "render", other, "--photos", held_out, "-o", folder / "views", "--quiet"])
    render, photo = (
        numpy.asarray(Image.open(path).convert("RGB"), numpy.float64) / 255
        for path in (folder / "views" / f"{held_out}.png",
                     room / "evaluation" / f"{held_out}.photo.png"))
    return float(-10 * numpy.log10(((render - photo) ** 2).mean()))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=["fox", "studio_room"])
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("--hold-out", default="0027.jpg", help="of fox")
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
                                   "3000", "--hold-out", words.hold_out)}
            if words.opensplat:
                result["opensplat"] = opensplat(words.opensplat, source / "images",
                                                source / "sparse" / "0", folder,
                                                words.opensplat_steps, words.hold_out)
                result["opensplat"]["psnr_db_drawn_by_ajar"] = seen_by_ajar(
                    folder / "opensplat" / "out.ply", room, folder, words.hold_out)
                training = result["ajar"]["training"]
                result["times_as_fast"] = (training["iterations"] / training["seconds"] /
                                           result["opensplat"]["steps_per_second"])
        else:
            result = {"ajar": ajar(source / "images", room, "--hold-out", "8", "--time", "8m")}
        json.dump(result, sys.stdout, indent=1)
        print()


if __name__ == "__main__":
    main()
