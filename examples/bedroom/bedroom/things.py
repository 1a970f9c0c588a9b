"""Small things that make it somebody's: on the desk, the low shelf, the nightstand, the floor, the door."""

import math

from mathutils import Matrix

from .facts import DOOR_X0, DOOR_X1, FURNITURE
from .mesh import add, box, grid, lathe, rows, sheet, thicken, tube
from .shell import door_frame_of_leaf
from .walls import card


def build(m, rng, tell):
    _desk(m, rng, tell)
    _low_shelf(m, rng, tell)
    _nightstand(m)
    _shoes(m, tell)
    _scarf(m, tell)
    _plant(m, rng, 1.22, 3.97, 0.906, 0.75)


def _lying(x, y, z, turn):
    return Matrix.Translation((x, y, z)) @ Matrix.Rotation(turn, 4, "Z")


def _desk(m, rng, tell):
    top = FURNITURE["desk"].height
    pad = sheet(
        "desk drawing",
        (-0.19, -0.137, 0),
        (0.38, 0, 0),
        (0, 0.274, 0),
        m.drawings[0],
        at=_lying(3.05, 2.80, top + 0.0065, -1.45),
    )
    box(
        "sketch pad",
        -0.20,
        0.20,
        -0.147,
        0.147,
        0,
        0.006,
        m.paper,
        bevel=0.001,
        at=_lying(3.05, 2.80, top, -1.45),
    )
    tell("desk-drawing", "The drawing on the desk", [pad])
    for k in range(4):
        _pencil(
            m,
            m.colours[k],
            _lying(2.93 + 0.018 * k, 2.50 + 0.02 * k, top + 0.0038, 1.2 + rng.uniform(-0.5, 0.5)),
        )
    lathe(
        "pencil cup",
        [
            (0.0, 0),
            (0.036, 0),
            (0.038, 0.004),
            (0.040, 0.10),
            (0.036, 0.10),
            (0.034, 0.01),
            (0.0, 0.01),
        ],
        (3.36, 2.58, top),
        m.pot,
        32,
    )
    for k in range(9):
        a = k * 0.7
        tilt = (
            Matrix.Translation((3.36 + 0.02 * math.cos(a), 2.58 + 0.02 * math.sin(a), top + 0.012))
            @ Matrix.Rotation(a, 4, "Z")
            @ Matrix.Rotation(0.16, 4, "Y")
            @ Matrix.Rotation(-math.pi / 2, 4, "Y")
        )
        _pencil(m, m.colours[k % 5], tilt)
    lathe(
        "mug",
        [
            (0.0, 0),
            (0.034, 0),
            (0.04, 0.005),
            (0.041, 0.09),
            (0.037, 0.09),
            (0.036, 0.07),
            (0.0, 0.07),
        ],
        (3.02, 3.10, top),
        m.mug,
        36,
    )
    tube(
        "mug handle",
        [
            (3.02 - 0.040 - 0.028 * math.sin(a), 3.10, top + 0.047 + 0.028 * math.cos(a))
            for a in (math.pi * k / 12 for k in range(13))
        ],
        0.005,
        m.mug,
        10,
    )
    _record_player(m, 3.27, 3.20, top)
    _headphones(m, 3.28, 2.36, top)
    for k in range(5):
        card(
            m,
            (3 * k + 1) % 16,
            0.13,
            0.10,
            _lying(3.22 + 0.03 * k, 2.72 + 0.05 * (k % 3), top + 0.001 + 0.0015 * k, 0.6 * k),
        )
    box(
        "notebook",
        -0.075,
        0.075,
        -0.105,
        0.105,
        0,
        0.014,
        m.canvas_red,
        at=_lying(2.96, 2.33, top, 0.25),
    )


def _pencil(m, material, at):
    tube("pencil", [(0, 0, 0), (0.15, 0, 0)], 0.0036, material, 6, at=at)
    tube("pencil point", [(0.15, 0, 0), (0.168, 0, 0)], [0.0036, 0.0006], m.spruce, 6, at=at)


