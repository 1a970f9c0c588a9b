#!/usr/bin/env python3
"""Builds the example room and measures it against the truth, as JSON and as a table.

  bench/example_room.py                 builds it anew with 8 minutes of training
  bench/example_room.py --time 4m       with another time
  bench/example_room.py --room ROOM     measures a room that was built from these photographs
  bench/example_room.py --json FILE     also writes the JSON there

The truth (examples/bedroom/truth) is for measuring only; no build sees it. The reconstruction is
laid over it by the similarity that fits the photographs' places best (Umeyama 1991), after one
round without the places that lie far off. Needs python3-numpy and python3-pil.
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
from PIL import Image

from example_length import in_photograph, measure_lengths, measure_taped
from example_place import measure_place
from example_space import measure_space

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "bedroom"
PROGRAM = ROOT / "build" / "release" / "src" / "cli" / "ajar"
WALKER = ROOT / "build" / "bench" / "bench" / "space_bench"  # cmake --preset bench
# One length for `ajar measure`, in the truth's frame: along the west wall, above the shelf.
LENGTH_M = numpy.array([[0.0, 1.0, 1.8], [0.0, 3.8, 1.8]])
FLIP = numpy.diag([1.0, -1.0, -1.0])  # between OpenGL's camera axes and COLMAP's


def run(*words):
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL)


# --- poses ----------------------------------------------------------------------------------


def rotation_of(wxyz):
    w, x, y, z = wxyz
    return numpy.array([
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)]])


def read_images(path):
    """COLMAP's images.bin: name to (world_from_cam rotation, centre)."""
    data, at, poses = path.read_bytes(), 8, {}
    for _ in range(struct.unpack_from("<Q", data, 0)[0]):
        values = struct.unpack_from("<I7dI", data, at)
        at += struct.calcsize("<I7dI")
        end = data.index(b"\0", at)
        name = data[at:end].decode()
        count = struct.unpack_from("<Q", data, end + 1)[0]
        at = end + 9 + 24 * count
        cam_from_world, translation = rotation_of(values[1:5]), numpy.array(values[5:8])
        poses[name] = (cam_from_world.T, -cam_from_world.T @ translation)
    return poses


def true_poses(path):
    """A transforms.json: name to (world_from_cam rotation, centre), and the file itself."""
    file = json.loads(path.read_text())
    poses = {}
    for frame in file["frames"]:
        matrix = numpy.array(frame["transform_matrix"])
        poses[pathlib.Path(frame["file_path"]).name] = (matrix[:3, :3] @ FLIP, matrix[:3, 3])
    return poses, file


def similarity(source, target):
    """scale, rotation, translation with target = scale * rotation @ source + translation."""
    a, b = source - source.mean(0), target - target.mean(0)
    u, singular, vt = numpy.linalg.svd(b.T @ a)
    signs = numpy.array([1, 1, numpy.sign(numpy.linalg.det(u @ vt))])
    rotation = u @ numpy.diag(signs) @ vt
    scale = (singular * signs).sum() / (a ** 2).sum()
    return scale, rotation, target.mean(0) - scale * rotation @ source.mean(0)


def align(poses, truth):
    names = [name for name in truth if name in poses]
    source = numpy.array([poses[name][1] for name in names])
    target = numpy.array([truth[name][1] for name in names])
    keep = numpy.ones(len(names), bool)
    for _ in range(2):
        scale, rotation, translation = similarity(source[keep], target[keep])
        off = numpy.linalg.norm(scale * source @ rotation.T + translation - target, axis=1)
        keep = off < max(0.05, 3 * numpy.median(off))
    return scale, rotation, translation


def angle_deg(rotation):
    return float(numpy.degrees(numpy.arccos(numpy.clip((numpy.trace(rotation) - 1) / 2, -1, 1))))


def measure_poses(poses, truth, fit):
    scale, rotation, translation = fit
    angles, distances = [], []
    for name, (true_rotation, true_centre) in truth.items():
        if name not in poses:
            continue
        found_rotation, found_centre = poses[name]
        angles.append(angle_deg(true_rotation.T @ rotation @ found_rotation))
        distances.append(1000 * float(numpy.linalg.norm(
            scale * rotation @ found_centre + translation - true_centre)))
    angles, distances = numpy.array(angles), numpy.array(distances)

    def share(degrees, millimetres):
        return float(((angles <= degrees) & (distances <= millimetres)).sum() / len(truth))

    return {"photographs": len(truth), "placed": len(angles),
            "rotation_deg": {"median": float(numpy.median(angles)), "worst": float(angles.max())},
            "position_mm": {"median": float(numpy.median(distances)),
                            "worst": float(distances.max())},
            "share_within_1deg_1cm": share(1, 10), "share_within_3deg_5cm": share(3, 50)}


