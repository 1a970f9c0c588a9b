"""Where the photographs are taken: as a careful person with a phone walks through the room.

A pose is a 4 x 4 matrix, camera to world, with OpenGL's camera axes (x right, y up, z back) in the
room's frame. Nothing here needs Blender.
"""

import math
import random
from dataclasses import dataclass

import numpy

from . import facts

CLEARANCE = 0.2  # of a person's middle from furniture
REACH = 0.35  # how far a phone is held out beyond that
FREE_AHEAD = 0.35  # nothing is photographed from nearer, close-ups aside


@dataclass(frozen=True)
class View:
    name: str
    pose: numpy.ndarray
    turn: tuple = (0.0, 0.0, 0.0)  # radians about right, down, ahead while the shutter was open


def look(eye, target, roll_deg=0.0):
    eye, target = numpy.asarray(eye, float), numpy.asarray(target, float)
    back = eye - target
    back /= numpy.linalg.norm(back)
    right = numpy.cross((0.0, 0.0, 1.0), back)
    right /= numpy.linalg.norm(right)
    up = numpy.cross(back, right)
    c, s = math.cos(math.radians(roll_deg)), math.sin(math.radians(roll_deg))
    pose = numpy.eye(4)
    pose[:3, 0], pose[:3, 1] = c * right + s * up, c * up - s * right
    pose[:3, 2], pose[:3, 3] = back, eye
    return pose


def obstacles(height):
    """Boxes that a phone at this height must stay out of; the door's leaf stands in the way, too."""
    boxes = [box for box in facts.FURNITURE.values() if box.height > height - 0.15]
    tip = math.radians(facts.DOOR_OPEN_DEG)
    width = facts.DOOR_X1 - facts.DOOR_X0
    boxes.append(
        facts.Box(
            facts.DOOR_X1 - width * math.cos(tip) - 0.05,
            facts.WIDTH,
            0.0,
            width * math.sin(tip) + 0.05,
            facts.DOOR_HEIGHT,
        )
    )
    return boxes


def is_free(x, y, clearance, boxes):
    if not (
        clearance <= x <= facts.WIDTH - clearance and clearance <= y <= facts.DEPTH - clearance
    ):
        return False
    return all(
        x < b.x0 - clearance or x > b.x1 + clearance or y < b.y0 - clearance or y > b.y1 + clearance
        for b in boxes
    )


def can_stand(x, y):
    return is_free(x, y, CLEARANCE, obstacles(0.15))


def can_hold(x, y, z):
    """Whether a standing person can have a phone there: near free floor, and not in anything."""
    if not is_free(x, y, 0.12, obstacles(z)):
        return False
    return any(
        can_stand(x + REACH * share * math.cos(a), y + REACH * share * math.sin(a))
        for share in (0, 0.5, 1)
        for a in numpy.linspace(0, 2 * math.pi, 16)
    )


def nearest_place(x, y, z):
    """The nearest place to (x, y) where a phone can be held at this height."""
    for radius in numpy.arange(0, 2.0, 0.04):
        for angle in numpy.linspace(0, 2 * math.pi, 24, endpoint=False):
            at = x + radius * math.cos(angle), y + radius * math.sin(angle)
            if can_hold(*at, z):
                return at
    raise ValueError(f"nobody can stand near {x:.2f}, {y:.2f}")


# Round the free floor, along what stands at the walls; (x, y) corners of the way.
ROUND = [
    (2.2, 0.62),
    (1.45, 0.75),
    (0.75, 0.85),
    (0.72, 1.7),
    (1.15, 1.95),
    (1.2, 2.7),
    (1.25, 3.3),
    (1.75, 3.6),
    (2.1, 3.35),
    (2.2, 2.75),
    (2.25, 2.3),
    (2.75, 1.9),
    (2.9, 1.2),
    (2.55, 0.85),
]


def along(corners, count):
    """`count` points at equal steps round the closed way."""
    points = numpy.array(corners + corners[:1], float)
    steps = numpy.linalg.norm(numpy.diff(points, axis=0), axis=1)
    at = numpy.concatenate([[0], numpy.cumsum(steps)])
    wanted = numpy.linspace(0, at[-1], count, endpoint=False)
    return [(numpy.interp(w, at, points[:, 0]), numpy.interp(w, at, points[:, 1])) for w in wanted]


def round_walk(count, rng):
    """Facing across the room, each photograph sharing most with the last."""
    middle = numpy.array([1.75, 2.05])
    for i, (x, y) in enumerate(along(ROUND, count)):
        z = 1.5 + 0.11 * math.sin(2.2 * i) + rng.gauss(0, 0.02)
        x, y = nearest_place(x + rng.gauss(0, 0.02), y + rng.gauss(0, 0.02), z)
        ahead = middle - (x, y)
        angle = math.atan2(ahead[1], ahead[0]) + 0.3 * math.sin(1.3 * i) + rng.gauss(0, 0.05)
        drop = 0.16 + 0.16 * math.sin(0.9 * i) + rng.gauss(0, 0.03)
        yield look(
            (x, y, z), (x + math.cos(angle), y + math.sin(angle), z - drop), rng.gauss(0, 1.5)
        )


