"""What hangs on the walls: posters, a pinboard, string lights, a framed print behind glass."""

import math

from mathutils import Matrix, Vector

from .facts import DEPTH, WIDTH
from .mesh import add, box, grid, lathe, sheet, tube


def build(m, rng, tell):
    tell("star-chart", "The star chart", [_poster(m.star_chart, "west", 2.35, 1.52, 0.66, 0.88)])
    _poster(m.concert, "west", 1.22, 1.52, 0.42, 0.60)
    _framed(m, "east", 0.62, 1.75, 0.5, 0.35)
    _pinboard(m, rng)
    for k, y in enumerate((3.22, 3.45)):
        _poster(m.drawings[(k + 1) % 3], "west", y, 1.30 + 0.20 * k, 0.22, 0.16)
    _string_lights(m, tell)
    _wall_clock(m)


def _on(wall, along, z, off):
    """A frame on a wall: x to the right as one looks at it, y up, z into the room."""
    if wall == "west":
        return Matrix(((0, 0, 1, off), (1, 0, 0, along), (0, 1, 0, z), (0, 0, 0, 1)))
    return Matrix(((0, 0, -1, WIDTH - off), (-1, 0, 0, along), (0, 1, 0, z), (0, 0, 0, 1)))


def _poster(material, wall, along, z, wide, high):
    """Paper that lifts a little at its lower corners."""

    def place(u, v):
        lift = 0.018 * max(0.0, 0.25 - v) * abs(2 * u - 1) ** 3 * 4 + 0.001 * math.sin(
            9 * u + 5 * v
        )
        return ((u - 0.5) * wide, (v - 0.5) * high, lift)

    return grid("poster", 16, 16, place, material, at=_on(wall, along, z, 0.003))


def _framed(m, wall, along, z, wide, high):
    at = _on(wall, along, z, 0.0)
    a, b = wide / 2 + 0.05, high / 2 + 0.05
    for x0, x1, y0, y1 in (
        (-a - 0.02, -a, -b - 0.02, b + 0.02),
        (a, a + 0.02, -b - 0.02, b + 0.02),
        (-a, a, -b - 0.02, -b),
        (-a, a, b, b + 0.02),
    ):
        box("frame", x0, x1, y0, y1, 0.002, 0.024, m.black, at=at)
    sheet("mount", (-a, -b, 0.006), (2 * a, 0, 0), (0, 2 * b, 0), m.linen, at=at)
    sheet("print", (-wide / 2, -high / 2, 0.008), (wide, 0, 0), (0, high, 0), m.landscape, at=at)
    glass = sheet("picture glass", (-a, -b, 0.018), (2 * a, 0, 0), (0, 2 * b, 0), m.glass, at=at)
    glass.visible_shadow = glass.visible_diffuse = False


