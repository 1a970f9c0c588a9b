"""What stands on the floor: bed frame, nightstand with its lamp, desk, chair, wardrobe, rug."""

import math

from mathutils import Matrix

from .facts import FURNITURE, RUG
from .mesh import box, grid, lathe, rows, sheet, tube

LAMP = (1.25, 3.80, 0.80)  # where the lamp's light is


def build(m, tell):
    _bed(m)
    _nightstand(m)
    _desk(m)
    _chair(m)
    _wardrobe(m, tell)
    _rug(m, tell)
    _ceiling_lamp(m)


def _bed(m):
    b = FURNITURE["bed"]
    x0, x1, y0, y1 = b.x0 + 0.015, b.x1 - 0.04, b.y0 + 0.01, b.y1
    box("bed side", x1 - 0.025, x1, y0 + 0.03, y1 - 0.03, 0.18, 0.34, m.pine)
    box("bed side", x0, x0 + 0.025, y0 + 0.03, y1 - 0.03, 0.18, 0.34, m.pine)
    for y, high in ((y0, 0.50), (y1 - 0.035, 0.95)):
        for x in (x0, x1 - 0.05):
            box("bed post", x, x + 0.05, y, y + 0.035, 0, high, m.pine, bevel=0.008)
        box(
            "bed rail",
            x0 + 0.05,
            x1 - 0.05,
            y + 0.006,
            y + 0.03,
            high - 0.10,
            high - 0.02,
            m.pine,
            bevel=0.008,
        )
        box("bed rail", x0 + 0.05, x1 - 0.05, y + 0.006, y + 0.03, 0.20, 0.32, m.pine)
        for k in range(9):
            x = x0 + 0.075 + k * (x1 - x0 - 0.15 - 0.02) / 8
            box("bed slat", x, x + 0.02, y + 0.010, y + 0.026, 0.30, high - 0.09, m.pine)
    box("mattress", x0 + 0.03, x1 - 0.03, y0 + 0.05, y1 - 0.05, 0.28, 0.50, m.sheet, bevel=0.04)


def _nightstand(m):
    b = FURNITURE["nightstand"]
    box("nightstand top", b.x0, b.x1, b.y0, b.y1, b.height - 0.02, b.height, m.walnut)
    for x in (b.x0 + 0.01, b.x1 - 0.045):
        for y in (b.y0 + 0.01, b.y1 - 0.045):
            box("nightstand leg", x, x + 0.035, y, y + 0.035, 0, b.height - 0.02, m.walnut)
    box(
        "nightstand case",
        b.x0 + 0.015,
        b.x1 - 0.015,
        b.y0 + 0.022,
        b.y1 - 0.015,
        0.29,
        b.height - 0.02,
        m.walnut,
    )
    box(
        "nightstand drawer",
        b.x0 + 0.05,
        b.x1 - 0.05,
        b.y0 + 0.008,
        b.y0 + 0.03,
        0.31,
        b.height - 0.04,
        m.walnut,
    )
    box(
        "nightstand shelf",
        b.x0 + 0.015,
        b.x1 - 0.015,
        b.y0 + 0.015,
        b.y1 - 0.015,
        0.12,
        0.14,
        m.walnut,
    )
    lathe(
        "drawer knob",
        [(0.0, 0), (0.012, 0.004), (0.014, 0.012), (0.0, 0.02)],
        (0, 0, 0),
        m.metal,
        16,
        at=Matrix.Translation(((b.x0 + b.x1) / 2, b.y0 + 0.010, 0.39))
        @ Matrix.Rotation(math.pi / 2, 4, "X"),
    )
    x, y, _ = LAMP
    lathe(
        "lamp foot",
        [
            (0.0, 0),
            (0.06, 0),
            (0.062, 0.008),
            (0.05, 0.02),
            (0.035, 0.05),
            (0.055, 0.10),
            (0.05, 0.145),
            (0.022, 0.18),
            (0.012, 0.20),
            (0.012, 0.24),
        ],
        (x, y, b.height),
        m.mug,
        40,
    )
    shade = lathe(
        "lamp shade",
        [(0.125, 0.205), (0.126, 0.21), (0.085, 0.395), (0.084, 0.40)],
        (x, y, b.height),
        m.shade,
        48,
        caps=False,
    )
    shade.visible_diffuse = False
    for r, z in ((0.126, 0.205), (0.085, 0.398)):
        hoop = [
            (x + r * math.cos(a), y + r * math.sin(a), b.height + z)
            for a in (2 * math.pi * k / 40 for k in range(41))
        ]
        tube("shade rim", hoop, 0.003, m.metal, 6)
    cord = [
        (x, y + 0.06, b.height + 0.01),
        (x + 0.03, y + 0.13, b.height + 0.012),
        (x + 0.08, y + 0.148, 0.46),
        (x + 0.16, y + 0.15, 0.3),
        (x + 0.19, y + 0.15, 0.12),
        (x + 0.24, y + 0.16, 0.05),
    ]
    tube("lamp cord", cord, 0.003, m.black, 6)


