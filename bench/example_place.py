"""What is found of the example room as a place, held against its plan.

Shares of areas are counted on a grid of a centimetre. A cell of the true floor is found free where
the page's collision mesh has floor and nothing in the way; the plan's footprints are rectangles
around things, and it does not know the door's leaf, which stands open in the room.

"Walkable" is what a standing person of 0.2 m radius covers without touching walls or footprints,
starting from the middle of the room: the true one by the plan, and what the walks cover of it.
"""

import json
import struct
import subprocess

import numpy

CELL_M = 0.01
# What stands in the room and is not in its plan (examples/bedroom/bedroom: facts.py, shell.py): the
# door's open leaf, the window's sill with the radiator below it, and the curtains.
LEAF_M = 0.04
BESIDES = [numpy.array([[0.94, 3.9], [2.46, 3.9], [2.46, 4.0], [0.94, 4.0]]),
           numpy.array([[0.66, 3.88], [1.06, 3.88], [1.06, 3.95], [0.66, 3.95]]),
           numpy.array([[2.34, 3.88], [2.72, 3.88], [2.72, 3.95], [2.34, 3.95]])]
HINGE, LEAF_LENGTH_M, LEAF_OPEN_DEG = numpy.array([3.25, 0.0]), 0.8, 65.0
BARE_M = 0.015       # the truth's depth shows bare floor where it ends so near to z = 0
RADIUS_M = 0.2
STEP_M, HEAD_M = 0.06, 1.8
WALKS = 1000


def read_glb(path):
    """Name of a part to its triangles, n x 3 corners x 3."""
    data = path.read_bytes()
    length = struct.unpack_from("<I", data, 12)[0]
    description = json.loads(data[20:20 + length])
    binary = data[28 + length:]
    kinds = {5126: "<f4", 5125: "<u4", 5123: "<u2"}

    def values(index):
        accessor = description["accessors"][index]
        view = description["bufferViews"][accessor["bufferView"]]
        count = accessor["count"] * (3 if accessor["type"] == "VEC3" else 1)
        return numpy.frombuffer(binary, kinds[accessor["componentType"]], count, view["byteOffset"])

    parts = {}
    for node in description.get("nodes", []):
        piece = description["meshes"][node["mesh"]]["primitives"][0]
        positions = values(piece["attributes"]["POSITION"]).reshape(-1, 3)
        parts[node["name"]] = positions[values(piece["indices"])].reshape(-1, 3, 3).astype(float)
    return parts


class Grid:
    """Cells over the room and a margin, in the truth's x and y."""

    def __init__(self, outline, margin=1.5):
        self.low = outline.min(0) - margin
        self.shape = tuple(numpy.ceil((outline.max(0) + margin - self.low) / CELL_M).astype(int))
        self.x, self.y = numpy.meshgrid(*(self.low[k] + (numpy.arange(self.shape[k]) + 0.5) * CELL_M
                                          for k in range(2)), indexing="ij")

    def polygon(self, corners):
        inside = numpy.zeros(self.shape, bool)
        for (x0, y0), (x1, y1) in zip(corners, numpy.roll(corners, -1, 0)):
            crosses = (y0 > self.y) != (y1 > self.y)
            with numpy.errstate(divide="ignore", invalid="ignore"):
                inside ^= crosses & (self.x < (x1 - x0) * (self.y - y0) / (y1 - y0) + x0)
        return inside

    def triangles(self, triangles, mask):
        """Cells whose centres lie in a triangle."""
        for corners in triangles:
            a = numpy.maximum(0, ((corners.min(0) - self.low) / CELL_M).astype(int))
            b = numpy.minimum(self.shape, ((corners.max(0) - self.low) / CELL_M).astype(int) + 1)
            if (a >= b).any():
                continue
            part = tuple(slice(i, j) for i, j in zip(a, b))
            x, y = self.x[part], self.y[part]
            signs = [(q[0] - p[0]) * (y - p[1]) - (q[1] - p[1]) * (x - p[0])
                     for p, q in zip(corners, numpy.roll(corners, -1, 0))]
            mask[part] |= (numpy.all([s >= 0 for s in signs], 0) |
                           numpy.all([s <= 0 for s in signs], 0))
        return mask

    def cells(self, places):
        return tuple(((places - self.low) / CELL_M).astype(int).T)