def from_the_middle(count, rng):
    """Outward from two places, a step to the side with each turn; some up, some down."""
    for i in range(count):
        centre = ((1.6, 1.5), (1.75, 2.75))[i >= count // 2]
        angle = 2 * math.pi * (i % (count // 2)) / (count // 2) + 0.3
        z = (1.4, 1.6, 1.5)[i % 3] + rng.gauss(0, 0.02)
        x, y = nearest_place(
            centre[0] + 0.24 * math.cos(angle), centre[1] + 0.24 * math.sin(angle), z
        )
        drop = (0.35, -0.12, 0.12)[i % 3] + rng.gauss(0, 0.03)
        yield look(
            (x, y, z), (x + math.cos(angle), y + math.sin(angle), z - drop), rng.gauss(0, 1.5)
        )


# What is worth a closer look, how far from it, from how many sides, and how far above its middle.
CLOSE = [
    ("music-box", 0.55, 3, 0.0),
    ("telescope", 0.85, 2, 0.5),
    ("guitar", 0.95, 1, 0.1),
    ("star-chart", 0.85, 1, 0.0),
    ("desk-drawing", 0.6, 2, 0.0),
    ("scarf", 0.8, 1, 0.15),
    ("shoes", 1.1, 1, 0.0),
    ("bookshelf", 0.8, 1, 0.2),
]
FROM = {"scarf": (0.0, 1.0)}  # it hangs on the side of the door's leaf that faces north-east


def close_ups(things, rng):
    by_id = {thing.id: thing for thing in things}
    middle = numpy.array([1.75, 1.9])
    for id, distance, count, above in CLOSE:
        at = numpy.array(by_id[id].position) + (0, 0, above)
        out = FROM.get(id, middle - at[:2])
        for i in range(count):
            angle = math.atan2(out[1], out[0]) + (i - (count - 1) / 2) * 0.55 + rng.gauss(0, 0.06)
            z = min(1.65, max(1.2, at[2] + 0.35)) + rng.gauss(0, 0.02)
            flat = math.sqrt(max(0.04, distance**2 - (z - at[2]) ** 2))
            x, y = nearest_place(at[0] + flat * math.cos(angle), at[1] + flat * math.sin(angle), z)
            yield look((x, y, z), at, rng.gauss(0, 1.5))


def photographs(things, seed, quick=False):
    """72 views in the order in which they are taken (quick: 6)."""
    rng = random.Random(f"walk {seed}")
    poses = (
        list(round_walk(40, rng)) + list(from_the_middle(20, rng)) + list(close_ups(things, rng))
    )
    turns = {17: (0.004, 0.011, 0.002), 33: (0.009, -0.004, 0.0), 52: (-0.003, 0.010, 0.003)}
    if quick:
        poses, turns = poses[:: len(poses) // 6][:6], {2: turns[17]}
    return [
        View(f"IMG_{i + 1:04d}.jpg", pose, *([turns[i]] if i in turns else []))
        for i, pose in enumerate(poses)
    ]


# From the doorway through the middle, as a child or somebody seated sees it: x, y, z and the
# direction in degrees from east to north.
ALONG = [
    (2.70, 0.35, 1.25, 110),
    (2.05, 1.02, 1.05, 75),
    (1.10, 1.50, 1.05, -15),
    (2.20, 1.80, 1.05, 135),
    (1.95, 2.05, 1.10, -55),
    (1.65, 2.15, 1.10, 60),
    (1.10, 3.55, 1.05, -60),
    (1.30, 3.65, 1.05, -120),
]


def held_out(things, taken, seed, quick=False):
    """16 views that no photograph has: eight along the middle, low and at least half a
    metre from any photograph, eight near things."""
    rng = random.Random(f"held out {seed}")
    places = numpy.array([view.pose[:3, 3] for view in taken])
    poses = []
    for x, y, z, direction_deg in ALONG:
        # Should a photograph be near, as low as it takes.
        while numpy.linalg.norm(places - (x, y, z), axis=1).min() < 0.52:
            z -= 0.02
        angle = math.radians(direction_deg)
        poses.append(look((x, y, z), (x + math.cos(angle), y + math.sin(angle), z - 0.12)))
    by_id = {thing.id: thing for thing in things}
    middle = numpy.array([1.75, 1.9])
    for id in (
        "music-box",
        "telescope",
        "star-chart",
        "desk-drawing",
        "bed",
        "bookshelf",
        "mirror",
        "guitar",
    ):
        at = numpy.array(by_id[id].position)
        out = middle - at[:2]
        angle = math.atan2(out[1], out[0]) + rng.uniform(-0.35, 0.35)
        z = rng.uniform(1.2, 1.5)
        x, y = nearest_place(at[0] + 1.15 * math.cos(angle), at[1] + 1.15 * math.sin(angle), z)
        poses.append(look((x, y, z), at))
    if quick:
        poses = poses[::8]
    return [View(f"view_{i + 1:02d}.jpg", pose) for i, pose in enumerate(poses)]
