"""The whole room from its parts."""

import random

import bpy

from . import (
    bedding,
    facts,
    furniture,
    instruments,
    light,
    materials,
    mesh,
    shelves,
    shell,
    things,
    walls,
)


def build(seed: int, quick: bool) -> facts.Room:
    """Empties Blender's scene and makes the room in it; the same seed makes the same room."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    mesh.reset(seed)
    rng = random.Random(seed)
    m = materials.Materials(seed, quick)
    room = facts.Room(facts.plan())

    def tell(id, name, objects):
        position, size = mesh.bounds(objects)
        room.things.append(facts.Thing(id, name, position, size))

    shell.build(m)
    furniture.build(m, tell)
    shelves.build(m, rng, tell)
    walls.build(m, rng, tell)
    things.build(m, rng, tell)
    instruments.build(m, rng, tell)
    bedding.build(m, rng, quick, tell)
    light.build(m, furniture.LAMP)
    return room
