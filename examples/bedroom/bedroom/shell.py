"""The room without what stands in it: walls, floor, window, door, the stub of a hall."""

import math

from mathutils import Matrix

from .facts import (
    DEPTH,
    DOOR_HEIGHT,
    DOOR_OPEN_DEG,
    DOOR_X0,
    DOOR_X1,
    HEIGHT,
    WIDTH,
    WINDOW_X0,
    WINDOW_X1,
    WINDOW_Z0,
    WINDOW_Z1,
)
from .mesh import add, box, grid, lathe, sheet, tube

THICK = 0.16


def build(m):
    _walls(m)
    _skirting(m)
    _window(m)
    _door(m)
    _hall(m)


def _slab(name, x0, x1, y0, y1, z0, z1, material):
    return box(name, x0, x1, y0, y1, z0, z1, material, bevel=0)


def _walls(m):
    corners = [
        (-0.2, -0.2, 0),
        (WIDTH + 0.2, -0.2, 0),
        (WIDTH + 0.2, DEPTH + 0.2, 0),
        (-0.2, DEPTH + 0.2, 0),
    ]
    add("floor", corners, [(0, 1, 2, 3)], m.floor, uvs=[c[:2] for c in corners])
    _slab("ceiling", -THICK, WIDTH + THICK, -THICK, DEPTH + THICK, HEIGHT, HEIGHT + 0.1, m.ceiling)
    _slab("west wall", -THICK, 0, -THICK, DEPTH + THICK, 0, HEIGHT, m.accent)
    _slab("east wall", WIDTH, WIDTH + THICK, -THICK, DEPTH + THICK, 0, HEIGHT, m.wall)
    for name, y0, y1, a, b, low, high in (
        ("north", DEPTH, DEPTH + THICK, WINDOW_X0, WINDOW_X1, WINDOW_Z0, WINDOW_Z1),
        ("south", -THICK, 0, DOOR_X0, DOOR_X1, 0, DOOR_HEIGHT),
    ):
        _slab(name + " wall, left", -THICK, a, y0, y1, 0, HEIGHT, m.wall)
        _slab(name + " wall, right", b, WIDTH + THICK, y0, y1, 0, HEIGHT, m.wall)
        _slab(name + " wall, over", a, b, y0, y1, high, HEIGHT, m.wall)
        if low:
            _slab(name + " wall, under", a, b, y0, y1, 0, low, m.wall)


def _skirting(m):
    high, thick = 0.09, 0.014
    box("skirting", 0, thick, 0, DEPTH, 0, high, m.paint)
    box("skirting", WIDTH - thick, WIDTH, 0, DEPTH, 0, high, m.paint)
    box("skirting", 0, WIDTH, DEPTH - thick, DEPTH, 0, high, m.paint)
    box("skirting", 0, DOOR_X0 - 0.07, 0, thick, 0, high, m.paint)
    box("skirting", DOOR_X1 + 0.07, WIDTH, 0, thick, 0, high, m.paint)


