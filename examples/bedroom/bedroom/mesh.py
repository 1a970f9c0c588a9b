"""Meshes from plain numbers, in metres and world axes, with texture coordinates in metres.

Box-projected coordinates run along an object's longest side, so that wood grain does too. Pictures
(posters, spines) use coordinates from 0 to 1 instead.
"""

import math
import random

import bmesh
import bpy
from mathutils import Matrix, Vector

_offsets = random.Random(0)  # where on a texture an object begins; reset for each room


def reset(seed):
    _offsets.seed(seed)


def add(name, verts, faces, material, uvs=None, smooth=False, at=None, grain=None):
    """An object from vertices and faces; `uvs` holds one pair per vertex."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([tuple(v) for v in verts], [], faces)
    return _finish(name, mesh, material, uvs, smooth, at, grain)


def _finish(name, mesh, material, uvs=None, smooth=False, at=None, grain=None):
    layer = mesh.uv_layers.new(name="uv")
    if uvs is None:
        _project(mesh, layer, grain)
    else:
        for loop in mesh.loops:
            layer.data[loop.index].uv = uvs[loop.vertex_index]
    mesh.materials.append(material)
    if smooth:
        mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
        mesh.use_auto_smooth, mesh.auto_smooth_angle = True, math.radians(40)
    if at is not None:
        mesh.transform(at)
    obj = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(obj)
    return obj


def _project(mesh, layer, grain):
    spans = [
        max(v.co[k] for v in mesh.vertices) - min(v.co[k] for v in mesh.vertices) for k in range(3)
    ]
    along = spans.index(max(spans)) if grain is None else grain
    shift = (_offsets.random() * 5, _offsets.random() * 5)
    for face in mesh.polygons:
        normal = [abs(c) for c in face.normal]
        axes = [k for k in range(3) if k != normal.index(max(normal))]
        if axes[1] == along:
            axes.reverse()
        for i in face.loop_indices:
            co = mesh.vertices[mesh.loops[i].vertex_index].co
            layer.data[i].uv = (co[axes[0]] + shift[0], co[axes[1]] + shift[1])


def box(name, x0, x1, y0, y1, z0, z1, material, bevel=0.004, at=None, grain=None):
    shape = bmesh.new()
    bmesh.ops.create_cube(shape, size=1.0)
    middle = Vector(((x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2))
    shape.transform(Matrix.Translation(middle) @ Matrix.Diagonal((x1 - x0, y1 - y0, z1 - z0, 1.0)))
    bevel = min(bevel, 0.3 * min(x1 - x0, y1 - y0, z1 - z0))
    if bevel > 0:
        bmesh.ops.bevel(
            shape, geom=shape.edges[:], offset=bevel, segments=2, affect="EDGES", profile=0.7
        )
    mesh = bpy.data.meshes.new(name)
    shape.to_mesh(mesh)
    shape.free()
    return _finish(name, mesh, material, smooth=bevel > 0, at=at, grain=grain)


def rows(
    name, sections, material, closed=True, caps=True, uvs=None, smooth=True, at=None, grain=None
):
    """A skin over equally long rows of points; `closed` joins the ends of each row."""
    n = len(sections[0])
    verts = [p for row in sections for p in row]
    faces = []
    for r in range(len(sections) - 1):
        for k in range(n if closed else n - 1):
            a, b = r * n + k, r * n + (k + 1) % n
            faces.append((a, b, b + n, a + n))
    if closed and caps:
        faces.append(tuple(range(n - 1, -1, -1)))
        faces.append(tuple(range(len(verts) - n, len(verts))))
    return add(name, verts, faces, material, uvs, smooth, at, grain)


def lathe(name, profile, centre, material, sides=32, at=None, caps=True):
    """`profile` holds (radius, height) from bottom to top."""
    cx, cy, cz = centre
    turns = [2 * math.pi * k / sides for k in range(sides)]
    return rows(
        name,
        [
            [
                (cx + max(r, 1e-4) * math.cos(t), cy + max(r, 1e-4) * math.sin(t), cz + z)
                for t in turns
            ]
            for r, z in profile
        ],
        material,
        at=at,
        caps=caps,
    )


def tube(name, points, radius, material, sides=8, at=None):
    """A round bar along a line of points; `radius` is one number or one for each point."""
    points = [Vector(p) for p in points]
    radii = radius if isinstance(radius, (list, tuple)) else [radius] * len(points)
    sections, side = [], None
    for i, p in enumerate(points):
        ahead = (points[min(i + 1, len(points) - 1)] - points[max(i - 1, 0)]).normalized()
        if side is None:
            side = ahead.orthogonal().normalized()
        side = (side - ahead * side.dot(ahead)).normalized()
        other = ahead.cross(side)
        sections.append(
            [
                p + radii[i] * (math.cos(t) * side + math.sin(t) * other)
                for t in (2 * math.pi * k / sides for k in range(sides))
            ]
        )
    return rows(name, sections, material, at=at)


def sheet(name, corner, right, up, material, at=None):
    """A flat picture: lower left corner, its two sides, coordinates from 0 to 1."""
    c, r, u = Vector(corner), Vector(right), Vector(up)
    return add(
        name,
        [c, c + r, c + r + u, c + u],
        [(0, 1, 2, 3)],
        material,
        uvs=[(0, 0), (1, 0), (1, 1), (0, 1)],
        at=at,
    )


def grid(name, nu, nv, place, material, uv_size=(1.0, 1.0), at=None):
    """A cloth: place(u, v) in 0..1 gives a point; coordinates are in units of `uv_size`."""
    sections = [[place(i / nu, j / nv) for i in range(nu + 1)] for j in range(nv + 1)]
    uvs = [(uv_size[0] * i / nu, uv_size[1] * j / nv) for j in range(nv + 1) for i in range(nu + 1)]
    return rows(name, sections, material, closed=False, uvs=uvs, at=at)


def plate(name, outline, z0, z1, material, bevel=0.004, at=None, grain=None):
    """An outline in x, y pulled up from z0 to z1, with rounded rims."""
    cx = sum(p[0] for p in outline) / len(outline)
    cy = sum(p[1] for p in outline) / len(outline)
    reach = max(math.hypot(x - cx, y - cy) for x, y in outline)

    def ring(inset, z):
        k = 1 - inset / reach
        return [(cx + (x - cx) * k, cy + (y - cy) * k, z) for x, y in outline]

    return rows(
        name,
        [ring(bevel, z0), ring(0, z0 + bevel), ring(0, z1 - bevel), ring(bevel, z1)],
        material,
        at=at,
        grain=grain,
    )


def thicken(obj, thickness, levels=0):
    """Gives a sheet a thickness, subdivided smoothly, for good."""
    solid = obj.modifiers.new("thick", "SOLIDIFY")
    solid.thickness, solid.offset = thickness, 0.0
    if levels:
        smooth = obj.modifiers.new("smooth", "SUBSURF")
        smooth.levels = smooth.render_levels = levels
    return settle(obj)


def settle(obj):
    """Replaces an object's mesh by what its modifiers make of it."""
    graph = bpy.context.evaluated_depsgraph_get()
    mesh = bpy.data.meshes.new_from_object(obj.evaluated_get(graph))
    obj.modifiers.clear()
    obj.data = mesh
    mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
    return obj


def bounds(objects):
    """Centre and size along the axes of what the objects fill."""
    corners = [obj.matrix_world @ v.co for obj in objects for v in obj.data.vertices]
    low = [min(c[k] for c in corners) for k in range(3)]
    high = [max(c[k] for c in corners) for k in range(3)]
    return (
        tuple(round((a + b) / 2, 4) for a, b in zip(low, high)),
        tuple(round(b - a, 4) for a, b in zip(low, high)),
    )
