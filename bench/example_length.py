"""How well the example room's scale would be known from one length.

What a keeper lays a tape along, from corner to corner, is pointed out in every photograph that shows
it. And, wherever a length may be:
Places on the room's surfaces come from the truth's depth of the held-out views, where it is flat.
They are pointed at in photographs that show them; the lengths between places of one photograph are
held against the truth, and against the uncertainty that is stated with them.
"""

import json
import pathlib
import subprocess

import numpy

PHOTOGRAPHS, PLACES = 20, 9   # and places in each; lengths are between all of one photograph
LEAST_M = 1.0        # who measures one length for the scale takes a long one
BORDER_PX = 30
FLAT_PX, FLAT = 14, 0.007  # the truth's depth is a plane's so far about a place, but for such a share
TRIES = 120
# A place is hidden from a photograph where the truth has something so much nearer within so many pixels.
HIDDEN_M, BESIDE_PX = 0.02, 4
# In the truth's y: beyond are curtains and glass, through which one sees out; the wardrobe's front, up
# to so far in x, is a mirror, in which one sees what is elsewhere.
WINDOW_M, MIRROR_M = 3.85, (1.3, 0.55)
# What one lays a tape along: ends in the truth's frame, as examples/bedroom makes them.
TAPED = json.loads((pathlib.Path(__file__).parent / "example_taped.json").read_text())
WELL_KNOWN = 0.007   # stated, as a share: both ends were found by the photographs


def surface_places(depth_views, random):
    """Places in the truth's frame, from pixels about which the truth's depth is that of one plane."""
    places = []
    offsets = numpy.arange(-FLAT_PX, FLAT_PX + 1)
    across, down = numpy.meshgrid(offsets, offsets)
    basis = numpy.stack([across.ravel(), down.ravel(), numpy.ones(across.size)], 1)
    for depth_mm, focal, centre_px, (rotation, centre) in depth_views:
        high, wide = depth_mm.shape
        for _ in range(TRIES):
            u = int(random.integers(FLAT_PX, wide - FLAT_PX))
            v = int(random.integers(FLAT_PX, high - FLAT_PX))
            window = depth_mm[v - FLAT_PX:v + FLAT_PX + 1, u - FLAT_PX:u + FLAT_PX + 1]
            if (window <= 0).any():
                continue
            inverse = 1 / window.ravel()
            plane = numpy.linalg.lstsq(basis, inverse, rcond=None)[0]
            if abs(basis @ plane / inverse - 1).max() > FLAT:
                continue
            z = depth_mm[v, u] / 1000
            ray = numpy.array([(u + 0.5 - centre_px[0]) / focal, (v + 0.5 - centre_px[1]) / focal, 1])
            places.append(rotation @ (z * ray) + centre)
    places = numpy.array(places)
    in_mirror = (places[:, 0] < MIRROR_M[0]) & (abs(places[:, 1] - MIRROR_M[1]) < 0.05)
    in_room = (places[:, 1] > -0.02) & (places[:, 1] < WINDOW_M)  # not beyond the open door
    return places[in_room & ~in_mirror]


def cloud_of(depth_views):
    """Everything that the truth's depth shows, sparser."""
    parts = []
    for depth_mm, focal, centre_px, (rotation, centre) in depth_views:
        v, u = numpy.nonzero(depth_mm[::2, ::2])
        z = depth_mm[::2, ::2][v, u] / 1000
        rays = numpy.stack([(2 * u + 0.5 - centre_px[0]) / focal * z,
                            (2 * v + 0.5 - centre_px[1]) / focal * z, z], 1)
        parts.append(rays @ rotation.T + centre)
    return numpy.concatenate(parts)


class Visible:
    """Which places a photograph shows: nothing of the cloud is nearer beside them."""

    def __init__(self, cloud, pose, file):
        rotation, centre = pose
        x, y, z = ((cloud - centre) @ rotation).T
        front = z > 0.1
        x, y, z = x[front] / z[front], y[front] / z[front], z[front]
        bend = 1 + file["k1"] * (x * x + y * y) + file["k2"] * (x * x + y * y) ** 2
        u, v = file["fl_x"] * x * bend + file["cx"], file["fl_y"] * y * bend + file["cy"]
        near = (abs(x) < 1.2) & (u >= 0) & (v >= 0) & (u < file["w"]) & (v < file["h"])
        shape = file["h"] // BESIDE_PX + 1, file["w"] // BESIDE_PX + 1
        self.nearest = numpy.full(shape, numpy.inf)
        cells = (v[near] / BESIDE_PX).astype(int), (u[near] / BESIDE_PX).astype(int)
        numpy.minimum.at(self.nearest, cells, z[near])
        self.pose = pose

    def shows(self, place, pixel):
        z = ((place - self.pose[1]) @ self.pose[0])[2]
        u, v = (pixel / BESIDE_PX).astype(int)
        around = self.nearest[max(0, v - 1):v + 2, max(0, u - 1):u + 2]
        return around.min() > z - HIDDEN_M - 0.02 * z


