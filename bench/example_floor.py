#!/usr/bin/env python3
"""How much of the example room's free floor its photographs show at all: what no two of them show,
nothing that works from them can find.

  bench/example_floor.py     some minutes; needs Debian's blender

Of each square of the floor, and each photograph that has it in view, Blender is asked whether
something stands between. The lens's distortion is not counted.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy

EXAMPLE = pathlib.Path(__file__).resolve().parent.parent / "examples" / "bedroom"
CELL_M = 0.02
ABOVE_M = 0.02  # a rug or a threshold is no hindrance


def in_blender(output):
    """Runs inside Blender: how many photographs show each square."""
    sys.path.insert(0, str(EXAMPLE))
    import bpy
    from bedroom import facts, phone, scene, walk
    from mathutils import Vector

    room = scene.build(1, False)
    bpy.context.view_layer.update()
    depsgraph = bpy.context.evaluated_depsgraph_get()
    x, y = numpy.meshgrid(*(numpy.arange(CELL_M / 2, length, CELL_M)
                            for length in (facts.WIDTH, facts.DEPTH)), indexing="ij")
    places = numpy.stack([x, y, numpy.full_like(x, ABOVE_M)], -1)
    count = numpy.zeros(x.shape, int)
    for view in walk.photographs(room.things, 1, False):
        rotation, centre = view.pose[:3, :3], view.pose[:3, 3]
        seen = (places - centre) @ rotation
        depth = -seen[..., 2]
        with numpy.errstate(divide="ignore", invalid="ignore"):
            u = phone.CX + phone.FOCAL_PX * seen[..., 0] / depth
            v = phone.CY - phone.FOCAL_PX * seen[..., 1] / depth
        shown = ((depth > 0.01) & (u > 0) & (u < phone.WIDTH) & (v > 0) & (v < phone.HEIGHT))
        for cell in map(tuple, numpy.argwhere(shown)):
            way = Vector(centre - places[cell])
            hit, *_ = bpy.context.scene.ray_cast(
                depsgraph, Vector(places[cell]), way.normalized(), distance=way.length - 0.01)
            count[cell] += not hit
    numpy.save(output, count)


def main():
    from example_place import Grid, true_floor

    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "count.npy"
        subprocess.run(
            ["blender", "-b", "--factory-startup", "--python-exit-code", "1", "-P", __file__, "--",
             str(file)], check=True, stdout=subprocess.DEVNULL,
            # Blender's Python must find Debian's, which has numpy.
            env=dict(os.environ, PATH="/usr/bin:/bin", PYTHONDONTWRITEBYTECODE="1"))
        count = numpy.load(file)
    plan = json.loads((EXAMPLE / "truth" / "plan.json").read_text())
    grid = Grid(numpy.array(plan["outline"]))
    room, things, besides = true_floor(plan, grid)
    free = room & ~things & ~besides
    cell = [numpy.clip((axis / CELL_M).astype(int), 0, length - 1)
            for axis, length in zip((grid.x, grid.y), count.shape)]
    shown = count[tuple(cell)]
    print(f"The free floor: {free.sum() * 1e-4:.2f} m2.")
    for least in (1, 2, 3):
        share = (free & (shown >= least)).sum() / free.sum()
        print(f"Shown by at least {least}: {100 * share:.1f} % of it.")


if __name__ == "__main__":
    if "--" in sys.argv:
        in_blender(sys.argv[-1])
    else:
        main()