def measure_placement(room, fit):
    """Up against the truth's z, the estimated scale against the true one."""
    scale, rotation, _ = fit
    placed = json.loads((room / "reconstruction" / "placement.json").read_text())
    found = placed["room_from_reconstruction"]
    up = rotation @ rotation_of(found["rotation_wxyz"]).T @ numpy.array([0.0, 1.0, 0.0])
    return {"up_error_deg": float(numpy.degrees(numpy.arccos(numpy.clip(up[2], -1, 1)))),
            "scale_to_true": found["scale"] / scale}


def measure_length(room, fit, truth, truth_file, poses):
    """By how much the scale would be off if LENGTH_M were the one length that is given."""
    best = None
    for name, pose in truth.items():
        ends = [in_photograph(end, pose, truth_file) for end in LENGTH_M]
        if name not in poses or any(end is None for end in ends):
            continue
        apart = numpy.linalg.norm(ends[0] - ends[1])
        if best is None or apart > best[0]:
            best = apart, name, ends
    _, name, ends = best
    places = [f"{name}:{u:.1f},{v:.1f}" for u, v in ends]
    found = json.loads(subprocess.run(
        [str(PROGRAM), "measure", str(room), "--json", "--from", places[0], "--to", places[1]],
        check=True, capture_output=True, text=True).stdout)
    placed = json.loads((room / "reconstruction" / "placement.json").read_text())
    true_m = float(numpy.linalg.norm(LENGTH_M[0] - LENGTH_M[1]))
    found_m = found["metres"] * fit[0] / placed["room_from_reconstruction"]["scale"]
    return {"photograph": name, "true_m": true_m, "error": true_m / found_m - 1}


def measure_as_place(room, fit, truth, truth_file, poses, depths):
    placed = json.loads((room / "reconstruction" / "placement.json").read_text())
    found = dict(placed["room_from_reconstruction"])
    found["rotation"] = rotation_of(found["rotation_wxyz"])
    found["translation"] = numpy.array(found["translation"])
    found["outline"] = json.loads((room / "place" / "plan.json").read_text())["outline"]
    found["doorway"] = placed["doorway"]["position"]
    plan = json.loads((EXAMPLE / "truth" / "plan.json").read_text())
    result, _ = measure_place(found, room / "place" / "collision.glb", plan, fit, depths, WALKER)
    result["length"] = measure_length(room, fit, truth, truth_file, poses)
    result["taped"] = measure_taped(room, fit, truth, truth_file, poses, depths, WALKER)
    result["lengths"] = measure_lengths(room, fit, truth, truth_file, poses, depths, WALKER)
    return result


# --- pictures -------------------------------------------------------------------------------


def psnr(a, b):
    return float(-10 * numpy.log10(max(1e-10, ((a - b) ** 2).mean())))


def blurred(x):
    """An 11 x 11 Gaussian window of sigma 1.5, where it lies wholly in the picture."""
    kernel = numpy.exp(-0.5 * (numpy.arange(-5, 6) / 1.5) ** 2)
    kernel /= kernel.sum()
    for axis in (0, 1):
        x = sum(w * numpy.roll(x, i - 5, axis) for i, w in enumerate(kernel))
    return x[5:-5, 5:-5]


def ssim(a, b):
    """Wang et al. 2004."""
    mean_a, mean_b = blurred(a), blurred(b)
    var_a, var_b = blurred(a * a) - mean_a ** 2, blurred(b * b) - mean_b ** 2
    covariance = blurred(a * b) - mean_a * mean_b
    c1, c2 = 0.01 ** 2, 0.03 ** 2
    return float((((2 * mean_a * mean_b + c1) * (2 * covariance + c2)) /
                  ((mean_a ** 2 + mean_b ** 2 + c1) * (var_a + var_b + c2))).mean())


def with_exposure_fitted(render, photo):
    """Gain and offset of each channel by least squares on the photograph's own pixels."""
    fitted = numpy.empty_like(render)
    for c in range(3):
        gain, offset = numpy.polyfit(render[..., c].ravel(), photo[..., c].ravel(), 1)
        fitted[..., c] = numpy.clip(gain * render[..., c] + offset, 0, 1)
    return fitted


def pixels(path):
    return numpy.asarray(Image.open(path).convert("RGB"), numpy.float64) / 255