def grown(mask, radius_m):
    """Cells within a distance of set ones: a row of disc shifts."""
    reach = int(round(radius_m / CELL_M))
    out = numpy.zeros_like(mask)
    for dx in range(-reach, reach + 1):
        half = int((reach ** 2 - dx ** 2) ** 0.5)
        shifted = numpy.zeros_like(mask)
        if dx >= 0:
            shifted[dx:] = mask[:mask.shape[0] - dx]
        else:
            shifted[:dx] = mask[-dx:]
        sums = numpy.cumsum(numpy.pad(shifted, ((0, 0), (half + 1, half))).astype(int), 1)
        out |= sums[:, 2 * half + 1:] - sums[:, :-(2 * half + 1)] > 0
    return out


def connected(mask, seed):
    """The part of the mask that the seed lies in: grown until nothing is added."""
    from collections import deque
    out = numpy.zeros_like(mask)
    queue = deque([seed])
    out[seed] = mask[seed]
    while queue:
        i, j = queue.popleft()
        for a, b in ((i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)):
            if mask[a, b] and not out[a, b]:
                out[a, b] = True
                queue.append((a, b))
    return out


def leaf():
    angle = numpy.radians(180 - LEAF_OPEN_DEG)
    along = LEAF_LENGTH_M * numpy.array([numpy.cos(angle), numpy.sin(angle)])
    aside = LEAF_M * numpy.array([numpy.sin(angle), -numpy.cos(angle)])
    return numpy.array([HINGE, HINGE + along, HINGE + along + aside, HINGE + aside])


def bare_floor(grid, depth_views):
    """Cells at which the truth's depth shows the floor itself."""
    bare = numpy.zeros(grid.shape, bool)
    for depth_mm, focal, centre_px, (rotation, centre) in depth_views:
        v, u = numpy.nonzero(depth_mm)
        z = depth_mm[v, u] / 1000
        rays = numpy.stack([(u + 0.5 - centre_px[0]) / focal * z,
                            (v + 0.5 - centre_px[1]) / focal * z, z], 1)
        places = rays @ rotation.T + centre
        places = places[numpy.abs(places[:, 2]) < BARE_M]
        cells = grid.cells(places[:, :2])
        inside = numpy.all([(c >= 0) & (c < n) for c, n in zip(cells, grid.shape)], 0)
        bare[tuple(c[inside] for c in cells)] = True
    return grown(bare, CELL_M)


def true_floor(plan, grid):
    """In the room, in the plan's furniture, and in what else stands there."""
    room = grid.polygon(numpy.array(plan["outline"]))
    things = numpy.zeros(grid.shape, bool)
    for footprint in plan["footprints"]:
        things |= grid.polygon(numpy.array(footprint["polygon"]))
    besides = numpy.zeros(grid.shape, bool)
    for polygon in BESIDES + [leaf()]:
        besides |= grid.polygon(polygon)
    return room, things & room, besides & room & ~things


