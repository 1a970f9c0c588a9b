"""The tall bookshelf and the low shelf with their books, records and boxes."""

import math

from mathutils import Matrix

from .facts import FURNITURE
from .mesh import add, box, lathe, tube
from .pictures import SPINES


def build(m, rng, tell):
    _tall(m, rng, tell)
    _low(m, rng)


def book(m, cell, wide, high, deep, at):
    """In its own frame the spine is at x = 0 and faces -x, the book spans y and stands on z = 0."""
    columns, lines = SPINES
    u0, v0 = (cell % columns) / columns, 1 - (cell // columns + 1) / lines
    verts, uvs = [], []
    bulge = [0.0, -0.003, -0.004, -0.003, 0.0]
    for z, v in ((0.0, 0.01), (high, 0.99)):
        for k, x in enumerate(bulge):
            verts.append((x, wide * (0.5 - k / 4), z))
            uvs.append((u0 + (0.02 + 0.96 * k / 4) / columns, v0 + v / lines))
    faces = [(k, k + 1, k + 6, k + 5) for k in range(4)]
    for y in (wide / 2, -wide / 2):  # the boards: plain cloth, taken from the spine's rim
        i = len(verts)
        inner = y - math.copysign(0.0025, y)
        verts += [
            (0, y, 0),
            (deep, y, 0),
            (deep, y, high),
            (0, y, high),
            (0, inner, high),
            (deep, inner, high),
            (deep, inner, 0),
            (0, inner, 0),
        ]
        for du, dv in (
            (0.03, 0.40),
            (0.11, 0.40),
            (0.11, 0.60),
            (0.03, 0.60),
            (0.03, 0.62),
            (0.11, 0.62),
            (0.11, 0.42),
            (0.03, 0.42),
        ):
            uvs.append((u0 + du / columns, v0 + dv / lines))
        faces += [
            (i, i + 1, i + 2, i + 3),
            (i + 3, i + 2, i + 5, i + 4),
            (i + 1, i + 6, i + 5, i + 2),
            (i + 4, i + 5, i + 6, i + 7),
        ]
    cover = add("book", verts, faces, m.spines, uvs, at=at)
    box(
        "pages",
        0.0,
        deep - 0.004,
        -wide / 2 + 0.002,
        wide / 2 - 0.002,
        0.003,
        high - 0.004,
        m.paper,
        bevel=0,
        at=at,
    )
    return cover


def _row(m, rng, facing, x, start, end, z, room, deep, cells):
    """Books from `start` to `end` along y on the height z; facing -1: spines to the west, +1: to the east."""
    y, way = start, 1 if end > start else -1
    for cell in cells:
        series = cell >= SPINES[0] * (SPINES[1] - 1)
        wide = 0.030 if series else rng.uniform(0.014, 0.042)
        high = min(room - 0.02, 0.225 if series else rng.uniform(0.165, 0.275))
        if abs(end - y) < wide:
            break
        lean = 0.0 if series or rng.random() < 0.9 else 0.05
        turn = Matrix.Rotation(math.pi if facing > 0 else 0, 4, "Z")
        inset = 0.0 if series else rng.uniform(0, 0.02)
        at = (
            Matrix.Translation((x - facing * inset, y + way * wide / 2, z))
            @ turn
            @ Matrix.Rotation(lean * 0.3, 4, "X")
        )
        book(m, cell, wide, high, rng.uniform(0.13, min(deep, 0.17)), at)
        y += way * (wide + 0.0012 + lean * 0.05)
    return y


def _stack(m, rng, x, y, z, count, facing):
    """Books lying flat, spines to the room."""
    for _ in range(count):
        wide = rng.uniform(0.018, 0.035)
        turn = Matrix.Rotation((math.pi if facing > 0 else 0) + rng.uniform(-0.12, 0.12), 4, "Z")
        book(
            m,
            rng.randrange(36),
            wide,
            rng.uniform(0.19, 0.23),
            0.15,
            Matrix.Translation((x, y, z + wide / 2))
            @ turn
            @ Matrix.Rotation(-math.pi / 2, 4, "X")
            @ Matrix.Translation((0, 0, -0.1)),
        )
        z += wide + 0.001
    return z


def _tall(m, rng, tell):
    b = FURNITURE["bookshelf"]
    x1 = b.x1 - 0.004
    parts = [
        box("bookshelf side", b.x0, x1, y, y + 0.022, 0, b.height, m.oak)
        for y in (b.y0, b.y1 - 0.022)
    ]
    parts.append(
        box(
            "bookshelf back",
            x1 - 0.008,
            x1,
            b.y0 + 0.01,
            b.y1 - 0.01,
            0.05,
            b.height - 0.01,
            m.oak,
            bevel=0,
        )
    )
    levels = (0.08, 0.44, 0.80, 1.14, 1.50)
    for z in levels + (b.height - 0.01,):
        parts.append(
            box("bookshelf board", b.x0 + 0.004, x1, b.y0 + 0.022, b.y1 - 0.022, z - 0.02, z, m.oak)
        )
    tell("bookshelf", "The bookshelf", parts)
    front, top, bottom = b.x0 + 0.05, b.y1 - 0.03, b.y0 + 0.03
    for i, z in enumerate(levels):
        room = (levels + (b.height - 0.03,))[i + 1] - z - 0.02
        mixed = rng.sample(range(36), 36)
        series = list(range(36, 48))
        if i == 3:  # the series at eye height, a gap with small things, then others
            y = _row(m, rng, -1, front, top, bottom, z, room, 0.2, series[:11])
            _globe(m, front + 0.07, y - 0.10, z)
            _row(m, rng, -1, front, bottom + 0.26, bottom, z, room, 0.2, mixed)
        elif i == 1:
            y = _row(m, rng, -1, front, top, bottom + 0.36, z, room, 0.2, mixed)
            _stack(m, rng, front, bottom + 0.16, z, 6, -1)
        elif i == 4:
            _stack(m, rng, front, top - 0.13, z, 4, -1)
            _row(m, rng, -1, front, top - 0.30, bottom, z, room, 0.2, mixed + mixed)
        else:
            _row(m, rng, -1, front, top, bottom, z, room, 0.2, mixed + rng.sample(range(36), 36))
    _stack(m, rng, front, b.y0 + 0.30, b.height - 0.01, 3, -1)
    lathe(
        "vase",
        [(0.03, 0), (0.05, 0.02), (0.062, 0.08), (0.045, 0.15), (0.025, 0.19), (0.03, 0.22)],
        (front + 0.08, b.y1 - 0.2, b.height - 0.01),
        m.mug,
        32,
    )


def _globe(m, x, y, z):
    lathe(
        "globe foot",
        [(0.05, 0), (0.05, 0.008), (0.012, 0.018), (0.008, 0.05)],
        (x, y, z),
        m.walnut,
        24,
    )
    r = 0.07
    ball = [
        (r * math.cos(a), 0.125 + r * math.sin(a))
        for a in (math.pi * k / 20 - math.pi / 2 for k in range(21))
    ]
    lathe("globe", ball, (x, y, z), m.mug, 36)
    hoop = [
        (x, y + (r + 0.006) * math.cos(a), z + 0.125 + (r + 0.006) * math.sin(a))
        for a in (math.pi * k / 20 - math.pi / 2 for k in range(21))
    ]
    tube("globe hoop", hoop, 0.003, m.metal, 8)


def _low(m, rng):
    b = FURNITURE["low shelf"]
    x0, middle = b.x0 + 0.004, (b.y0 + b.y1) / 2
    for y in (b.y0, middle - 0.01, b.y1 - 0.02):
        box("low shelf side", x0, b.x1, y, y + 0.02, 0, b.height - 0.022, m.walnut)
    box("low shelf top", x0, b.x1, b.y0, b.y1, b.height - 0.022, b.height, m.walnut, bevel=0.006)
    for z in (0.07, 0.42):
        box("low shelf board", x0, b.x1 - 0.004, b.y0 + 0.02, b.y1 - 0.02, z - 0.02, z, m.walnut)
    box(
        "low shelf back",
        x0,
        x0 + 0.008,
        b.y0 + 0.01,
        b.y1 - 0.01,
        0.05,
        b.height - 0.02,
        m.walnut,
        bevel=0,
    )
    front = b.x1 - 0.05
    _row(m, rng, 1, front, b.y0 + 0.03, middle - 0.02, 0.42, 0.33, 0.2, rng.sample(range(36), 30))
    _row(m, rng, 1, front, middle + 0.02, b.y1 - 0.15, 0.42, 0.33, 0.2, rng.sample(range(36), 30))
    y = middle + 0.02  # records, some pulled out a little
    while y < b.y1 - 0.08:
        pull = rng.uniform(0, 0.02)
        box(
            "record",
            x0 + 0.02 + pull,
            b.x1 - 0.03 + pull,
            y,
            y + 0.0045,
            0.07,
            0.37,
            rng.choice(m.colours + [m.paper, m.black]),
            bevel=0,
        )
        y += rng.uniform(0.0055, 0.009)
    for k in range(2):  # a pair of equal baskets
        y = b.y0 + 0.03 + 0.205 * k
        box("basket", x0 + 0.03, b.x1 - 0.02, y, y + 0.195, 0.07, 0.29, m.linen, bevel=0.02)
        tube(
            "basket handle",
            [
                (b.x1 - 0.019, y + 0.06, 0.23),
                (b.x1 - 0.008, y + 0.08, 0.215),
                (b.x1 - 0.008, y + 0.115, 0.215),
                (b.x1 - 0.019, y + 0.135, 0.23),
            ],
            0.004,
            m.leather,
            8,
        )