def measure_views(room, fit, found_scale, truth_file, truth, folder):
    """The held-out views, rendered where they truly were."""
    scale, rotation, translation = fit
    cameras = {key: value for key, value in truth_file.items() if key != "frames"}
    cameras["frames"] = []
    for frame in truth_file["frames"]:
        name = pathlib.Path(frame["file_path"]).name
        true_rotation, centre = truth[name]
        matrix = numpy.eye(4)
        matrix[:3, :3] = rotation.T @ true_rotation @ FLIP
        matrix[:3, 3] = rotation.T @ (centre - translation) / scale
        cameras["frames"].append({**frame, "file_path": name,
                                  "transform_matrix": matrix.tolist()})
    (folder / "transforms.json").write_text(json.dumps(cameras))
    run(PROGRAM, "render", room, "--cameras", folder / "transforms.json", "--depth", "-o",
        folder / "views", "--quiet")
    views, errors = [], []
    for name in truth:
        photo = pixels(EXAMPLE / "truth" / "held_out" / name)
        render = pixels(folder / "views" / f"{name}.png")
        fitted = with_exposure_fitted(render, photo)
        views.append({"name": name, "psnr_db": psnr(render, photo), "ssim": ssim(render, photo),
                      "psnr_db_with_exposure_fitted": psnr(fitted, photo),
                      "ssim_with_exposure_fitted": ssim(fitted, photo)})
        true_depth = EXAMPLE / "truth" / "depth" / (pathlib.Path(name).stem + ".png")
        if true_depth.exists():
            true_mm = numpy.asarray(Image.open(true_depth), numpy.float64)
            found = Image.open(folder / "views" / f"{name}.depth.png")
            found = numpy.asarray(found.resize(true_mm.shape[::-1], Image.NEAREST), numpy.float64)
            both = (true_mm > 0) & (found > 0)
            errors.append(numpy.abs(found * scale / found_scale - true_mm)[both])
    keys = [key for key in views[0] if key != "name"]
    means = {key: float(numpy.mean([view[key] for view in views])) for key in keys}
    errors = numpy.concatenate(errors) if errors else numpy.array([numpy.nan])
    return ({"mean": means, "views": views},
            {"median_mm": float(numpy.median(errors)), "mean_mm": float(errors.mean()),
             "share_within_50_mm": float((errors < 50).mean())})


# --- all of it ------------------------------------------------------------------------------


def bytes_of(path):
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def measure(room):
    truth, truth_file = true_poses(EXAMPLE / "truth" / "photos.json")
    held_out, held_out_file = true_poses(EXAMPLE / "truth" / "held_out.json")
    poses = read_images(room / "reconstruction" / "images.bin")
    fit = align(poses, truth)
    placement = json.loads((room / "reconstruction" / "placement.json").read_text())
    report = json.loads((room / "report.json").read_text())
    with tempfile.TemporaryDirectory(prefix="ajar-bench-") as folder:
        views, depth = measure_views(room, fit, placement["room_from_reconstruction"]["scale"],
                                     held_out_file, held_out, pathlib.Path(folder))
    # The first eight views lead along the middle of the room.
    walk = [centre for _, centre in list(held_out.values())[:8]]
    depths = []
    for name, pose in held_out.items():
        file = EXAMPLE / "truth" / "depth" / (pathlib.Path(name).stem + ".png")
        if file.exists():
            depths.append((numpy.asarray(Image.open(file), numpy.float64),
                           held_out_file["fl_x"] / 2,
                           (held_out_file["cx"] / 2, held_out_file["cy"] / 2), pose))
    space = measure_space(room, EXAMPLE / "truth", (truth_file, truth), depths, walk, fit)
    place = None
    if (room / "place" / "collision.glb").exists() and WALKER.exists():
        place = measure_as_place(room, fit, truth, truth_file, poses, depths)
    return {"place": place, "training_s": report["training"]["seconds"],
            "stages_s": {name: stage["seconds"] for name, stage in report["stages"].items()},
            "splats": report["training"]["splats"],
            "bytes": {"room.ply": (room / "splats" / "room.ply").stat().st_size,
                      "site splats": bytes_of(room / "site" / "splats")},
            "poses": measure_poses(poses, truth, fit),
            "placement": measure_placement(room, fit), "held_out": views, "depth": depth,
            "space": space}


