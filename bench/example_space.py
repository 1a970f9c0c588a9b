"""Where the example room's splats should be and are not, and the other way round.

Two questions, answered from the truth's plan: is the air clear, and are walls and ceiling whole?
Opacity at a place in the air is 1 - product of (1 - o exp(-q / 2)) over splats; on a wall it is that
of a look straight at it, through what lies within SLAB_M of the plane.
"""

import json

import numpy

GRID_M = 0.05
SLAB_M = 0.08        # a wall's splats lie this near to it
WALK_M = 0.5         # of the walk's places; what must be clear
CLEARANCE_M = 0.12   # from walls and furniture: nobody can say where a leaf ends
HEAD_M = (1.2, 1.7)
MAX_Q = 8.0          # scene/splat_convention.h
SEEN = 0.1           # opacity from which something is there


def read_splats(path, scale, rotation, translation):
    """Means, covariances and opacities of a room.ply, in the truth's metres."""
    data = path.read_bytes()
    end = data.index(b"end_header\n") + len(b"end_header\n")
    header = data[:end].decode().splitlines()
    count = next(int(line.split()[2]) for line in header if line.startswith("element vertex"))
    names = [line.split()[2] for line in header if line.startswith("property float")]
    values = numpy.frombuffer(data, "<f4", count * len(names), end).reshape(count, -1)
    values = values.astype(numpy.float64)
    column = {name: values[:, i] for i, name in enumerate(names)}
    means = numpy.stack([column[k] for k in "xyz"], 1) @ (scale * rotation.T) + translation
    w, x, y, z = (column[f"rot_{k}"] for k in range(4))
    norm = numpy.sqrt(w * w + x * x + y * y + z * z)
    w, x, y, z = w / norm, x / norm, y / norm, z / norm
    turn = numpy.stack([
        1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
        2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
        2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], 1).reshape(-1, 3, 3)
    sizes = scale * numpy.exp(numpy.stack([column[f"scale_{k}"] for k in range(3)], 1))
    axes = rotation @ turn * sizes[:, None, :]
    return means, axes @ axes.transpose(0, 2, 1), 1 / (1 + numpy.exp(-column["opacity"]))


def in_polygon(polygon, x, y):
    inside = numpy.zeros(x.shape, bool)
    for (x0, y0), (x1, y1) in zip(polygon, polygon[1:] + polygon[:1]):
        crosses = (y0 > y) != (y1 > y)
        with numpy.errstate(divide="ignore", invalid="ignore"):
            inside ^= crosses & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return inside


def box_of(footprint):
    polygon = numpy.array(footprint["polygon"])
    return polygon.min(0), polygon.max(0), footprint["height"]


def seen_through(places, depth_views):
    """Which places lie well before what one of the true depths shows, and so in the air."""
    free = numpy.zeros(len(places), bool)
    for depth_mm, focal, centre_px, (rotation, centre) in depth_views:
        x, y, z = ((places - centre) @ rotation).T
        with numpy.errstate(divide="ignore", invalid="ignore"):
            u, v = focal * x / z + centre_px[0], focal * y / z + centre_px[1]
        height, width = depth_mm.shape
        shown = (z > 0) & (u >= 0) & (v >= 0) & (u < width) & (v < height)
        depth_m = depth_mm[v[shown].astype(int), u[shown].astype(int)] / 1000
        free[shown] |= z[shown] < depth_m - CLEARANCE_M
    return free


def free_places(plan, walk, depth_views):
    """A grid of places in the air near the walk: clear of everything in the plan, and seen through
    (the plan does not know the door's leaf, nor what hangs or stands about)."""
    outline = numpy.array(plan["outline"])
    low, high = outline.min(0) + CLEARANCE_M, outline.max(0) - CLEARANCE_M
    axes = [numpy.arange(a, b, GRID_M) for a, b in
            ((low[0], high[0]), (low[1], high[1]), (CLEARANCE_M, plan["height"] - CLEARANCE_M))]
    places = numpy.stack(numpy.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 3)
    near = numpy.min([((places - centre) ** 2).sum(1) for centre in walk], 0) < WALK_M ** 2
    places = places[near & in_polygon(plan["outline"], places[:, 0], places[:, 1])]
    for footprint in plan["footprints"]:
        a, b, height = box_of(footprint)
        inside = ((places[:, :2] > a - CLEARANCE_M) & (places[:, :2] < b + CLEARANCE_M)).all(1)
        places = places[~(inside & (places[:, 2] < height + CLEARANCE_M))]
    return places[seen_through(places, depth_views)]


def clear_share(means, covariances, opacities, places):
    """How much of each place lets light through."""
    keys = numpy.round(places / GRID_M).astype(int)
    base = keys.min(0)
    shape = keys.max(0) - base + 1
    index = numpy.full(shape, -1)
    index[tuple((keys - base).T)] = numpy.arange(len(places))
    log_clear = numpy.zeros(len(places))
    reach = numpy.sqrt(MAX_Q * covariances[:, [0, 1, 2], [0, 1, 2]])
    first = numpy.ceil((means - reach) / GRID_M).astype(int) - base
    last = numpy.floor((means + reach) / GRID_M).astype(int) - base
    touches = ((last >= 0) & (first < shape) & (first <= last)).all(1)
    for i in numpy.flatnonzero(touches):
        part = tuple(slice(max(0, a), min(n, b + 1))
                     for a, b, n in zip(first[i], last[i], shape))
        found = index[part]
        found = found[found >= 0]
        if not len(found):
            continue
        offset = places[found] - means[i]
        q = numpy.einsum("ni,ij,nj->n", offset, numpy.linalg.pinv(covariances[i]), offset)
        alpha = numpy.where(q < MAX_Q, opacities[i] * numpy.exp(-q / 2), 0)
        numpy.add.at(log_clear, found, numpy.log1p(-numpy.minimum(alpha, 0.999)))
    return numpy.exp(log_clear)