def _record_player(m, x, y, z):
    at = _lying(x, y, z, math.pi / 2)
    box("record player", -0.21, 0.21, -0.17, 0.17, 0.012, 0.09, m.walnut, bevel=0.008, at=at)
    box("deck", -0.20, 0.20, -0.16, 0.16, 0.089, 0.092, m.black, bevel=0.001, at=at)
    grooves = (
        [(0.0, 0.0)]
        + [(0.050 + 0.1 * k / 40, 0.0034 + 0.0006 * (k % 2)) for k in range(41)]
        + [(0.151, 0.001)]
    )
    lathe("record", grooves[::-1], (-0.045, 0.0, 0.096), m.vinyl, 64, at=at)
    lathe("label", [(0.048, 0.0042), (0.0, 0.0046)], (-0.045, 0.0, 0.096), m.colours[0], 32, at=at)
    lathe(
        "arm foot",
        [(0.03, 0), (0.03, 0.014), (0.015, 0.018), (0.012, 0.035), (0.0, 0.036)],
        (0.155, 0.105, 0.092),
        m.steel,
        24,
        at=at,
    )
    tube(
        "arm",
        [
            (0.155, 0.13, 0.122),
            (0.155, 0.105, 0.122),
            (0.150, -0.03, 0.116),
            (0.115, -0.085, 0.105),
        ],
        0.0035,
        m.steel,
        8,
        at=at,
    )
    for px in (-0.18, 0.18):
        for py in (-0.14, 0.14):
            lathe("foot", [(0.015, 0), (0.018, 0.012)], (px, py, 0.0), m.black, 14, at=at)
    for k in range(2):
        lathe(
            "player knob",
            [(0.013, 0), (0.012, 0.014), (0.0, 0.015)],
            (0.165, -0.11 + 0.05 * k, 0.092),
            m.metal,
            18,
            at=at,
        )


def _headphones(m, x, y, z):
    at = _lying(x, y, z, 0.5)
    for s in (-1, 1):
        side = (
            at
            @ Matrix.Translation((0.075 * s, 0, 0.042))
            @ Matrix.Rotation(s * math.pi / 2, 4, "Y")
        )
        lathe(
            "ear cup",
            [(0.0, 0.0), (0.034, 0.0), (0.038, 0.006), (0.038, 0.02), (0.030, 0.028), (0.0, 0.03)],
            (0, 0, 0),
            m.black,
            28,
            at=side,
        )
        lathe(
            "ear pad",
            [(0.026, -0.018), (0.036, -0.014), (0.038, -0.006), (0.034, 0.0)],
            (0, 0, 0),
            m.leather,
            28,
            at=side,
        )
    band = [
        (0.088 * math.cos(a), 0.02 + 0.10 * math.sin(a), 0.05 + 0.03 * math.sin(a))
        for a in (math.pi * k / 24 for k in range(25))
    ]
    tube("head band", band, 0.008, m.black, 10, at=at)


def _low_shelf(m, rng, tell):
    b = FURNITURE["low shelf"]
    top = b.height
    tell("plant", "The plant", _plant(m, rng, 0.17, b.y1 - 0.16, top, 1.0))
    sheet("record sleeve", (0.09, 1.10, top), (0, 0.30, 0), (-0.07, 0, 0.29), m.sleeve)
    lathe(
        "candle dish",
        [(0.0, 0), (0.04, 0), (0.05, 0.008), (0.048, 0.01), (0.03, 0.006), (0.0, 0.006)],
        (0.25, 1.21, top),
        m.metal,
        32,
    )
    lathe(
        "candle",
        [(0.018, 0.006), (0.018, 0.07), (0.014, 0.074), (0.0, 0.072)],
        (0.25, 1.21, top),
        m.rubber,
        24,
    )
    for k, (x, y, r) in enumerate(
        ((0.27, 1.33, 0.016), (0.29, 1.375, 0.013), (0.245, 1.385, 0.019))
    ):
        stone = [
            (r * math.cos(a), 0.7 * r * (1 + math.sin(a)))
            for a in (math.pi * j / 10 - math.pi / 2 for j in range(11))
        ]
        lathe("pebble", stone, (x, y, top), (m.pot, m.box, m.rubber)[k], 20)
    box(
        "picture",
        -0.065,
        0.065,
        0,
        0.012,
        0,
        0.17,
        m.metal,
        bevel=0.002,
        at=_lying(0.10, 0.87, top, -1.2) @ Matrix.Rotation(-0.2, 4, "X"),
    )
    sheet(
        "picture",
        (0.055, 0.0125, 0.01),
        (-0.11, 0, 0),
        (0, 0, 0.15),
        m.landscape,
        at=_lying(0.10, 0.87, top, -1.2) @ Matrix.Rotation(-0.2, 4, "X"),
    )


