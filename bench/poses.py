#!/usr/bin/env python3
"""Places photographs with Ajar, and with COLMAP if asked to, and writes a table and JSON: seconds,
photographs placed, points, errors, and how far off the poses are.

  bench/poses.py SET... [--photos PHOTOS] [--colmap PROGRAM] [-o FILE]
  bench/poses.py --growth FOLDER -o FILE   seconds and memory for 20, 50, 100 ... photographs of it

A SET is `example` or a folder of PHOTOS (bench/README.md). What is compared with is, in this order,
the example room's truth, poses_metric.txt (names and camera-to-world matrices in metres), or the
COLMAP model in sparse/0, which is no truth, but another opinion. `turn` is a turn that all cameras
have in common in their own frames: what an offset of the principal point looks like. COLMAP's mapper
holds the principal point in the middle of the picture, so its model is compared with as it is, and
(with --colmap) once more after COLMAP's own bundle adjustment has found the principal point, too.
"""

import argparse
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import time

import numpy

from example_room import ROOT, angle_deg, read_images, similarity, true_poses
from plot import line_plot

AJAR = ROOT / "build" / "release" / "src" / "cli" / "ajar"
EXAMPLE = ROOT / "examples" / "bedroom"


def timed(words, **options):
    begin = time.monotonic()
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, **options)
    return time.monotonic() - begin


def read_points(path):
    """COLMAP's points3D.bin: points, observations, mean error of an observation in pixels."""
    data, at, observations, error = path.read_bytes(), 8, 0, 0.0
    count = struct.unpack_from("<Q", data, 0)[0]
    for _ in range(count):
        of_point, length = struct.unpack_from("<dQ", data, at + 35)
        at += 51 + 8 * length
        observations += length
        error += of_point * length
    return {"points": count, "observations": observations,
            "error_px": error / max(1, observations)}


def reference(folder, is_example):
    """What to compare with and its name: name to (world_from_cam rotation, centre)."""
    if is_example:
        return true_poses(EXAMPLE / "truth" / "photos.json")[0], "truth"
    metric = folder / "poses_metric.txt"
    if not metric.exists():
        return read_images(folder / "sparse" / "0" / "images.bin"), "COLMAP's model"
    poses = {}
    for line in metric.read_text().splitlines():
        name, *numbers = line.split()
        matrix = numpy.array(numbers, float).reshape(4, 4)
        poses[name] = (matrix[:3, :3], matrix[:3, 3])
    return poses, "tracking"


def compare(poses, truth):
    """After the similarity of the centres, what lies far off left aside."""
    names = sorted(name for name in poses if name in truth)
    source = numpy.array([poses[name][1] for name in names])
    target = numpy.array([truth[name][1] for name in names])
    keep = numpy.ones(len(names), bool)
    for _ in range(8):
        scale, rotation, translation = similarity(source[keep], target[keep])
        off = numpy.linalg.norm(scale * source @ rotation.T + translation - target, axis=1)
        keep = off <= max(3 * numpy.median(off), 1e-9)
    turns = [truth[name][0].T @ rotation @ poses[name][0] for name in names]
    angles = numpy.array([angle_deg(turn) for turn in turns])
    u, _, vt = numpy.linalg.svd(sum(turns))
    common = u @ vt
    apart = numpy.array([angle_deg(common.T @ turn) for turn in turns])
    extent = float(numpy.linalg.norm(target.max(0) - target.min(0)))
    return {"turn_deg": angle_deg(common), "rotation_deg": float(numpy.median(angles)),
            "rotation_without_turn_deg": float(numpy.median(apart)),
            "position": float(numpy.median(off)), "position_of_extent": float(
                numpy.median(off) / extent),
            "share_within_half_degree_1cm": float(
                ((angles < 0.5) & (off < 0.01)).sum() / len(truth)),
            "worst_rotation_deg": float(angles.max()), "worst_position": float(off.max())}


def by_ajar(photos, folder, threads=None):
    room = folder / "room"
    words = [AJAR, "build", photos, "--until", "poses", "--quiet", "-o", room]
    seconds = timed(words + (["--threads", threads] if threads else []))
    report = json.loads((room / "report.json").read_text())
    poses = report["poses"]
    return room / "reconstruction", {
        "seconds": seconds, "placed": poses["placed"],
        "other_pieces": [len(piece) for piece in poses["other_pieces"]],
        "features_s": poses["features_s"], "matching_s": poses["matching_s"],
        "mapping_s": poses["mapping_s"],
        "peak_memory_mib": report["stages"]["poses"]["peak_memory_bytes"] / 2**20}