def _window(m):
    x0, x1, z0, z1 = WINDOW_X0, WINDOW_X1, WINDOW_Z0, WINDOW_Z1
    y0, y1, bar = DEPTH + 0.05, DEPTH + 0.10, 0.055
    middle = (x0 + x1) / 2
    for a, b in ((x0, middle), (middle, x1)):
        box("casement", a, a + bar, y0, y1, z0, z1, m.paint)
        box("casement", b - bar, b, y0, y1, z0, z1, m.paint)
        box("casement", a + bar, b - bar, y0, y1, z0, z0 + bar, m.paint)
        box("casement", a + bar, b - bar, y0, y1, z1 - bar, z1, m.paint)
        box("glazing bar", a + bar, b - bar, y0 + 0.01, y1 - 0.01, z0 + 0.86, z0 + 0.885, m.paint)
        pane = sheet(
            "pane",
            (a + bar, y0 + 0.025, z0 + bar),
            (b - a - 2 * bar, 0, 0),
            (0, 0, z1 - z0 - 2 * bar),
            m.glass,
        )
        pane.visible_shadow = pane.visible_diffuse = False
    box(
        "window handle", middle - 0.008, middle + 0.008, y0 - 0.035, y0 - 0.015, 1.45, 1.57, m.steel
    )
    box("handle plate", middle - 0.012, middle + 0.012, y0 - 0.016, y0, 1.52, 1.58, m.steel)
    box(
        "sill",
        x0 - 0.06,
        x1 + 0.06,
        DEPTH - 0.10,
        DEPTH + 0.05,
        z0 - 0.025,
        z0 + 0.006,
        m.oak,
        bevel=0.008,
    )
    _radiator(m)
    tube(
        "curtain rail",
        [(0.62, DEPTH - 0.09, 2.36), (2.78, DEPTH - 0.09, 2.36)],
        0.012,
        m.metal,
        sides=12,
    )
    for x in (0.62, 2.78):
        lathe(
            "finial",
            [(0.0, -0.02), (0.02, -0.012), (0.024, 0.0), (0.02, 0.012), (0.0, 0.02)],
            (x, DEPTH - 0.09, 2.36),
            m.metal,
            16,
        )
    for x0, x1, phase in ((0.66, 1.06, 0.0), (2.34, 2.72, 1.4)):
        _curtain(m, x0, x1, phase)


def _curtain(m, x0, x1, phase):
    def place(u, v):
        loose = 0.6 + 0.4 * (1 - v)
        fold = math.sin(u * 2 * math.pi * 6 + phase + 0.5 * math.sin(3 * v + u * 4))
        wave = math.sin(u * 11 + v * 5 + phase)
        gather = 1 - 0.10 * math.sin(math.pi * min(1, v * 1.1))
        x = (x0 + x1) / 2 + (u - 0.5) * (x1 - x0) * gather + 0.010 * wave * loose
        return (x, DEPTH - 0.085 + 0.030 * fold * loose + 0.008 * wave, 0.60 + 1.74 * v)

    grid("curtain", 120, 40, place, m.curtain, uv_size=(0.95, 1.74))
    for k in range(8):
        x = x0 + (x1 - x0) * (k + 0.5) / 8
        ring = [
            (x, DEPTH - 0.09 + 0.019 * math.sin(a), 2.355 + 0.019 * math.cos(a))
            for a in (2 * math.pi * i / 12 for i in range(13))
        ]
        tube("curtain ring", ring, 0.003, m.metal, sides=6)


def _radiator(m):
    x, y0, y1 = WINDOW_X0 + 0.5, DEPTH - 0.105, DEPTH - 0.035
    ribs = 15
    for k in range(ribs):
        a = x + 0.055 * k
        box("radiator rib", a, a + 0.043, y0, y1, 0.14, 0.74, m.paint, bevel=0.014)
    for z in (0.20, 0.68):
        tube(
            "radiator pipe",
            [(x - 0.03, DEPTH - 0.07, z), (x + 0.055 * ribs + 0.02, DEPTH - 0.07, z)],
            0.017,
            m.paint,
            12,
        )
    tube(
        "valve",
        [
            (x - 0.03, DEPTH - 0.07, 0.20),
            (x - 0.055, DEPTH - 0.07, 0.20),
            (x - 0.06, DEPTH - 0.07, 0.17),
            (x - 0.06, DEPTH - 0.07, 0.0),
        ],
        0.010,
        m.steel,
        10,
    )
    lathe(
        "valve knob",
        [(0.012, 0), (0.022, 0.005), (0.022, 0.05), (0.015, 0.058), (0.0, 0.058)],
        (x - 0.06, DEPTH - 0.07, 0.20),
        m.enamel,
        20,
    )


def door_frame_of_leaf():
    """The leaf's own frame: x from the hinge to the tip, y out of its inner face, z up."""
    return (
        Matrix.Translation((DOOR_X1, 0.0, 0.0))
        @ Matrix.Rotation(math.radians(180 - DOOR_OPEN_DEG), 4, "Z")
        @ Matrix.Diagonal((1, -1, 1, 1))
    )