def _plant(m, rng, x, y, z, size):
    """A pot and arching leaves; returns its parts."""
    parts = [
        lathe(
            "pot",
            [
                (r * size, h * size)
                for r, h in (
                    (0.0, 0),
                    (0.045, 0),
                    (0.048, 0.004),
                    (0.064, 0.10),
                    (0.069, 0.10),
                    (0.070, 0.118),
                    (0.062, 0.118),
                    (0.058, 0.10),
                    (0.0, 0.098),
                )
            ],
            (x, y, z),
            m.pot,
            36,
        ),
        lathe("soil", [(0.058 * size, 0.0985 * size), (0.0, 0.104 * size)], (x, y, z), m.soil, 20),
    ]
    for k in range(26):
        a, reach, rise = k * 2.39996, rng.uniform(0.07, 0.15) * size, rng.uniform(0.10, 0.26) * size
        wide = rng.uniform(0.012, 0.020) * size

        def place(u, v, a=a, reach=reach, rise=rise, wide=wide):
            r = 0.012 * size + reach * v**1.3
            h = 0.10 * size + rise * (1.55 * v - 0.75 * v * v)
            half = wide * math.sin(math.pi * (0.06 + 0.94 * v)) ** 0.7 * (2 * u - 1)
            return (
                max(0.012, x + r * math.cos(a) - half * math.sin(a)),
                min(3.995 if y > 3 else 9, y + r * math.sin(a) + half * math.cos(a)),
                z + h + 0.5 * abs(half),
            )

        parts.append(grid("leaf", 4, 10, place, m.leaf, uv_size=(0.03, 0.16)))
    return parts


def _nightstand(m):
    b = FURNITURE["nightstand"]
    z = b.height
    x, y = b.x0 + 0.285, b.y0 + 0.085
    # Single skins: each layer a ray passes counts against its transparent bounces.
    lathe(
        "glass", [(0.030, 0.001), (0.034, 0.115)], (x, y, z), m.glass, 32, caps=False
    ).visible_shadow = False
    lathe(
        "water", [(0.032, 0.072), (0.0, 0.072)], (x, y, z), m.water, 32, caps=False
    ).visible_shadow = False
    box(
        "bedside book",
        -0.065,
        0.065,
        -0.095,
        0.095,
        0,
        0.024,
        m.canvas_navy,
        bevel=0.003,
        at=_lying(b.x0 + 0.10, b.y0 + 0.11, z, 0.2),
    )
    box(
        "bedside pages",
        -0.062,
        0.0655,
        -0.0955,
        0.0955,
        0.003,
        0.021,
        m.paper,
        bevel=0,
        at=_lying(b.x0 + 0.10, b.y0 + 0.11, z, 0.2),
    )
    card(m, 5, 0.12, 0.09, _lying(b.x0 + 0.10, b.y0 + 0.10, z + 0.0246, 0.5))
    lathe(
        "bowl",
        [(0.0, 0), (0.03, 0), (0.07, 0.04), (0.066, 0.042), (0.03, 0.008), (0.0, 0.008)],
        ((b.x0 + b.x1) / 2, b.y0 + 0.16, 0.14),
        m.mug,
        32,
    )


def _shoes(m, tell):
    b = FURNITURE["shoes"]
    pairs = ((m.canvas_red, m.rubber, 0.25), (m.leather, m.sole, 0.265), (m.suede, m.rubber, 0.24))
    parts = []
    for k, (upper, sole, long) in enumerate(pairs):
        for foot in (-1, 1):
            x = b.x0 + 0.095 + 0.183 * k + 0.043 * foot
            parts += _shoe(
                m,
                upper,
                sole,
                long,
                foot,
                _lying(x, b.y0 + 0.005, 0.0, math.radians(-1.5 * foot * (k + 1))),
            )
    tell("shoes", "Shoes in a row", parts)