def in_photograph(place, pose, file):
    """Pixel of a place in a photograph of the truth's lens, or None outside of it."""
    rotation, centre = pose
    x, y, z = (place - centre) @ rotation
    if z < 0.1:
        return None
    r2 = (x * x + y * y) / (z * z)
    bend = 1 + file["k1"] * r2 + file["k2"] * r2 * r2
    u = file["fl_x"] * x / z * bend + file["cx"]
    v = file["fl_y"] * y / z * bend + file["cy"]
    inside = BORDER_PX < u < file["w"] - BORDER_PX and BORDER_PX < v < file["h"] - BORDER_PX
    return numpy.array([u, v]) if inside else None


def meet(room, asked, fit, program):
    """Where pixels ("asked": photograph, pixel) meet the room, in the truth's frame, and the stated
    deviation, or None for nowhere. `fit`: similarity from reconstruction to truth."""
    scale, rotation, translation = fit
    words = "".join(f"{name} {pixel[0]:.2f} {pixel[1]:.2f}\n" for name, pixel in asked)
    output = subprocess.run([str(program), "--pixels", str(room)], input=words, text=True, check=True,
                            capture_output=True).stdout.splitlines()
    found = []
    for line in output:
        values = numpy.array(line.split(), float) if line != "-" else None
        found.append(None if values is None else
                     (scale * rotation @ values[:3] + translation, scale * values[3]))
    return found


def measure_taped(room, fit, truth, truth_file, poses, depth_views, program):
    """Each length of TAPED in every photograph that shows both its ends: by how much the scale would
    be off, as a share, if it were the one that is given."""
    cloud = cloud_of(depth_views)
    visible = {name: Visible(cloud, truth[name], truth_file) for name in truth if name in poses}
    asked, whose = [], []
    for what, ends in TAPED.items():
        for name, view in visible.items():
            pixels = [in_photograph(numpy.array(end), truth[name], truth_file) for end in ends]
            if all(pixel is not None and view.shows(numpy.array(end), pixel)
                   for end, pixel in zip(ends, pixels)):
                asked += [(name, pixel) for pixel in pixels]
                whose.append(what)
    found = meet(room, asked, fit, program)
    errors, stated = {what: [] for what in TAPED}, []
    for what, a, b in zip(whose, found[::2], found[1::2]):
        if a is None or b is None:
            errors[what].append(numpy.inf)
            stated.append(1)
            continue
        true_m = numpy.linalg.norm(numpy.subtract(*TAPED[what]))
        errors[what].append(true_m / numpy.linalg.norm(a[0] - b[0]) - 1)
        stated.append(numpy.hypot(a[1], b[1]) / true_m)
    every = abs(numpy.concatenate([errors[what] for what in TAPED]))
    return {"lengths": {what: {"photographs": len(each), "median": float(numpy.median(numpy.abs(each))),
                               "worst": float(numpy.abs(each).max())}
                        for what, each in errors.items() if each},
            "median": float(numpy.median(every)), "nine_in_ten": float(numpy.quantile(every, 0.9)),
            "within_half_a_percent": float((every < 0.005).mean()),
            "within_two_deviations": float((every < 2 * numpy.array(stated)).mean())}


def measure_lengths(room, fit, truth, truth_file, poses, depth_views, program):
    """Errors of lengths, as shares; `fit`: similarity from reconstruction to truth."""
    random = numpy.random.default_rng(1)
    places = surface_places(depth_views, random)
    cloud = cloud_of(depth_views)
    asked = []
    names = [name for name in truth if name in poses]
    for name in names[::max(1, len(names) // PHOTOGRAPHS)]:
        pose = truth[name]
        visible = Visible(cloud, pose, truth_file)
        seen = [(k, pixel) for k in random.permutation(len(places))
                if (pixel := in_photograph(places[k], pose, truth_file)) is not None and
                visible.shows(places[k], pixel)]
        asked += [(name, k, pixel) for k, pixel in seen[:PLACES]]
    found, nowhere = {}, 0
    for (name, k, _), place in zip(asked, meet(room, [(name, pixel) for name, _, pixel in asked], fit,
                                               program)):
        if place is None:
            nowhere += 1
        else:
            found.setdefault(name, []).append((places[k], *place))
    errors, stated = [], []
    for points in found.values():
        for i, (true_a, a, deviation_a) in enumerate(points):
            far = [j for j in range(i) if numpy.linalg.norm(points[j][0] - true_a) >= LEAST_M]
            for j in far:
                true_b, b, deviation_b = points[j]
                true_m = numpy.linalg.norm(true_a - true_b)
                errors.append(numpy.linalg.norm(a - b) / true_m - 1)
                stated.append(numpy.hypot(deviation_a, deviation_b) / true_m)
    errors, stated = numpy.array(errors), numpy.array(stated)
    well = stated < WELL_KNOWN

    def figures(chosen):
        e, s = abs(errors[chosen]), stated[chosen]
        if not len(e):
            return {"lengths": 0}
        return {"lengths": len(e), "median": float(numpy.median(e)),
                "nine_in_ten": float(numpy.quantile(e, 0.9)),
                "stated_median": float(numpy.median(s)),
                "within_two_deviations": float((e < 2 * s).mean())}

    return {"places": len(asked), "places_found_nowhere": nowhere,
            "all": figures(stated > 0), "well_known": figures(well)}
