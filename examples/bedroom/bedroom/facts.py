"""What is true of the room: its measures, where things stand, its plan.

Metres, right-handed, z up; the origin is on the floor in the inner south-west corner, x leads east
and y north. Nothing here needs Blender.
"""

from dataclasses import dataclass, field

Point2 = tuple[float, float]
Point3 = tuple[float, float, float]

WIDTH, DEPTH, HEIGHT = 3.5, 4.0, 2.6


@dataclass(frozen=True)
class Box:
    """A footprint along the axes and how high what stands there is."""

    x0: float
    x1: float
    y0: float
    y1: float
    height: float

    def polygon(self) -> list[Point2]:
        return [(self.x0, self.y0), (self.x1, self.y0), (self.x1, self.y1), (self.x0, self.y1)]


FURNITURE = {
    "bed": Box(0.0, 1.0, 1.9, 3.95, 0.5),
    "nightstand": Box(1.05, 1.42, 3.55, 3.93, 0.5),
    "desk": Box(2.85, 3.5, 2.2, 3.5, 0.74),
    "chair": Box(2.35, 2.8, 2.6, 3.05, 0.85),
    "telescope": Box(2.35, 2.85, 3.4, 3.9, 1.45),
    "bookshelf": Box(3.2, 3.5, 1.0, 1.9, 1.9),
    "low shelf": Box(0.0, 0.35, 0.75, 1.7, 0.8),
    "wardrobe": Box(0.0, 1.1, 0.0, 0.55, 1.95),
    "guitar": Box(1.3, 1.7, 0.05, 0.4, 1.0),
    "shoes": Box(1.8, 2.35, 0.08, 0.36, 0.12),
}
RUG = Box(1.25, 2.55, 1.1, 2.6, 0.012)

DOOR_X0, DOOR_X1, DOOR_HEIGHT = 2.45, 3.25, 2.0  # in the south wall, hinged at DOOR_X1
DOOR_OPEN_DEG = 65.0  # inwards
WINDOW_X0, WINDOW_X1, WINDOW_Z0, WINDOW_Z1 = 1.0, 2.4, 0.9, 2.2  # in the north wall


@dataclass(frozen=True)
class Thing:
    id: str
    name: str
    position: Point3  # centre of what is to be seen
    size: Point3  # along the axes


@dataclass(frozen=True)
class Footprint:
    name: str
    polygon: list[Point2]
    height: float


@dataclass(frozen=True)
class Opening:
    kind: str  # "door" or "window"
    wall: str  # "south", ...
    x0: float
    y0: float
    x1: float
    y1: float
    z0: float
    z1: float


@dataclass(frozen=True)
class Plan:
    outline: list[Point2]
    height: float
    footprints: list[Footprint]
    openings: list[Opening]


@dataclass
class Room:
    plan: Plan
    things: list[Thing] = field(default_factory=list)


def plan() -> Plan:
    return Plan(
        outline=[(0.0, 0.0), (WIDTH, 0.0), (WIDTH, DEPTH), (0.0, DEPTH)],
        height=HEIGHT,
        footprints=[Footprint(name, box.polygon(), box.height) for name, box in FURNITURE.items()],
        openings=[
            Opening("door", "south", DOOR_X0, 0.0, DOOR_X1, 0.0, 0.0, DOOR_HEIGHT),
            Opening("window", "north", WINDOW_X0, DEPTH, WINDOW_X1, DEPTH, WINDOW_Z0, WINDOW_Z1),
        ],
    )