def _shoe(m, upper, sole, long, foot, at):
    """Heel at y = 0 against the wall, toe at y = long: a sole, an upper over it, tongue and laces."""
    half = [
        (0.0, 0.024),
        (0.08, 0.030),
        (0.3, 0.029),
        (0.5, 0.032),
        (0.7, 0.038),
        (0.85, 0.036),
        (0.95, 0.025),
        (1.0, 0.010),
    ]

    def width(t):
        for (a, wa), (c, wc) in zip(half, half[1:]):
            if t <= c:
                s = (t - a) / (c - a)
                return wa + (wc - wa) * (3 * s * s - 2 * s**3)
        return half[-1][1]

    def bend(t):
        return foot * -0.006 * math.sin(math.pi * t)

    sections = []
    for k in range(29):
        t = k / 28
        ankle = max(0.0, 1 - t / 0.42)
        high = 0.040 + 0.022 * min(1.0, max(0.0, (1 - t) * 1.6)) + 0.030 * (1 - (1 - ankle) ** 2)
        high *= min(1.0, 0.45 + 4.0 * (1 - t)) * min(1.0, 0.75 + 6 * t)
        w = width(t) * 0.97
        ring = []
        for j in range(25):
            a = math.pi * j / 24
            c, s = math.cos(a), math.sin(a)
            narrow = 1 - 0.25 * ankle * s
            ring.append(
                (
                    bend(t) + w * narrow * math.copysign(abs(c) ** 0.75, c),
                    long * (0.015 + 0.97 * t),
                    0.016 + (high - 0.016) * max(0.0, s) ** 0.8,
                )
            )
        sections.append(ring)
    parts = [rows("shoe", sections, upper, closed=True, at=at)]
    edge = [(bend(t) + width(t) * 1.05, long * t) for t in (k / 24 for k in range(25))]
    edge += [(bend(t) - width(t) * 1.05, long * t) for t in (k / 24 for k in range(24, -1, -1))]
    from_below = [
        [(x * q, y * (1 - 0.01 * (1 - q)) + 0.001, z) for x, y in edge]
        for q, z in ((0.96, 0.0), (1.0, 0.003), (1.0, 0.017), (0.96, 0.020))
    ]
    parts.append(rows("sole", from_below, sole, at=at))
    ring = [(0.72 * math.cos(a), math.sin(a)) for a in (math.tau * k / 28 for k in range(28))]

    def mouth(q, lift):
        return [
            (
                0.026 * c * q + bend(0.2),
                long * (0.20 + 0.145 * s * q),
                0.083 - 0.020 * (0.5 + 0.5 * s) + lift,
            )
            for c, s in ring
        ]

    parts.append(
        rows(
            "collar",
            [mouth(1.12, -0.008), mouth(1.10, 0.004), mouth(0.96, 0.006), mouth(0.90, -0.002)],
            upper,
            caps=False,
            at=at,
        )
    )
    parts.append(add("lining", mouth(0.94, 0.001), [tuple(range(28))], m.sole, at=at))
    for k in range(5):
        t = 0.40 + 0.062 * k
        z = 0.066 - 0.006 * k
        wide = 0.017
        parts.append(
            tube(
                "lace",
                [
                    (bend(t) - wide, long * t, z - 0.006),
                    (bend(t), long * (t + 0.01), z + 0.001),
                    (bend(t) + wide, long * (t + 0.02), z - 0.006),
                ],
                0.0021,
                m.rubber,
                6,
                at=at,
            )
        )
    return parts


def _scarf(m, tell):
    """A long woollen scarf laid over the inner handle, its two ends at different heights."""
    leaf, at = door_frame_of_leaf(), DOOR_X1 - DOOR_X0 - 0.02 - 0.115
    front, back = 0.62, 0.40

    def place(u, v):
        along = v * (front + back)
        if along < front:
            drop, out = front - along, 0.068
        else:
            drop, out = along - front, 0.040
        over = math.exp(-drop / 0.035)
        fold = (0.4 + 0.6 * min(1.0, drop / 0.25)) * 0.011 * math.sin(u * 19 + 1.5 * drop)
        wide = 0.055 + 0.10 * min(1.0, drop / 0.35)
        return (
            at + (u - 0.5) * wide + 0.012 * math.sin(4 * drop + (1 if along < front else 2)),
            max(0.016, out - (out - 0.054) * over + fold),
            1.063 - drop + 0.002 * math.sin(9 * u),
        )

    cloth = thicken(grid("scarf", 44, 110, place, m.scarf, uv_size=(0.28, 1.02), at=leaf), 0.006)
    fringe = []
    for k in range(24):
        for v, z in ((0.0, -0.06), (1.0, -0.06)):
            x, y, top = place(k / 23, v)
            fringe.append(
                tube(
                    "scarf fringe",
                    [
                        (x, y, top + 0.004),
                        (x + 0.004 * math.sin(k * 3), y + 0.003, top + z / 2),
                        (x + 0.006 * math.sin(k * 5), y, top + z),
                    ],
                    0.0022,
                    m.scarf,
                    5,
                    at=leaf,
                )
            )
    tell("scarf", "The scarf", [cloth] + fringe)