def _desk(m):
    b = FURNITURE["desk"]
    box("desk top", b.x0, b.x1 - 0.002, b.y0, b.y1, b.height - 0.028, b.height, m.oak, bevel=0.006)
    for y in (b.y0 + 0.03, b.y1 - 0.08):
        for x in (b.x0 + 0.03, b.x1 - 0.08):
            box("desk leg", x, x + 0.05, y, y + 0.05, 0, b.height - 0.028, m.oak)
    box(
        "desk apron",
        b.x1 - 0.06,
        b.x1 - 0.04,
        b.y0 + 0.08,
        b.y1 - 0.08,
        0.60,
        b.height - 0.028,
        m.oak,
    )
    box(
        "desk drawers",
        b.x0 + 0.035,
        b.x1 - 0.05,
        b.y1 - 0.44,
        b.y1 - 0.085,
        0.20,
        b.height - 0.028,
        m.oak,
    )
    for z in (0.215, 0.385, 0.555):
        box("desk drawer", b.x0 + 0.02, b.x0 + 0.04, b.y1 - 0.43, b.y1 - 0.095, z, z + 0.145, m.oak)
        box(
            "drawer pull",
            b.x0 + 0.005,
            b.x0 + 0.02,
            b.y1 - 0.31,
            b.y1 - 0.215,
            z + 0.068,
            z + 0.080,
            m.metal,
            bevel=0.003,
        )


def _chair(m):
    b = FURNITURE["chair"]
    x0, x1, y0, y1 = b.x0 + 0.03, b.x1 - 0.01, b.y0 + 0.03, b.y1 - 0.03
    box("chair seat", x0, x1, y0, y1, 0.43, 0.455, m.spruce, bevel=0.01)
    for y in (y0 + 0.03, y1 - 0.03):
        tube("chair leg", [(x1 - 0.02, y, 0), (x1 - 0.035, y, 0.43)], [0.012, 0.019], m.spruce, 14)
        tube(
            "chair post",
            [
                (x0 + 0.005, y, 0),
                (x0 + 0.03, y, 0.43),
                (x0 + 0.02, y, 0.6),
                (x0 - 0.015, y, b.height),
            ],
            [0.012, 0.019, 0.018, 0.013],
            m.spruce,
            14,
        )
        tube("chair stretcher", [(x0 + 0.015, y, 0.2), (x1 - 0.03, y, 0.2)], 0.009, m.spruce, 10)
    tube(
        "chair stretcher",
        [(0.5 * (x0 + x1), y0 + 0.03, 0.2), (0.5 * (x0 + x1), y1 - 0.03, 0.2)],
        0.009,
        m.spruce,
        10,
    )
    for z, x in ((0.60, x0 + 0.02), (0.70, x0 + 0.005), (0.80, x0 - 0.008)):

        def slat(u, v, z=z, x=x):
            return (
                x - 0.018 * math.sin(math.pi * u),
                y0 + 0.03 + u * (y1 - y0 - 0.06),
                z + 0.05 * v,
            )

        obj = grid("chair slat", 12, 2, slat, m.spruce, uv_size=(0.35, 0.05))
        solid = obj.modifiers.new("thick", "SOLIDIFY")
        solid.thickness, solid.offset = 0.014, 0
    cushion = [
        [
            ((x0 + x1) / 2 + sx * k * 0.17, (y0 + y1) / 2 + sy * k * 0.17, 0.458 + z)
            for sx, sy in _squircle()
        ]
        for k, z in (
            (0.92, 0.0),
            (1.0, 0.014),
            (0.97, 0.028),
            (0.75, 0.038),
            (0.3, 0.041),
            (0.01, 0.041),
        )
    ]
    rows("chair cushion", cushion, m.cushion)


def _squircle(n=32, power=0.45):
    def signed(v):
        return math.copysign(abs(v) ** power, v)

    return [
        (signed(math.cos(a)), signed(math.sin(a))) for a in (2 * math.pi * k / n for k in range(n))
    ]