def _door(m):
    a, b, high = DOOR_X0, DOOR_X1, DOOR_HEIGHT
    for y0, y1 in ((0.0, 0.018), (-THICK - 0.018, -THICK)):
        box("architrave", a - 0.07, a, y0, y1, 0, high + 0.07, m.paint)
        box("architrave", b, b + 0.07, y0, y1, 0, high + 0.07, m.paint)
        box("architrave", a, b, y0, y1, high, high + 0.07, m.paint)
    box("jamb", a, a + 0.012, -THICK, 0, 0, high, m.paint)
    box("jamb", b - 0.012, b, -THICK, -0.002, 0, high, m.paint)
    box("jamb", a, b, -THICK, 0, high - 0.012, high, m.paint)
    box("threshold", a, b, -THICK, 0, 0.0, 0.008, m.oak)
    leaf, wide, thick = door_frame_of_leaf(), b - a - 0.02, 0.038
    box("door", 0.012, wide, -thick, 0, 0.01, high - 0.016, m.door, at=leaf)
    for z0, z1 in ((0.18, 0.88), (1.10, 1.86)):
        for y0, y1 in ((-0.001, 0.009), (-thick - 0.009, -thick + 0.001)):
            for x0 in (0.11, 0.43):
                x1 = x0 + 0.25
                box(
                    "panel",
                    x0 + 0.03,
                    x1 - 0.03,
                    y0,
                    y1,
                    z0 + 0.03,
                    z1 - 0.03,
                    m.door,
                    bevel=0.008,
                    at=leaf,
                    grain=2,
                )
                for bar in (
                    (x0, x1, z0, z0 + 0.014),
                    (x0, x1, z1 - 0.014, z1),
                    (x0, x0 + 0.014, z0, z1),
                    (x1 - 0.014, x1, z0, z1),
                ):
                    box(
                        "moulding",
                        bar[0],
                        bar[1],
                        y0,
                        y1,
                        bar[2],
                        bar[3],
                        m.door,
                        bevel=0.004,
                        at=leaf,
                    )
    for side in (1, -1):
        face = 0.0 if side > 0 else -thick
        box(
            "handle plate",
            wide - 0.075,
            wide - 0.035,
            min(face, face + 0.006 * side),
            max(face, face + 0.006 * side),
            0.93,
            1.12,
            m.metal,
            at=leaf,
        )
        tube(
            "door handle",
            [
                (wide - 0.055, face, 1.05),
                (wide - 0.055, face + 0.045 * side, 1.05),
                (wide - 0.065, face + 0.055 * side, 1.05),
                (wide - 0.17, face + 0.055 * side, 1.045),
            ],
            [0.009, 0.009, 0.010, 0.008],
            m.metal,
            12,
            at=leaf,
        )


def _hall(m):
    x0, x1, y0, y1 = DOOR_X0 - 0.75, DOOR_X1 + 0.45, -1.35, -THICK
    _slab("hall floor", x0, x1, y0, y1 - 0.04, -0.02, 0.0, m.oak)
    _slab("hall end", x0, x1, y0 - 0.1, y0, 0, HEIGHT, m.hall)
    _slab("hall side", x0 - 0.1, x0, y0 - 0.1, y1, 0, HEIGHT, m.hall)
    _slab("hall side", x1, x1 + 0.1, y0 - 0.1, y1, 0, HEIGHT, m.wall)
    _slab("hall ceiling", x0 - 0.1, x1 + 0.1, y0 - 0.1, y1, HEIGHT - 0.1, HEIGHT, m.ceiling)
    box("hall skirting", x0, x1, y0, y0 + 0.014, 0, 0.09, m.paint)
    for x, picture, z in ((2.52, m.drawings[2], 1.52), (3.02, m.drawings[1], 1.42)):
        box("hall frame", x - 0.19, x + 0.19, y0, y0 + 0.02, z - 0.145, z + 0.145, m.walnut)
        sheet(
            "hall picture", (x + 0.17, y0 + 0.021, z - 0.125), (-0.34, 0, 0), (0, 0, 0.25), picture
        )
