"""What is soft: the duvet falls as Blender's cloth; pillows, blanket and cushion are shaped."""

import math

import bpy
from mathutils import Matrix

from .facts import FURNITURE
from .mesh import box, grid, rows, settle, thicken


def build(m, rng, quick, tell):
    pillows = [
        _pillow(m.sheet, (0.46, 3.66, 0.575), 0.72, 0.46, 0.07, 0.14, rng),
        _pillow(m.linen, (0.40, 3.60, 0.70), 0.66, 0.42, -0.16, 0.24, rng),
        _pillow(m.cushion, (0.58, 3.34, 0.66), 0.38, 0.38, 0.35, 0.62, rng),
    ]
    duvet = _duvet(m, rng, quick)
    blanket = _blanket(m)
    tell("bed", "The bed", pillows + [duvet, blanket])


def _pillow(material, middle, wide, long, turn, tilt, rng):
    phase = rng.uniform(0, 6)

    def face(side):
        def place(u, v):
            a, b = 2 * u - 1, 2 * v - 1
            body = ((1 - a**4) * (1 - b**4)) ** 0.55 if abs(a) < 1 and abs(b) < 1 else 0.0
            rim = min(1 - abs(a), 1 - abs(b))
            crease = 0.010 * math.sin(13 * a + 4 * b + phase) * math.exp(
                -rim * 7
            ) + 0.005 * math.sin(6 * a * b + 9 * b + phase)
            pull = 1 - 0.07 * (1 - abs(a) * abs(b))
            return (a * wide / 2 * pull, b * long / 2 * pull, side * (0.075 * body + crease * body))

        return place

    at = Matrix.Translation(middle) @ Matrix.Rotation(turn, 4, "Z") @ Matrix.Rotation(tilt, 4, "X")
    n = 36
    top = [
        [face(1)(i / n, j / n) for i in range(n + 1)]
        + [face(-1)(i / n, j / n) for i in range(n, -1, -1)]
        for j in range(n + 1)
    ]
    return rows("pillow", top, material, at=at, caps=False)


def _duvet(m, rng, quick):
    """A crumpled sheet of cloth, larger than its outline, dropped on the mattress: some of its folds stay."""
    b = FURNITURE["bed"]
    stand = box(
        "duvet stand",
        b.x0 + 0.03,
        b.x1 - 0.032,
        b.y0 + 0.05,
        b.y1 - 0.05,
        0.16,
        0.505,
        m.sheet,
        bevel=0.03,
    )
    low, high = (b.x0 + 0.04, b.y0 + 0.075), (b.x1 + 0.24, b.y0 + 1.36)
    nu, nv, frames = (24, 30, 12) if quick else (60, 72, 24)
    bump = [(rng.uniform(-24, 24), rng.uniform(-24, 24), rng.uniform(0, 6)) for _ in range(9)]

    def place(u, v):
        z = sum(math.sin(p * u + q * v + r) for p, q, r in bump) * 0.0085
        fold = 0.10 * max(0.0, v - 0.86) / 0.14  # the upper end is turned back a little
        return (
            low[0] + (high[0] - low[0]) * u,
            low[1] + (high[1] - low[1]) * v - fold,
            0.58 + z + fold * 0.6,
        )

    cloth = grid("duvet", nu, nv, place, m.duvet, uv_size=(1.2, 1.35))
    stand.modifiers.new("hit", "COLLISION")
    stand.collision.thickness_outer = 0.012
    stand.collision.cloth_friction = 30
    soft = cloth.modifiers.new("cloth", "CLOTH")
    s = soft.settings
    s.quality, s.mass, s.air_damping = 4, 0.35, 2.0
    s.tension_stiffness = s.compression_stiffness = 30
    s.bending_stiffness, s.shrink_min = 2.0, -0.06
    soft.collision_settings.collision_quality = 2
    soft.collision_settings.distance_min = 0.008
    soft.collision_settings.use_self_collision = False
    scene = bpy.context.scene
    for frame in range(1, frames + 1):
        scene.frame_set(frame)
    settle(cloth)
    scene.frame_set(1)
    bpy.data.objects.remove(stand)
    for v in cloth.data.vertices:  # it stays within the bed's footprint and off the floor
        v.co.x = min(max(v.co.x, 0.02), 0.988)
        v.co.z = max(v.co.z, 0.12) + _rumple(v.co.x, v.co.y, bump) * min(
            1.0, max(0.0, (v.co.z - 0.45) / 0.06)
        )
    return thicken(cloth, 0.022, 0 if quick else 1)


def _rumple(x, y, waves):
    """The sharper creases, which so coarse a cloth cannot form: ridges that bend and fade."""
    high = 0.0
    for k, (p, q, r) in enumerate(waves):
        ridge = 1 - abs(
            math.sin(0.32 * (p * x + q * y) + r + 0.9 * math.sin(3.1 * x + 4.3 * y + k))
        )
        high += 0.024 * ridge**3 * max(0.0, math.sin(2.3 * x * (k % 3) - 3.7 * y + r))
    return high


def _blanket(m):
    """A woollen blanket folded over the foot of the bed."""
    b = FURNITURE["bed"]

    def place(u, v):
        x = b.x0 + 0.02 + 0.93 * u
        over = max(0.0, u - 0.96) / 0.04
        return (
            min(x, 0.975),
            b.y0 + 0.10 + 0.30 * v + 0.014 * math.sin(6 * u),
            0.575 + 0.014 * math.sin(7 * v + 3 * u) + 0.010 * math.sin(11 * u + 2) - 0.10 * over,
        )

    return thicken(grid("blanket", 60, 30, place, m.blanket, uv_size=(1.0, 0.32)), 0.03, 1)
