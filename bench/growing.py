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
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOOK_S = 0.2


def pictures(build, program, room):
    """When each picture came, in seconds from now, and its splats; the later ones as `ajar view` gives
    them to a page that asks for them: none are made for nobody."""
    begin, came, view, ask = time.monotonic(), [], None, None
    first = room / ".work" / "growing" / "visit.json"
    while build.poll() is None:
        try:
            visit = json.loads(urllib.request.urlopen(ask, timeout=20).read() if ask
                               else first.read_text())
        except (OSError, ValueError):  # not there yet, or just being replaced
            time.sleep(LOOK_S)
            continue
        if not visit.get("growing"):
            break
        if not came or visit["splats"]["url"] != came[-1][2]:
            came.append((time.monotonic() - begin, visit["splats"]["count"], visit["splats"]["url"]))
        if view is None:
            view = subprocess.Popen([program, "view", room, "--no-open", "--json"],
                                    stdout=subprocess.PIPE, text=True)
            ask = json.loads(view.stdout.readline())["url"] + "visit.json"
        time.sleep(LOOK_S)
    build.wait()
    if view:
        view.terminate()
        view.communicate()
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
        came = pictures(process, words.program, room)
        if process.returncode or not came:
            raise SystemExit("No picture came.")
    between = [b[0] - a[0] for a, b in zip(came, came[1:])]
    print(f"The first picture, of {came[0][1]} splats: {came[0][0]:.0f} s after posing.")
    if between:
        print(f"{len(between)} clearer ones, {statistics.median(between):.1f} s apart in the median, "
              f"{max(between):.1f} s at most.")


if __name__ == "__main__":
    main()