def wall_samples(plan, axis, at):
    """Places on one wall (or the ceiling), less openings and what furniture hides."""
    outline = numpy.array(plan["outline"])
    low, high = outline.min(0), outline.max(0)
    if axis == 2:
        spans = (0, low[0], high[0]), (1, low[1], high[1])
    else:
        spans = (1 - axis, low[1 - axis], high[1 - axis]), (2, 0.0, plan["height"])
    u = [numpy.arange(a + CLEARANCE_M, b - CLEARANCE_M, GRID_M) for _, a, b in spans]
    places = numpy.zeros((len(u[0]), len(u[1]), 3))
    places[..., axis] = at
    places[..., spans[0][0]] = u[0][:, None]
    places[..., spans[1][0]] = u[1][None, :]
    places = places.reshape(-1, 3)
    keep = numpy.ones(len(places), bool)
    for opening in plan["openings"]:
        ends = numpy.array([[opening["x0"], opening["y0"]], [opening["x1"], opening["y1"]]])
        if axis == 2 or numpy.abs(ends[:, axis] - at).max() > 0.01:
            continue
        along = places[:, 1 - axis]
        a, b = sorted(ends[:, 1 - axis])
        keep &= ~((along > a - CLEARANCE_M) & (along < b + CLEARANCE_M) &
                  (places[:, 2] > opening["z0"] - CLEARANCE_M) &
                  (places[:, 2] < opening["z1"] + CLEARANCE_M))
    for footprint in plan["footprints"]:
        a, b, height = box_of(footprint)
        inside = ((places[:, :2] > a - CLEARANCE_M) & (places[:, :2] < b + CLEARANCE_M)).all(1)
        keep &= ~(inside & (places[:, 2] < height + CLEARANCE_M))
    return places[keep], [span[0] for span in spans]


def wall_opacity(means, covariances, opacities, places, axis, across):
    near = numpy.abs(means[:, axis] - places[0, axis]) < SLAB_M
    log_clear = numpy.zeros(len(places))
    flat = places[:, across]
    order = numpy.argsort(flat[:, 0], kind="stable")
    sorted_u = flat[order, 0]
    for i in numpy.flatnonzero(near):
        shape = covariances[i][numpy.ix_(across, across)]
        reach = numpy.sqrt(MAX_Q * shape[0, 0])
        a, b = numpy.searchsorted(sorted_u, means[i, across[0]] + numpy.array([-reach, reach]))
        if a == b:
            continue
        found = order[a:b]
        offset = flat[found] - means[i, across]
        q = numpy.einsum("ni,ij,nj->n", offset, numpy.linalg.pinv(shape), offset)
        alpha = numpy.where(q < MAX_Q, opacities[i] * numpy.exp(-q / 2), 0)
        log_clear[found] += numpy.log1p(-numpy.minimum(alpha, 0.999))
    return 1 - numpy.exp(log_clear)


def seen_by(places, truth_file, poses, least):
    """Which places lie within at least so many photographs (what stands between is not asked)."""
    count = numpy.zeros(len(places), int)
    for rotation, centre in poses.values():
        x, y, z = ((places - centre) @ rotation).T
        with numpy.errstate(divide="ignore", invalid="ignore"):
            u = truth_file["fl_x"] * x / z + truth_file["cx"]
            v = truth_file["fl_y"] * y / z + truth_file["cy"]
        count += ((z > 0) & (u > 0) & (v > 0) & (u < truth_file["w"]) & (v < truth_file["h"]))
    return count >= least


def measure_space(room, truth_folder, photographs, depth_views, walk, fit):
    """`photographs`: the truth's transforms.json and poses; `depth_views`: true depth in
    millimetres, focal length, centre and pose of each; `walk`: places along the middle of the room,
    metres; `fit`: scale, rotation, translation."""
    plan = json.loads((truth_folder / "plan.json").read_text())
    splats = read_splats(room / "splats" / "room.ply", *fit)
    places = free_places(plan, walk, depth_views)
    opacity = 1 - clear_share(*splats, places)
    at_head = (places[:, 2] > HEAD_M[0]) & (places[:, 2] < HEAD_M[1])
    outline = numpy.array(plan["outline"])
    walls, seen = [], []
    for axis, at in ((0, outline[:, 0].min()), (0, outline[:, 0].max()),
                     (1, outline[:, 1].min()), (1, outline[:, 1].max()), (2, plan["height"])):
        samples, across = wall_samples(plan, axis, at)
        walls.append(wall_opacity(*splats, samples, axis, across))
        seen.append(seen_by(samples, *photographs, least=2))
    walls = numpy.concatenate(walls)[numpy.concatenate(seen)]
    return {"free_litres": float(1000 * len(places) * GRID_M ** 3),
            "mean_opacity": float(opacity.mean()),
            "opacity_litres": float(1000 * opacity.sum() * GRID_M ** 3),
            "head_height_share_over_0.1": float((opacity[at_head] > SEEN).mean()),
            "wall_share_with_none": float((walls < SEEN).mean())}
