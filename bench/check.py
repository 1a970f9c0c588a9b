#!/usr/bin/env python3
"""Whether `ajar check` is right: takes the photographs of each wall of the example room away in turn.

  bench/check.py [--photos PHOTOS] [-o FILE]

A photograph is of the wall that the middle of its picture points at (by the room's truth; a look at
the floor or at a thing counts for the wall behind it). Prints a table, and with --photos one of the
sets of bench/README.md, too: seconds, verdict, which walls were called too little seen, and the
least and greatest of what tells blurred, dark and blown-out photographs. Ends with 1 when the whole
room is not enough, or a wall's absence goes unnoticed or is put elsewhere.
"""

import argparse
import json
import math
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
AJAR = ROOT / "build" / "release" / "src" / "cli" / "ajar"
EXAMPLE = ROOT / "examples" / "bedroom"
WALLS = {"north": 1j, "east": 1, "south": -1j, "west": -1}


def check(photos, without=()):
    """What is found of a folder's photographs but some, and the seconds it took."""
    with tempfile.TemporaryDirectory() as temporary:
        some = pathlib.Path(temporary)
        for path in photos.iterdir():
            if path.name not in without:
                (some / path.name).symlink_to(path.resolve())
        begin = time.monotonic()
        done = subprocess.run([AJAR, "check", some, "--json"], capture_output=True, text=True)
        seconds = time.monotonic() - begin
    found = json.loads(done.stdout.splitlines()[-1])
    found["code"] = done.returncode
    return found, seconds


def true_cameras():
    """Of each photograph: where it was taken and which way it looks, as complex numbers: east is
    1, north is 1j."""
    frames = json.loads((EXAMPLE / "truth" / "photos.json").read_text())["frames"]
    cameras = {}
    for frame in frames:
        m = frame["transform_matrix"]
        cameras[pathlib.Path(frame["file_path"]).name] = (
            complex(m[0][3], m[1][3]), complex(-m[0][2], -m[1][2]))
    return cameras


def wall_ahead(position, ahead):
    """The wall that a level look meets first."""
    corners = json.loads((EXAMPLE / "truth" / "plan.json").read_text())["outline"]
    low = complex(min(c[0] for c in corners), min(c[1] for c in corners))
    high = complex(max(c[0] for c in corners), max(c[1] for c in corners))
    distances = {}
    for name, toward in WALLS.items():
        corner = high if toward in (1, 1j) else low
        along = (ahead * toward.conjugate()).real if isinstance(toward, complex) else ahead.real * toward
        gap = ((corner - position) * complex(toward).conjugate()).real
        if along > 1e-9:
            distances[name] = gap / along
    return min(distances, key=distances.get)


def true_walls(found, cameras):
    """The letter of each wall of the plan by the true one's name: the similarity of the positions
    tells. The plan's y leads down."""
    pairs = [(complex(*p["position"]).conjugate(), cameras[p["name"]][0])
             for p in found["photographs"] if p["placed"]]
    of_plan = sum(a for a, _ in pairs) / len(pairs)
    of_truth = sum(b for _, b in pairs) / len(pairs)
    turn = sum((b - of_truth) * (a - of_plan).conjugate() for a, b in pairs)
    turn /= abs(turn)
    letters = {}
    for wall in found["walls"]:
        along = complex(*wall["to"]).conjugate() - complex(*wall["from"]).conjugate()
        outward = turn * along / abs(along) * 1j  # seen from inside, left to right
        name = max(WALLS, key=lambda n: (outward * complex(WALLS[n]).conjugate()).real)
        letters[wall["letter"]] = name
    return letters


def row(name, found, seconds, letters):
    walls = {letters.get(w["letter"], w["letter"]): w for w in found["walls"]}
    shares = " ".join(f"{n} {w['covered']:.2f}" for n, w in walls.items())
    lacking = ", ".join(n for n, w in walls.items() if not w["enough"])
    looks = [[p[k] for p in found["photographs"]] for k in ("edge", "bright", "burnt")]
    ranges = " ".join(f"{min(v):.2f}-{max(v):.2f}" for v in looks)
    print(f"| {name} | {seconds:.0f} | {found['placed']} of {len(found['photographs'])} |"
          f" {found['verdict']} | {lacking or '-'} | {shares} | {found['floor_covered']} | {ranges} |",
          flush=True)
    return {"set": name, "seconds": seconds, "placed": found["placed"],
            "photographs": len(found["photographs"]), "verdict": found["verdict"],
            "lacking": lacking, "covered": {n: w["covered"] for n, w in walls.items()},
            "reasons": found["reasons"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=pathlib.Path)
    parser.add_argument("-o", "--output", type=pathlib.Path)
    args = parser.parse_args()
    cameras = true_cameras()
    photos = EXAMPLE / "photos"
    rows, wrong = [], []
    print("| set | seconds | placed | verdict | too little seen | covered | floor |"
          " edge, bright, burnt |\n|---|---|---|---|---|---|---|---|")
    found, seconds = check(photos)
    rows.append(row("example room", found, seconds, true_walls(found, cameras)))
    if found["verdict"] != "enough":
        wrong.append("the whole room is not enough")
    for wall in WALLS:
        of_wall = {name for name, camera in cameras.items() if wall_ahead(*camera) == wall}
        found, seconds = check(photos, of_wall)
        letters = true_walls(found, cameras) if found["walls"] else {}
        rows.append(row(f"without its {wall} wall ({len(of_wall)})", found, seconds, letters))
        lacking = {letters[w["letter"]] for w in found["walls"] if not w["enough"]}
        if found["verdict"] != "not yet" or lacking != {wall}:
            wrong.append(f"without its {wall} wall: {found['verdict']}, {sorted(lacking)}")
    if args.photos:
        for name in ("fox", "studio_room", "hololens_office"):
            found, seconds = check(args.photos / name / "images")
            rows.append(row(name, found, seconds, {}))
    if args.output:
        args.output.write_text(json.dumps(rows, indent=1) + "\n")
    for complaint in wrong:
        print("WRONG:", complaint)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