def _wardrobe(m, tell):
    b = FURNITURE["wardrobe"]
    front, middle = b.y1 - 0.022, (b.x0 + b.x1) / 2
    box(
        "wardrobe case",
        b.x0 + 0.01,
        b.x1 - 0.01,
        b.y0 + 0.016,
        front,
        0.06,
        b.height - 0.03,
        m.pine,
        grain=2,
    )
    box("wardrobe plinth", b.x0 + 0.02, b.x1 - 0.02, b.y0 + 0.03, front - 0.02, 0, 0.06, m.pine)
    box("wardrobe cornice", b.x0, b.x1, b.y0, b.y1, b.height - 0.03, b.height, m.pine, bevel=0.01)
    for x0, x1 in ((b.x0 + 0.015, middle - 0.003), (middle + 0.003, b.x1 - 0.015)):
        box("wardrobe door", x0, x1, front + 0.001, front + 0.015, 0.075, b.height - 0.04, m.pine)
    x0, x1 = b.x0 + 0.015, middle - 0.003
    for z0, z1 in ((0.17, 0.82), (0.92, 1.80)):
        box(
            "wardrobe panel",
            x0 + 0.09,
            x1 - 0.09,
            front + 0.013,
            front + 0.020,
            z0,
            z1,
            m.pine,
            bevel=0.006,
        )
    for x in (middle - 0.035, middle + 0.035):
        lathe(
            "wardrobe knob",
            [(0.006, 0), (0.006, 0.008), (0.015, 0.013), (0.015, 0.02), (0.0, 0.025)],
            (0, 0, 0),
            m.walnut,
            16,
            at=Matrix.Translation((x, front + 0.015, 1.02)) @ Matrix.Rotation(-math.pi / 2, 4, "X"),
        )
    x0, x1 = middle + 0.075, b.x1 - 0.06
    glass = sheet("mirror", (x1, front + 0.0205, 0.32), (x0 - x1, 0, 0), (0, 0, 1.48), m.mirror)
    for bar in (
        (x0 - 0.014, x0 + 0.002, 0.306, 1.814),
        (x1 - 0.002, x1 + 0.014, 0.306, 1.814),
        (x0, x1, 0.306, 0.322),
        (x0, x1, 1.798, 1.814),
    ):
        box(
            "mirror frame",
            bar[0],
            bar[1],
            front + 0.012,
            front + 0.022,
            bar[2],
            bar[3],
            m.walnut,
            bevel=0.002,
        )
    tell("mirror", "The tall mirror", [glass])
    for x, y, h in ((0.08, 0.12, 0.22), (0.40, 0.12, 0.22)):  # two equal boxes
        box("storage box", x, x + 0.30, y, y + 0.34, b.height, b.height + h, m.box, bevel=0.006)
        box(
            "storage lid",
            x - 0.005,
            x + 0.305,
            y - 0.005,
            y + 0.345,
            b.height + h - 0.04,
            b.height + h + 0.006,
            m.box,
            bevel=0.006,
        )
        sheet(
            "label", (x + 0.20, y + 0.3455, b.height + 0.07), (-0.10, 0, 0), (0, 0, 0.07), m.paper
        )


def _rug(m, tell):
    r = RUG
    x0, x1, y0, y1 = r.x0, r.x1, r.y0 + 0.05, r.y1 - 0.05

    def place(u, v):
        wave = 0.004 * math.sin(7 * v + 2) * math.sin(math.pi * u) + 0.003 * math.sin(
            5 * u + 11 * v
        )
        swell = (
            0.010 + 0.003 * math.sin(9 * u) * math.sin(4 * v) if 0 < u < 1 and 0 < v < 1 else 0.0
        )
        return (x0 + (x1 - x0) * u + wave, y0 + (y1 - y0) * v, swell)

    cloth = grid("rug", 52, 60, place, m.rug)
    for k in range(130):
        x = x0 + (x1 - x0) * (k + 0.5) / 130
        lean = 0.012 * math.sin(k * 2.3)
        for y, way in ((y0, -1), (y1, 1)):
            tube(
                "rug fringe",
                [
                    (x, y - 0.004 * way, 0.006),
                    (x + lean * 0.4, y + 0.022 * way, 0.005),
                    (x + lean, y + 0.045 * way, 0.003),
                ],
                0.0025,
                m.fringe,
                4,
            )
    tell("rug", "The rug", [cloth])


def _ceiling_lamp(m):
    x, y, r = 1.75, 2.15, 0.2
    tube("ceiling cord", [(x, y, 2.6), (x, y, 2.42)], 0.004, m.black, 6)
    lathe("ceiling rose", [(0.05, 0), (0.045, 0.02), (0.0, 0.025)], (x, y, 2.575), m.paint, 24)
    profile = []
    for k in range(25):
        a = math.pi * k / 24 - math.pi / 2
        profile.append(
            ((r + (0.003 if k % 2 else -0.003)) * math.cos(a) + 0.02, 0.9 * r * math.sin(a))
        )
    lathe("paper globe", profile, (x, y, 2.25), m.globe, 48)
