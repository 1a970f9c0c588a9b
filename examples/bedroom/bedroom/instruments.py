"""The telescope on its tripod, the guitar against the wall, the music box."""

import math

from mathutils import Matrix, Vector

from .facts import FURNITURE
from .mesh import box, lathe, plate, tube


def build(m, rng, tell):
    tell("telescope", "The telescope", _telescope(m))
    tell("guitar", "The guitar", _guitar(m))
    tell("music-box", "The music box", _music_box(m))


def _telescope(m):
    b = FURNITURE["telescope"]
    x, y = (b.x0 + b.x1) / 2, (b.y0 + b.y1) / 2
    top, parts = Vector((x, y, 1.02)), []
    for k in range(3):
        a = math.pi / 2 + k * math.tau / 3
        foot = Vector((x + 0.225 * math.cos(a), y + 0.225 * math.sin(a), 0.0))
        hip = top + Vector((0.035 * math.cos(a), 0.035 * math.sin(a), -0.03))
        knee = hip.lerp(foot, 0.52)
        parts.append(tube("tripod leg", [hip, knee], 0.014, m.oak, 10))
        parts.append(tube("tripod leg", [hip.lerp(foot, 0.46), foot], 0.009, m.oak, 10))
        parts.append(
            lathe(
                "leg clamp",
                [(0.018, -0.02), (0.02, -0.01), (0.02, 0.012), (0.016, 0.02)],
                knee,
                m.black,
                14,
            )
        )
        parts.append(tube("tripod brace", [hip.lerp(foot, 0.5), (x, y, 0.50)], 0.004, m.steel, 6))
    parts.append(
        lathe(
            "tripod head",
            [
                (0.05, -0.05),
                (0.055, -0.04),
                (0.05, 0.0),
                (0.03, 0.02),
                (0.026, 0.08),
                (0.04, 0.10),
                (0.03, 0.13),
            ],
            top,
            m.black,
            28,
        )
    )
    tilt = (
        Matrix.Translation(top + Vector((0, 0, 0.16)))
        @ Matrix.Rotation(math.radians(48), 4, "Z")
        @ Matrix.Rotation(math.radians(-58), 4, "X")
        @ Matrix.Translation((0, 0, -0.03))
    )
    tube_profile = [
        (0.0, -0.26),
        (0.022, -0.26),
        (0.022, -0.20),
        (0.03, -0.195),
        (0.042, -0.17),
        (0.045, -0.165),
        (0.045, 0.20),
        (0.052, 0.205),
        (0.054, 0.21),
        (0.054, 0.30),
        (0.049, 0.30),
        (0.047, 0.27),
        (0.0, 0.268),
    ]
    parts.append(lathe("telescope tube", tube_profile, (0, 0, 0), m.enamel, 40, at=tilt))
    for z0, r, material in (
        (-0.155, 0.0465, m.metal),
        (-0.06, 0.050, m.navy),
        (0.07, 0.050, m.navy),
        (0.205, 0.0555, m.metal),
        (0.288, 0.0555, m.metal),
    ):
        parts.append(
            lathe(
                "ring",
                [(r - 0.004, z0), (r, z0 + 0.003), (r, z0 + 0.018), (r - 0.004, z0 + 0.021)],
                (0, 0, 0),
                material,
                40,
                at=tilt,
            )
        )
    parts.append(
        lathe(
            "eyepiece",
            [
                (0.0, -0.335),
                (0.015, -0.335),
                (0.019, -0.33),
                (0.019, -0.30),
                (0.013, -0.295),
                (0.013, -0.255),
            ],
            (0, 0, 0),
            m.black,
            24,
            at=tilt,
        )
    )
    parts.append(
        lathe(
            "finder",
            [
                (0.0, -0.20),
                (0.010, -0.20),
                (0.010, -0.05),
                (0.016, -0.04),
                (0.016, 0.02),
                (0.0, 0.018),
            ],
            (0, -0.075, 0),
            m.navy,
            20,
            at=tilt,
        )
    )
    for z in (-0.14, -0.06):
        parts.append(
            box("finder foot", -0.005, 0.005, -0.075, -0.04, z, z + 0.012, m.metal, at=tilt)
        )
    for s in (-1, 1):
        parts.append(
            lathe(
                "focus knob",
                [(0.016, 0.0), (0.018, 0.004), (0.018, 0.016), (0.014, 0.02)],
                (0, 0, 0),
                m.metal,
                18,
                at=tilt
                @ Matrix.Translation((0.024 * s, 0, -0.22))
                @ Matrix.Rotation(s * math.pi / 2, 4, "Y"),
            )
        )
    parts.append(box("cradle", -0.02, 0.02, 0.035, 0.075, -0.07, 0.09, m.black, at=tilt))
    return parts


