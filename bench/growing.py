#!/usr/bin/env python3
"""How soon a room can be stepped into while it is built: seconds from posed photographs to the first
picture that `ajar view` shows, and from each to the next clearer one.

  bench/growing.py [PHOTOS] [--time 2m]     the example room's photographs if none are given

--program names another ajar than build/release's.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOOK_S = 0.2


def pictures(process, growing):
    """When each picture came, in seconds from now, and its splats."""
    begin, came, last = time.monotonic(), [], None
    while process.poll() is None:
        try:
            splats = json.loads(growing.read_text())["splats"]
        except (OSError, ValueError):  # not there yet, or just being replaced
            splats = None
        if splats and splats["url"] != last:
            last = splats["url"]
            came.append((time.monotonic() - begin, splats["count"]))
        time.sleep(LOOK_S)
    return came


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", nargs="?", type=pathlib.Path,
                        default=ROOT / "examples" / "bedroom" / "photos")
    parser.add_argument("--time", default="2m")
    parser.add_argument("--program", type=pathlib.Path,
                        default=ROOT / "build" / "release" / "src" / "cli" / "ajar")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ajar-bench-") as folder:
        room = pathlib.Path(folder) / "room"
        build = [words.program, "build", words.photos, "-o", room, "--quiet"]
        subprocess.run([*build, "--until", "poses"], check=True, stdout=subprocess.DEVNULL)
        process = subprocess.Popen([*build, "--time", words.time], stdout=subprocess.DEVNULL)
        came = pictures(process, room / ".work" / "growing" / "visit.json")
        if process.returncode or not came:
            raise SystemExit("No picture came.")
    between = [b[0] - a[0] for a, b in zip(came, came[1:])]
    print(f"The first picture, of {came[0][1]} splats: {came[0][0]:.0f} s after posing.")
    if between:
        print(f"{len(between)} clearer ones, {statistics.median(between):.1f} s apart in the median, "
              f"{max(between):.1f} s at most.")


if __name__ == "__main__":
    main()