def card(m, cell, wide, high, at):
    """One of the sixteen printed cards, lying in x, y."""
    u, v = (cell % 4) / 4, (cell // 4) / 4
    x, y = wide / 2, high / 2
    e = 0.004
    return add(
        "card",
        [(-x, -y, 0), (x, -y, 0), (x, y, 0.001), (-x, y, 0.001)],
        [(0, 1, 2, 3)],
        m.cards,
        uvs=[
            (u + e, v + e),
            (u + 0.25 - e, v + e),
            (u + 0.25 - e, v + 0.25 - e),
            (u + e, v + 0.25 - e),
        ],
        at=at,
    )


def _pinboard(m, rng):
    along, z, wide, high = 2.78, 1.50, 0.95, 0.62
    at = _on("east", along, z, 0.0)
    box("pinboard", -wide / 2, wide / 2, -high / 2, high / 2, 0.002, 0.016, m.cork, at=at)
    for x0, x1, y0, y1 in (
        (-0.5, -0.475, -0.335, 0.335),
        (0.475, 0.5, -0.335, 0.335),
        (-0.475, 0.475, -0.335, -0.31),
        (-0.475, 0.475, 0.31, 0.335),
    ):
        box("pinboard frame", x0, x1, y0, y1, 0.002, 0.022, m.pine, at=at)
    pins = []
    for k in range(15):
        x, y = -0.38 + 0.19 * (k % 5) + rng.uniform(-0.03, 0.03), 0.19 - 0.19 * (
            k // 5
        ) + rng.uniform(-0.025, 0.025)
        place = Matrix.Translation((x, y, 0.018 + 0.0012 * (k % 3))) @ Matrix.Rotation(
            rng.uniform(-0.16, 0.16), 4, "Z"
        )
        if k in (6, 13):
            sheet(
                "sketch",
                (-0.11, -0.08, 0),
                (0.22, 0, 0),
                (0, 0.16, 0),
                m.drawings[k % 3],
                at=at @ place,
            )
        else:
            card(m, k, rng.uniform(0.11, 0.15), rng.uniform(0.10, 0.14), at @ place)
        pins.append(Vector((x, y + 0.045, 0.03)))
        lathe(
            "pin",
            [(0.002, -0.01), (0.002, -0.002), (0.006, 0.0), (0.006, 0.006), (0.0, 0.008)],
            pins[-1],
            m.colours[k % 5],
            10,
            at=at,
        )
    thread = [pins[k] for k in (0, 6, 2, 8, 4)]
    tube("thread", thread, 0.0012, m.colours[0], 5, at=at)
    tube("thread", [pins[k] for k in (10, 6, 12, 8, 14)], 0.0012, m.colours[0], 5, at=at)


def _string_lights(m, tell):
    """A cord with small bulbs, hung in swags along the west wall over the bed and round the corner."""
    hooks = [
        (0.02, 1.75, 2.15),
        (0.02, 2.35, 2.24),
        (0.02, 3.0, 2.16),
        (0.02, 3.6, 2.26),
        (0.05, DEPTH - 0.04, 2.20),
        (0.55, DEPTH - 0.02, 2.20),
    ]
    points = []
    for a, b in zip(hooks, hooks[1:]):
        for k in range(10):
            t = k / 10
            points.append(
                Vector(a).lerp(Vector(b), t)
                - Vector((0, 0, 0.30 * t * (1 - t) * (Vector(b) - Vector(a)).length))
            )
    points += [Vector((0.55, DEPTH - 0.02, 2.20 - 0.06 * k)) for k in range(6)]
    cord = tube("string of lights", points, 0.0022, m.cord, 6)
    bulbs = []
    for p in points[2::3]:
        tube("socket", [p, p - Vector((0, 0, 0.016))], 0.005, m.cord, 8)
        bulb = lathe(
            "small bulb",
            [(0.0, -0.042), (0.006, -0.038), (0.009, -0.030), (0.007, -0.020), (0.004, -0.015)],
            p,
            m.bulb,
            10,
        )
        bulb.visible_diffuse = bulb.visible_shadow = False
        bulbs.append(bulb)
    tell("string-lights", "The string of lights", [cord] + bulbs)


def _wall_clock(m):
    at = _on("east", 3.72, 2.0, 0.0)
    lathe(
        "clock",
        [(0.13, 0.002), (0.135, 0.012), (0.13, 0.03), (0.122, 0.032), (0.12, 0.022), (0.0, 0.022)],
        (0, 0, 0),
        m.walnut,
        48,
        at=at,
    )
    lathe(
        "clock face",
        [(0.118, 0.022), (0.118, 0.0235), (0.0, 0.0236)],
        (0, 0, 0),
        m.enamel,
        48,
        at=at,
    )
    for k in range(12):
        turn = at @ Matrix.Rotation(k * math.pi / 6, 4, "Z")
        box("hour", -0.003, 0.003, 0.088, 0.108, 0.0236, 0.0246, m.black, bevel=0, at=turn)
    for angle, length in ((1.0, 0.06), (-2.2, 0.09)):
        box(
            "hand",
            -0.003,
            0.003,
            -0.01,
            length,
            0.025,
            0.027,
            m.black,
            bevel=0,
            at=at @ Matrix.Rotation(angle, 4, "Z"),
        )