def _guitar(m):
    """In its own frame: x across, y along the neck, z out of its face; then leaned on the wall."""
    b = FURNITURE["guitar"]
    lean = math.radians(11)
    at = (
        Matrix.Translation(((b.x0 + b.x1) / 2, b.y0 + 0.155, 0.019))
        @ Matrix.Rotation(math.pi, 4, "Z")
        @ Matrix.Rotation(math.pi / 2 - lean, 4, "X")
    )
    shape = [
        (0.0, 0.0),
        (0.09, 0.006),
        (0.15, 0.035),
        (0.183, 0.10),
        (0.182, 0.165),
        (0.150, 0.225),
        (0.124, 0.275),
        (0.126, 0.33),
        (0.138, 0.38),
        (0.130, 0.435),
        (0.095, 0.47),
        (0.045, 0.482),
    ]
    right = _smooth(shape)
    outline = right + [(-x, y) for x, y in reversed(right[1:])]
    parts = [
        plate("guitar body", outline, -0.095, -0.004, m.mahogany, bevel=0.006, at=at, grain=1),
        plate("guitar top", outline, -0.004, 0.0, m.spruce, bevel=0.0015, at=at, grain=1),
    ]
    circle = [(math.cos(a), math.sin(a)) for a in (math.tau * k / 48 for k in range(48))]
    for r, z, material in (
        (0.062, 0.0006, m.walnut),
        (0.054, 0.0010, m.paper),
        (0.048, 0.0014, m.vinyl),
    ):
        parts.append(
            plate(
                "sound hole",
                [(r * x, 0.335 + r * y) for x, y in circle],
                0.0,
                z,
                material,
                bevel=0.0002,
                at=at,
            )
        )
    parts.append(
        box("neck", -0.026, 0.026, 0.44, 0.83, -0.02, 0.004, m.mahogany, bevel=0.008, at=at)
    )
    parts.append(
        box("fretboard", -0.026, 0.026, 0.385, 0.83, 0.003, 0.009, m.walnut, bevel=0.002, at=at)
    )
    for k in range(16):
        y = 0.83 - 0.64 * (1 - 2 ** (-(k + 1) / 12))
        if y > 0.39:
            parts.append(
                box("fret", -0.026, 0.026, y, y + 0.0015, 0.009, 0.0102, m.steel, bevel=0, at=at)
            )
            if k in (2, 4, 6, 8, 11):
                parts.append(
                    box(
                        "inlay",
                        -0.004,
                        0.004,
                        y + 0.008,
                        y + 0.014,
                        0.009,
                        0.0096,
                        m.enamel,
                        bevel=0,
                        at=at,
                    )
                )
    parts.append(
        box("head", -0.035, 0.035, 0.83, 0.985, -0.016, 0.002, m.mahogany, bevel=0.005, at=at)
    )
    parts.append(
        box("nut", -0.026, 0.026, 0.827, 0.832, 0.004, 0.012, m.enamel, bevel=0.001, at=at)
    )
    parts.append(
        box("bridge", -0.075, 0.075, 0.145, 0.172, 0.0, 0.009, m.walnut, bevel=0.003, at=at)
    )
    for k in range(6):
        x = -0.0225 + 0.009 * k
        side = -1 if k < 3 else 1
        peg = 0.855 + 0.045 * (k if k < 3 else 5 - k)
        parts.append(
            tube(
                "guitar string",
                [(x * 1.25, 0.158, 0.010), (x * 0.9, 0.83, 0.0125), (0.017 * side, peg, 0.006)],
                0.0009,
                m.steel,
                5,
                at=at,
            )
        )
        parts.append(
            lathe(
                "peg",
                [(0.004, 0.0), (0.004, 0.012), (0.0, 0.013)],
                (0.017 * side, peg, 0.0),
                m.steel,
                12,
                at=at,
            )
        )
        parts.append(
            box(
                "peg knob",
                0.035 * side - 0.012 + 0.012 * side,
                0.035 * side + 0.012 + 0.012 * side,
                peg - 0.007,
                peg + 0.007,
                -0.012,
                -0.002,
                m.enamel,
                at=at,
            )
        )
    return parts