def table(result):
    poses, mean = result["poses"], result["held_out"]["mean"]
    rows = [
        ("placed", f"{poses['placed']} of {poses['photographs']}"),
        ("rotation, median and worst", "{median:.2f}, {worst:.2f} deg".format(
            **poses["rotation_deg"])),
        ("position, median and worst", "{median:.1f}, {worst:.1f} mm".format(
            **poses["position_mm"])),
        ("within 1 deg and 1 cm", f"{100 * poses['share_within_1deg_1cm']:.0f} %"),
        ("within 3 deg and 5 cm", f"{100 * poses['share_within_3deg_5cm']:.0f} %"),
        ("up", f"{result['placement']['up_error_deg']:.2f} deg off"),
        ("estimated scale", f"{result['placement']['scale_to_true']:.3f} of the true one"),
        ("training", f"{result['training_s']:.0f} s, {result['splats']} splats"),
        ("held-out views", f"{mean['psnr_db']:.2f} dB, SSIM {mean['ssim']:.3f}"),
        ("with exposure fitted", f"{mean['psnr_db_with_exposure_fitted']:.2f} dB, "
                                 f"SSIM {mean['ssim_with_exposure_fitted']:.3f}"),
        ("depth, median and mean error", f"{result['depth']['median_mm']:.0f}, "
                                         f"{result['depth']['mean_mm']:.0f} mm"),
        ("air near the walk", "{opacity_litres:.1f} of {free_litres:.0f} litres opaque; "
                              "{share:.2f} % at head height over 0.1".format(
                                  share=100 * result["space"]["head_height_share_over_0.1"],
                                  **result["space"])),
        ("walls and ceiling", f"{100 * result['space']['wall_share_with_none']:.2f} % with none"),
        ("room.ply, splats of the site", f"{result['bytes']['room.ply'] / 1e6:.1f}, "
                                         f"{result['bytes']['site splats'] / 1e6:.1f} MB"),
    ]
    if result["place"]:
        place = result["place"]
        rows += [
            ("floor", f"{100 * place['floor_error_m']:.1f} cm off"),
            ("plan's area", f"{100 * place['plan_area_error']:+.1f} % off"),
            ("scale from one length", f"{100 * place['length']['error']:+.2f} % off"),
            *((f"scale from: {what}", "{:.2f} % off in {} photographs, {:.2f} % in the worst".format(
                100 * each["median"], each["photographs"], 100 * each["worst"]))
              for what, each in place["taped"]["lengths"].items()),
            ("scale from any of these", "{:.2f} % off, nine in ten within {:.2f} %, {:.0f} % within 0.5 %; "
                                        "{:.0f} % within twice what is stated".format(
                                            *(100 * place["taped"][key] for key in (
                                                "median", "nine_in_ten", "within_half_a_percent",
                                                "within_two_deviations")))),
            *((f"{lengths['lengths']} {what}",
               "{:.2f} % off, nine in ten within {:.2f} %; {:.2f} % stated; {:.0f} % within twice that"
               .format(*(100 * lengths[key] for key in ("median", "nine_in_ten", "stated_median",
                                                        "within_two_deviations"))))
              for what, lengths in (("lengths anywhere", place["lengths"]["all"]),
                                    ("well known ones", place["lengths"]["well_known"]))
              if lengths["lengths"]),
            ("walkable floor found free", f"{100 * place['walkable_found_free']:.1f} %; of every "
                                          f"uncovered spot {100 * place['free_floor_found']:.1f} %"),
            ("furniture found free", "{:.1f} %; of its rectangles {:.1f} %".format(
                100 * place["furniture_found_free"],
                100 * place["furniture_by_its_rectangles_found_free"])),
            ("walks", "{walks}, {walks_that_leave} leave; {deep:.0f} cm into furniture; reach "
                      "{reach:.1f} %".format(deep=100 * place["body_into_furniture_m"],
                                             reach=100 * place["walkable_reached"], **place)),
            ("collision mesh", f"{place['mesh_bytes'] / 1e3:.0f} kB"),
        ]
    rows += [(f"stage: {name}", f"{seconds:.0f} s") for name, seconds in
             result["stages_s"].items()]
    return "\n".join(f"{what:32} {figure}" for what, figure in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--room", type=pathlib.Path)
    parser.add_argument("--time", default="8m")
    parser.add_argument("--json", type=pathlib.Path)
    words = parser.parse_args()
    if words.room:
        result = measure(words.room)
    else:
        with tempfile.TemporaryDirectory(prefix="ajar-bench-") as folder:
            room = pathlib.Path(folder) / "room"
            begin = time.monotonic()
            run(PROGRAM, "build", EXAMPLE / "photos", "-o", room, "--time", words.time, "--quiet")
            wall_s = time.monotonic() - begin
            result = {"wall_s": wall_s, **measure(room)}
    if words.json:
        words.json.write_text(json.dumps(result, indent=1) + "\n")
    print(table(result))


if __name__ == "__main__":
    sys.exit(main())