def measure_place(found, mesh_path, plan, fit, depth_views, program):
    """`found`: scale, rotation (matrix) and translation from reconstruction to room, outline and
    doorway; `fit`: the same from reconstruction to truth; `program`: space_bench."""
    scale, rotation, translation = fit
    turn = rotation @ found["rotation"].T
    size = scale / found["scale"]

    def to_truth(places):
        return size * (places - found["translation"]) @ turn.T + translation

    def flat(places):
        places = numpy.asarray(places, float)
        upright = numpy.stack([places[:, 0], numpy.zeros(len(places)), places[:, 1]], 1)
        return to_truth(upright)[:, :2]

    outline = numpy.array(plan["outline"])
    grid = Grid(outline)
    up = turn @ numpy.array([0.0, 1.0, 0.0])
    middle = outline.mean(0)
    # Height of the found floor below the middle of the true one.
    floor = to_truth(numpy.zeros((1, 3)))[0]
    floor_error = floor[2] + (up[:2] @ (floor[:2] - middle)) / up[2]
    result = {"up_error_deg": float(numpy.degrees(numpy.arccos(min(1.0, up[2])))),
              "floor_error_m": float(floor_error), "scale_to_true": float(1 / size)}
    true_area = abs(polygon_area(outline))
    result["plan_area_error"] = float(polygon_area(flat(found["outline"])) / true_area - 1
                                      if len(found["outline"]) else -1)
    result["true_height_m"] = plan["height"]
    room, things, besides = true_floor(plan, grid)
    bare = bare_floor(grid, depth_views)
    parts = {name: to_truth(t.reshape(-1, 3)).reshape(-1, 3, 3)
             for name, t in read_glb(mesh_path).items()}
    free = grid.triangles(parts.get("floor", numpy.zeros((0, 3, 3)))[..., :2],
                          numpy.zeros(grid.shape, bool))
    for name in ("obstacles", "unknown"):
        for_feet = parts.get(name, numpy.zeros((0, 3, 3)))
        free &= ~grid.triangles(for_feet[..., :2], numpy.zeros(grid.shape, bool))
    true_free = room & ~things & ~besides
    result["free_floor_found"] = float((free & true_free).sum() / true_free.sum())
    result["free_floor_by_the_plan_alone_found"] = float(
        (free & room & ~things).sum() / (room & ~things).sum())
    stand = ~grown(~true_free, RADIUS_M)
    start_cell = nearest(stand, grid.cells(middle[None]))
    walkable = grown(connected(stand, start_cell), RADIUS_M) & true_free
    result["walkable_found_free"] = float((free & walkable).sum() / walkable.sum())
    result["furniture_found_free"] = float((free & things & ~bare).sum() / (things & ~bare).sum())
    result["furniture_by_its_rectangles_found_free"] = float((free & things).sum() / things.sum())
    result["beyond_walls_found_free_m2"] = float((free & ~room).sum() * CELL_M ** 2)
    result["of_each_found_free"] = {
        f["name"]: round(float((free & grid.polygon(numpy.array(f["polygon"]))).sum() /
                               grid.polygon(numpy.array(f["polygon"])).sum()), 3)
        for f in plan["footprints"]}
    start = found["doorway"]
    output = subprocess.run([str(program), "--walks", str(WALKS), str(mesh_path),
                             f"{start[0]},{start[2]}"], check=True, capture_output=True).stdout
    walks = numpy.array(output.split(), float).reshape(-1, 3)
    places = flat(walks[:, 1:])
    cells = grid.cells(places)
    left = ~room[cells]
    centres = numpy.zeros(grid.shape, bool)
    centres[cells] = True
    bodies = grown(centres, RADIUS_M + CELL_M / 2)
    depth = deepest(things & ~bare, bodies)
    rectangles_depth = deepest(things, bodies)
    result.update(walks=WALKS, places=len(places),
                  walks_that_leave=int(len(set(walks[left, 0].astype(int)))),
                  body_into_furniture_m=depth,
                  body_into_furniture_by_its_rectangles_m=rectangles_depth,
                  walkable_share_of_free=float((walkable & true_free).sum() / true_free.sum()),
                  walkable_reached=float((bodies & walkable).sum() / walkable.sum()),
                  free_floor_reached=float((bodies & true_free).sum() / true_free.sum()))
    result["mesh_bytes"] = mesh_path.stat().st_size
    return result, (grid, free, true_free, things, bodies)


def polygon_area(p):
    p = numpy.asarray(p)
    q = numpy.roll(p, -1, 0)
    return 0.5 * abs((p[:, 0] * q[:, 1] - q[:, 0] * p[:, 1]).sum())


def nearest(mask, cell):
    places = numpy.argwhere(mask)
    return tuple(places[((places - numpy.array(cell).reshape(1, 2)) ** 2).sum(1).argmin()])


def deepest(things, bodies):
    """How far bodies get into furniture: the radius by which it may shrink and still be touched."""
    radius = 0.0
    while radius < 0.5:
        shrunk = ~grown(~things, radius + CELL_M) if radius else things
        if not (bodies & shrunk).any():
            break
        radius += CELL_M
    return radius