def _smooth(points, times=2):
    """Cuts the corners of a line of points, keeping its ends."""
    for _ in range(times):
        cut = [points[0]]
        for (ax, ay), (bx, by) in zip(points, points[1:]):
            cut += [
                (0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by),
                (0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by),
            ]
        points = cut + [points[-1]]
    return points


def _music_box(m):
    """Wood, 0.17 by 0.12 m, its lid open: a brass cylinder with pins, a comb, a crank."""
    b = FURNITURE["low shelf"]
    at = Matrix.Translation((b.x1 - 0.15, b.y0 + 0.27, b.height)) @ Matrix.Rotation(
        math.radians(97), 4, "Z"
    )
    w, d, h, t = 0.085, 0.06, 0.062, 0.008
    parts = [
        box("music box", -w, w, -d, d, 0, 0.010, m.mahogany, at=at),
        box("music box", -w, w, -d, -d + t, 0.008, h, m.mahogany, bevel=0.002, at=at),
        box("music box", -w, w, d - t, d, 0.008, h, m.mahogany, bevel=0.002, at=at),
        box("music box", -w, -w + t, -d + t, d - t, 0.008, h, m.mahogany, bevel=0.002, at=at),
        box("music box", w - t, w, -d + t, d - t, 0.008, h, m.mahogany, bevel=0.002, at=at),
        box("inlay", -0.05, 0.05, -d - 0.0006, -d, 0.020, 0.045, m.spruce, bevel=0, at=at),
    ]
    hinge = at @ Matrix.Translation((0, d, h)) @ Matrix.Rotation(math.radians(72), 4, "X")
    parts.append(box("lid", -w, w, 0.0, 2 * d, 0.0, 0.010, m.mahogany, at=hinge))
    parts.append(
        box(
            "lid lining",
            -w + 0.012,
            w - 0.012,
            0.012,
            2 * d - 0.012,
            0.010,
            0.0106,
            m.canvas_navy,
            bevel=0,
            at=hinge,
        )
    )
    drum = at @ Matrix.Translation((0, -0.012, 0.036)) @ Matrix.Rotation(math.pi / 2, 4, "Y")
    parts.append(
        lathe(
            "cylinder",
            [(0.0, -0.058), (0.017, -0.058), (0.017, 0.058), (0.0, 0.058)],
            (0, 0, 0),
            m.metal,
            32,
            at=drum,
        )
    )
    for k in range(120):
        a, z = k * 2.39996, -0.052 + 0.104 * ((k * 7) % 30) / 29
        parts.append(
            box(
                "cylinder pin",
                0.0165,
                0.0188,
                -0.0006,
                0.0006,
                z - 0.0006,
                z + 0.0006,
                m.steel,
                bevel=0,
                at=drum @ Matrix.Rotation(a, 4, "Z"),
            )
        )
    for k in range(30):
        x = -0.054 + 0.108 * k / 29
        parts.append(
            box(
                "comb tooth",
                x - 0.0013,
                x + 0.0013,
                0.008,
                0.045,
                0.036,
                0.0375,
                m.steel,
                bevel=0,
                at=at,
            )
        )
    parts.append(
        box("comb bed", -0.06, 0.06, 0.034, 0.050, 0.012, 0.036, m.metal, bevel=0.002, at=at)
    )
    parts.append(
        tube(
            "crank",
            [
                (w, -0.012, 0.036),
                (w + 0.018, -0.012, 0.036),
                (w + 0.020, -0.012, 0.040),
                (w + 0.020, -0.012, 0.070),
            ],
            0.0028,
            m.steel,
            8,
            at=at,
        )
    )
    parts.append(
        lathe(
            "crank knob",
            [(0.004, 0), (0.007, 0.004), (0.008, 0.014), (0.0, 0.019)],
            (0, 0, 0),
            m.walnut,
            16,
            at=at
            @ Matrix.Translation((w + 0.020, -0.012, 0.068))
            @ Matrix.Rotation(math.pi / 2, 4, "Y"),
        )
    )
    return parts