def by_colmap(program, photos, folder):
    """Its defaults on the CPU; every photograph of one camera."""
    database, models = folder / "database.db", folder / "models"
    models.mkdir()
    seconds = timed([program, "feature_extractor", "--database_path", database, "--image_path",
                     photos, "--ImageReader.single_camera", 1, "--SiftExtraction.use_gpu", 0])
    seconds += timed([program, "exhaustive_matcher", "--database_path", database,
                      "--SiftMatching.use_gpu", 0])
    seconds += timed([program, "mapper", "--database_path", database, "--image_path", photos,
                      "--output_path", models])
    pieces = sorted(models.iterdir(), key=lambda m: -len(read_images(m / "images.bin")))
    sizes = [len(read_images(piece / "images.bin")) for piece in pieces]
    return pieces[0], {"seconds": seconds, "placed": sizes[0], "other_pieces": sizes[1:]}


def with_principal_point(program, model, folder):
    """COLMAP's model after its own bundle adjustment with that one thing more set free."""
    found = folder / "principal_point"
    found.mkdir()
    timed([program, "bundle_adjuster", "--input_path", model, "--output_path", found,
           "--BundleAdjustment.refine_principal_point", 1])
    return read_images(found / "images.bin")


def poses_of(model):
    return {pathlib.Path(n).name: p for n, p in read_images(model / "images.bin").items()}


def measure(name, args):
    is_example = name == "example"
    folder = EXAMPLE if is_example else args.photos / name
    photos = folder / ("photos" if is_example else "images")
    truth, what = reference(folder, is_example)
    result = {"compared_with": what}
    with tempfile.TemporaryDirectory() as temporary:
        temporary = pathlib.Path(temporary)
        ways = {"Ajar": lambda: by_ajar(photos, temporary)}
        if args.colmap:
            ways["COLMAP"] = lambda: by_colmap(args.colmap, photos, temporary)
        for way, place in ways.items():
            model, row = place()
            row.update(read_points(model / "points3D.bin"))
            row.update(compare(poses_of(model), truth))
            row["of"] = len(list(photos.iterdir()))
            result[way] = row
            if way == "Ajar" and args.colmap and what == "COLMAP's model":
                result["Ajar, its principal point found"] = {**row, **compare(
                    poses_of(model),
                    with_principal_point(args.colmap, folder / "sparse" / "0", temporary))}
    if args.colmap:
        result["times_as_fast"] = result["COLMAP"]["seconds"] / result["Ajar"]["seconds"]
    return result


def table(results):
    rows = ["| set | by | against | seconds | placed | pieces | points | observations | error px | rotation deg"
            " | without turn | position | of extent | within 0.5 deg, 1 cm |",
            "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"]
    for name, result in results.items():
        for way, r in result.items():
            if not isinstance(r, dict):
                continue
            against = result["compared_with"] + way.removeprefix("Ajar").removeprefix("COLMAP")
            rows.append(
                f"| {name} | {way.split(',')[0]} | {against} | {r['seconds']:.0f} |"
                f" {r['placed']} of {r['of']} | {r['other_pieces']} | {r['points']} |"
                f" {r['observations']} | {r['error_px']:.2f} | {r['rotation_deg']:.3f} |"
                f" {r['rotation_without_turn_deg']:.3f} | {r['position']:.4f} |"
                f" {100 * r['position_of_extent']:.3f} % |"
                f" {100 * r['share_within_half_degree_1cm']:.0f} % |")
    return "\n".join(rows)


def growth(folder, output):
    """The first so many photographs, as often as there are some."""
    photos = sorted(path for path in folder.iterdir() if path.is_file())
    counts = [n for n in (20, 50, 100, 200, 300) if n < len(photos)] + [len(photos)]
    rows = []
    for count in counts:
        with tempfile.TemporaryDirectory() as temporary:
            temporary = pathlib.Path(temporary)
            some = temporary / "photos"
            some.mkdir()
            for path in photos[:count]:
                (some / path.name).symlink_to(path.resolve())
            try:
                _, row = by_ajar(some, temporary)
            except subprocess.CalledProcessError:
                continue  # fewer than half were placed: nothing to time
            rows.append({"photographs": count, **row})
            print(json.dumps(rows[-1]), file=sys.stderr)
    output.write_text(json.dumps(rows, indent=1) + "\n")
    series = {what: [(row["photographs"], row[what + "_s"]) for row in rows]
              for what in ("features", "matching", "mapping")}
    output.with_suffix(".svg").write_text(
        line_plot("Placing photographs", "photographs", "seconds", series))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=[])
    parser.add_argument("--photos", type=pathlib.Path)
    parser.add_argument("--colmap")
    parser.add_argument("--growth", type=pathlib.Path)
    parser.add_argument("-o", "--output", type=pathlib.Path)
    args = parser.parse_args()
    if args.growth:
        growth(args.growth, args.output)
        return
    results = {name: measure(name, args) for name in args.sets}
    if args.output:
        args.output.write_text(json.dumps(results, indent=1) + "\n")
    print(table(results))


if __name__ == "__main__":
    main()
