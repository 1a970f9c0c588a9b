"""Cool overcast daylight, a warm lamp: two lights, so that little is noisy.

The hall's walls glow faintly of themselves instead of having a lamp, and after its first
bounces light is taken from an even surrounding, shut off by near things only.
"""

import math

import bpy

from .facts import DEPTH, WINDOW_X0, WINDOW_X1, WINDOW_Z0, WINDOW_Z1
from .mesh import sheet

WARM, COOL = (1.0, 0.62, 0.32), (0.88, 0.95, 1.0)


def build(m, lamp_at):
    width, height = WINDOW_X1 - WINDOW_X0, WINDOW_Z1 - WINDOW_Z0
    middle = ((WINDOW_X0 + WINDOW_X1) / 2, (WINDOW_Z0 + WINDOW_Z1) / 2)
    _area(
        "daylight",
        (middle[0], DEPTH + 0.13, middle[1]),
        (math.radians(-80), 0, 0),
        width,
        height,
        105,
        COOL,
    )
    lamp = bpy.data.lights.new("lamp", "POINT")
    lamp.energy, lamp.color, lamp.shadow_soft_size = 7.5, WARM, 0.035
    _place(lamp, lamp_at)
    backdrop = sheet("outdoors", (-4.5, DEPTH + 4.0, -1.2), (12.5, 0, 0), (0, 0, 6.2), m.outdoors)
    backdrop.visible_diffuse = backdrop.visible_shadow = False
    world = bpy.data.worlds.new("outside")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs["Color"].default_value = (1.0, 0.96, 0.90, 1.0)
    world.node_tree.nodes["Background"].inputs["Strength"].default_value = 0.38
    world.cycles.sampling_method = "NONE"  # the room is closed: a light fewer to choose from
    scene = bpy.context.scene
    scene.world = world
    world.light_settings.distance, world.light_settings.ao_factor = 0.4, 1.0
    scene.cycles.use_fast_gi, scene.cycles.fast_gi_method = True, "REPLACE"
    scene.cycles.ao_bounces_render = 1


def _area(name, at, turn, width, height, watts, colour):
    light = bpy.data.lights.new(name, "AREA")
    light.shape, light.size, light.size_y = "RECTANGLE", width, height
    light.energy, light.color = watts, colour
    obj = _place(light, at, turn)
    obj.visible_camera = obj.visible_glossy = False


def _place(light, at, turn=(0, 0, 0)):
    light.cycles.max_bounces = 4
    obj = bpy.data.objects.new(light.name, light)
    obj.location, obj.rotation_euler = at, turn
    bpy.context.scene.collection.objects.link(obj)
    return obj
