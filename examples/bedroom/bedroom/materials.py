"""Every material of the room, by name. Pictures are made once and packed; nothing is sharp but the mirror."""

import bpy
import numpy as np

from . import facts, pictures, textures


def _image(name, pixels):
    h, w = pixels.shape[:2]
    image = bpy.data.images.new(name, w, h)
    image.pixels.foreach_set(
        np.concatenate([pixels, np.ones((h, w, 1))], axis=2).astype(np.float32).ravel()
    )
    image.pack()
    return image


def _linear(colour):
    c = np.asarray(colour, dtype=float)
    return [float(v) for v in np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)] + [
        1.0
    ]


def make(name, look, rough=0.7, tile=None, bump=0.0, metal=0.0, shine=0.4, glow=0.0, sheen=0.0):
    """`look` is a colour (sRGB) or a picture; `tile` is the metres (u, v) one picture covers."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    surface = nodes["Principled BSDF"]
    surface.inputs["Roughness"].default_value = rough
    surface.inputs["Metallic"].default_value = metal
    surface.inputs["Specular"].default_value = shine
    surface.inputs["Sheen"].default_value = sheen
    if isinstance(look, np.ndarray):
        picture = nodes.new("ShaderNodeTexImage")
        picture.image = _image(name, look)
        if tile:
            where, scale = nodes.new("ShaderNodeTexCoord"), nodes.new("ShaderNodeMapping")
            scale.inputs["Scale"].default_value = (1 / tile[0], 1 / tile[1], 1)
            links.new(where.outputs["UV"], scale.inputs["Vector"])
            links.new(scale.outputs["Vector"], picture.inputs["Vector"])
        links.new(picture.outputs["Color"], surface.inputs["Base Color"])
        if bump:
            relief = nodes.new("ShaderNodeBump")
            relief.inputs["Strength"].default_value = bump
            relief.inputs["Distance"].default_value = 0.002
            links.new(picture.outputs["Color"], relief.inputs["Height"])
            links.new(relief.outputs["Normal"], surface.inputs["Normal"])
        if glow:
            links.new(picture.outputs["Color"], surface.inputs["Emission"])
    else:
        surface.inputs["Base Color"].default_value = _linear(look)
        surface.inputs["Emission"].default_value = _linear(look)
    surface.inputs["Emission Strength"].default_value = glow
    material.cycles.sample_as_light = False
    return material


def _thin_glass(name, clear, tint=(1, 1, 1)):
    """A pane that lets light straight through and reflects a little: cheap, never refracting."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    through, gloss, both = (
        nodes.new("ShaderNodeBsdfTransparent"),
        nodes.new("ShaderNodeBsdfGlossy"),
        nodes.new("ShaderNodeMixShader"),
    )
    through.inputs["Color"].default_value = (*tint, 1)
    gloss.inputs["Roughness"].default_value = 0.05
    edge = nodes.new("ShaderNodeLayerWeight")
    edge.inputs["Blend"].default_value = 1 - clear
    links.new(edge.outputs["Facing"], both.inputs["Fac"])
    links.new(through.outputs[0], both.inputs[1])
    links.new(gloss.outputs[0], both.inputs[2])
    links.new(both.outputs[0], nodes["Material Output"].inputs["Surface"])
    material.cycles.sample_as_light = False
    return material


class Materials:
    def __init__(self, seed, quick):
        rng = np.random.default_rng(seed)
        t, p = textures, pictures
        k = 4 if quick else 1  # how much coarser pictures are

        def wood(name, dark, light, rough=0.5):
            return make(
                name,
                t.wood(rng, 512 // k, 1024 // k, dark, light),
                rough,
                tile=(1.0, 0.5),
                bump=0.1,
            )

        def cloth(name, colour, threads=80, **more):
            return make(
                name,
                t.weave(rng, 256 // k, colour, threads=threads // k),
                0.9,
                tile=(0.25, 0.25),
                bump=0.25,
                shine=0.1,
                **more,
            )

        self.wall = make(
            "wall", t.plaster(rng, 512 // k, (0.83, 0.81, 0.765)), 0.9, tile=(2, 2), shine=0.1
        )
        self.accent = make(
            "accent wall", t.plaster(rng, 512 // k, (0.62, 0.69, 0.68)), 0.9, tile=(2, 2), shine=0.1
        )
        self.hall = make(
            "hall wall",
            t.plaster(rng, 512 // k, (0.84, 0.72, 0.56)),
            0.9,
            tile=(2, 2),
            shine=0.1,
            glow=0.22,
        )
        self.ceiling = make("ceiling", (0.88, 0.875, 0.86), 0.9, shine=0.1)
        self.floor = make(
            "floor boards",
            t.floor(rng, 2048 // k, facts.WIDTH, facts.DEPTH),
            0.36,
            tile=(facts.WIDTH, facts.DEPTH),
            bump=0.12,
        )
        self.paint = make("white paint", (0.86, 0.85, 0.82), 0.45)
        self.oak = wood("oak", (0.50, 0.35, 0.21), (0.74, 0.58, 0.39))
        self.pine = wood("pine", (0.64, 0.46, 0.27), (0.86, 0.71, 0.50))
        self.walnut = wood("walnut", (0.22, 0.14, 0.09), (0.45, 0.30, 0.20), 0.4)
        self.spruce = wood("spruce", (0.70, 0.46, 0.22), (0.90, 0.70, 0.42), 0.25)
        self.mahogany = wood("mahogany", (0.26, 0.11, 0.06), (0.46, 0.22, 0.12), 0.25)
        self.door = make(
            "door paint",
            t.wood(rng, 256 // k, 512 // k, (0.72, 0.70, 0.63), (0.80, 0.78, 0.72)),
            0.5,
            tile=(1.0, 0.5),
            bump=0.1,
        )
        self.sheet = make(
            "sheet",
            t.stripes(rng, 256 // k, [(0.90, 0.88, 0.83), (0.70, 0.76, 0.80)], [5, 1]),
            0.9,
            tile=(0.09, 0.09),
            bump=0.2,
            shine=0.1,
        )
        self.duvet = make(
            "duvet", t.duvet(rng, 1536 // k), 0.9, tile=(1, 1), bump=0.2, shine=0.1, sheen=0.2
        )
        self.blanket = make(
            "blanket",
            t.checks(rng, 512 // k, (0.72, 0.55, 0.34), (0.50, 0.26, 0.20), (0.90, 0.84, 0.70)),
            0.95,
            tile=(0.4, 0.4),
            bump=0.4,
            shine=0.05,
        )
        self.scarf = make(
            "scarf",
            t.checks(rng, 512 // k, (0.66, 0.20, 0.17), (0.20, 0.16, 0.26), (0.90, 0.78, 0.52)),
            0.95,
            tile=(0.3, 0.3),
            bump=0.4,
            shine=0.05,
            sheen=0.3,
        )
        self.curtain = make(
            "curtain",
            t.stripes(
                rng,
                512 // k,
                [(0.80, 0.74, 0.62), (0.62, 0.50, 0.40), (0.80, 0.74, 0.62), (0.72, 0.62, 0.46)],
                [6, 1, 2, 1],
            ),
            0.9,
            tile=(0.28, 0.28),
            bump=0.25,
            shine=0.05,
        )
        self.cushion = cloth("cushion", (0.76, 0.54, 0.26))
        self.linen = cloth("linen", (0.78, 0.73, 0.63))
        self.wool = cloth("wool", (0.33, 0.36, 0.42), 40)
        self.rug = make("rug", t.rug(rng, 1536 // k, 1320 // k), 0.97, bump=0.5, shine=0.02)
        self.fringe = make("fringe", (0.76, 0.69, 0.56), 0.95, shine=0.05)
        self.metal = make(
            "brass", t.speckle(rng, 128 // k, (0.80, 0.62, 0.34)), 0.28, tile=(0.1, 0.1), metal=1.0
        )
        self.steel = make("steel", (0.72, 0.72, 0.72), 0.25, metal=1.0)
        self.black = make(
            "black plastic", t.speckle(rng, 128 // k, (0.09, 0.09, 0.095)), 0.35, tile=(0.08, 0.08)
        )
        self.vinyl = make("vinyl", (0.035, 0.035, 0.04), 0.18, shine=0.6)
        self.leather = make(
            "leather",
            t.speckle(rng, 256 // k, (0.34, 0.20, 0.12), 0.08),
            0.45,
            tile=(0.08, 0.08),
            bump=0.3,
        )
        self.suede = make(
            "suede",
            t.speckle(rng, 256 // k, (0.56, 0.45, 0.32), 0.07),
            0.9,
            tile=(0.08, 0.08),
            bump=0.3,
        )
        self.canvas_red = cloth("red canvas", (0.62, 0.18, 0.15))
        self.canvas_navy = cloth("navy canvas", (0.18, 0.22, 0.34))
        self.rubber = make(
            "rubber", t.speckle(rng, 128 // k, (0.86, 0.83, 0.76), 0.02), 0.7, tile=(0.1, 0.1)
        )
        self.sole = make("dark sole", (0.12, 0.10, 0.09), 0.7)
        self.enamel = make("tube enamel", (0.90, 0.90, 0.87), 0.12, shine=0.6)
        self.navy = make("navy enamel", (0.10, 0.15, 0.27), 0.15, shine=0.6)
        self.pot = make(
            "stoneware",
            t.speckle(rng, 256 // k, (0.70, 0.42, 0.30), 0.07),
            0.8,
            tile=(0.12, 0.12),
            bump=0.3,
        )
        self.mug = make(
            "glazed mug", t.speckle(rng, 128 // k, (0.45, 0.58, 0.60), 0.05), 0.2, tile=(0.1, 0.1)
        )
        self.soil = make(
            "soil", t.speckle(rng, 128 // k, (0.20, 0.14, 0.10), 0.2), 0.95, tile=(0.05, 0.05)
        )
        self.leaf = make(
            "leaf",
            t.wood(rng, 128 // k, 256 // k, (0.17, 0.33, 0.15), (0.34, 0.52, 0.24)),
            0.45,
            tile=(0.08, 0.05),
        )
        self.cork = make(
            "cork",
            t.speckle(rng, 512 // k, (0.68, 0.50, 0.33), 0.11),
            0.95,
            tile=(0.25, 0.25),
            bump=0.3,
        )
        self.paper = make(
            "page edges",
            t.stripes(rng, 128 // k, [(0.90, 0.86, 0.76), (0.78, 0.72, 0.60)], [1, 1]),
            0.9,
            tile=(0.006, 0.3),
        )
        self.box = make(
            "storage box",
            t.speckle(rng, 256 // k, (0.46, 0.54, 0.48), 0.05),
            0.85,
            tile=(0.15, 0.15),
        )
        self.spines = make("book spines", p.spines(rng, 2048 // k), 0.55)
        self.star_chart = make("star chart", p.star_chart(rng, 2048 // k), 0.6)
        self.concert = make("concert poster", p.concert(rng, 1024 // k), 0.6)
        self.landscape = make("landscape", p.landscape(rng, 1024 // k), 0.6)
        self.drawings = [
            make(f"drawing {s}", p.drawing(rng, 1024 // k, s), 0.85)
            for s in ("night", "tree", "street")
        ]
        self.cards = make("cards", p.cards(rng, 1024 // k), 0.7)
        self.sleeve = make("record sleeve", p.sleeve(rng, 512 // k), 0.5)
        self.mirror = make("mirror", (0.93, 0.94, 0.94), 0.0, metal=1.0)
        self.glass = _thin_glass("glass", 0.93)
        self.water = _thin_glass("water", 0.9, (0.88, 0.94, 0.95))
        self.shade = make(
            "lamp shade",
            t.weave(rng, 256 // k, (0.96, 0.74, 0.46), threads=50 // k),
            0.9,
            tile=(0.15, 0.15),
            glow=1.1,
        )
        self.globe = make(
            "paper globe",
            t.stripes(rng, 128 // k, [(0.92, 0.90, 0.85), (0.83, 0.80, 0.74)], [9, 1]),
            0.9,
            tile=(0.3, 0.03),
        )
        self.bulb = make("small bulb", (1.0, 0.76, 0.42), 0.4, glow=3.5)
        self.outdoors = make(
            "outdoors", t.outdoors(rng, 512 // k, 1024 // k), 1.0, shine=0.0, glow=2.2
        )
        self.cord = make("cord", (0.16, 0.24, 0.18), 0.7)
        self.colours = [
            make(f"colour {i}", c, 0.55)
            for i, c in enumerate(
                [
                    (0.75, 0.22, 0.18),
                    (0.90, 0.70, 0.25),
                    (0.20, 0.42, 0.55),
                    (0.30, 0.50, 0.32),
                    (0.85, 0.50, 0.35),
                ]
            )
        ]
