"""Views of the room in linear light, by Cycles on the CPU; and without most of its noise.

Debian's Blender has no denoiser, so this has one. What falls on matt surfaces changes slowly over
each of them; the pattern of the surface does not. So light and pattern are rendered apart, the
light alone is smoothed across pixels that lie on one surface, and the pattern is put back. The
smoothing is an edge-avoiding a-trous wavelet (Dammertz et al. 2010).
"""

import pathlib

import bpy
import numpy
from mathutils import Matrix

PASSES = ("Image", "Depth", "Normal", "DiffDir", "DiffInd", "DiffCol")


def set_up(folder):
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.device = "CPU"
    cycles.use_adaptive_sampling = cycles.use_denoising = False
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 5, 4, 3
    cycles.transmission_bounces, cycles.transparent_max_bounces = 4, 8
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect, cycles.blur_glossy = 4.0, 1.0
    scene.render.use_persistent_data = True  # the room is the same for all views
    scene.render.resolution_percentage = 100
    scene.view_settings.view_transform = "Raw"
    layer = scene.view_layers[0]
    layer.use_pass_z = layer.use_pass_normal = True
    layer.use_pass_diffuse_direct = layer.use_pass_diffuse_indirect = True
    layer.use_pass_diffuse_color = True
    _write_passes_to(scene, folder)
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    camera.data.sensor_fit, camera.data.sensor_width = "HORIZONTAL", 36.0
    camera.data.clip_start = 0.01
    scene.collection.objects.link(camera)
    scene.camera = camera


def _write_passes_to(scene, folder):
    scene.use_nodes = True
    tree = scene.node_tree
    tree.nodes.clear()
    layers = tree.nodes.new("CompositorNodeRLayers")
    output = tree.nodes.new("CompositorNodeOutputFile")
    output.base_path = str(folder)
    output.format.file_format, output.format.color_depth = "OPEN_EXR", "32"
    output.file_slots.clear()
    for name in PASSES:
        output.file_slots.new(name)
        tree.links.new(layers.outputs[name], output.inputs[name])


def _read(folder, name):
    (path,) = pathlib.Path(folder).glob(f"{name}[0-9]*.exr")
    image = bpy.data.images.load(str(path))
    image.colorspace_settings.name = "Raw"
    width, height = image.size
    values = numpy.empty(width * height * 4, numpy.float32)
    image.pixels.foreach_get(values)
    bpy.data.images.remove(image)
    path.unlink()
    return values.reshape(height, width, 4)[::-1, :, :3]


def passes(pose, width, height, focal_px, samples, seed, folder):
    """What Cycles sees of a view through a pinhole camera with its principal point in the middle:
    arrays by name. `light` falls on matt surfaces, `pattern` is their colour, `rest` is gloss, glow
    and what is seen through glass."""
    scene = bpy.context.scene
    scene.cycles.samples, scene.cycles.seed = samples, seed
    scene.render.resolution_x, scene.render.resolution_y = width, height
    camera = scene.camera
    camera.data.lens = 36.0 * focal_px / width
    camera.matrix_world = Matrix(pose.tolist())
    bpy.ops.render.render()
    seen = {name: _read(folder, name) for name in PASSES}
    light, pattern = seen["DiffDir"] + seen["DiffInd"], seen["DiffCol"]
    return {
        "light": light.astype(numpy.float16),
        "pattern": pattern.astype(numpy.float16),
        "rest": (seen["Image"] - pattern * light).astype(numpy.float16),
        "normal": seen["Normal"].astype(numpy.float16),
        "depth": seen["Depth"][..., 0],
    }


def denoised(seen, pose, focal_px):
    """The view in linear light, from its passes."""
    light, pattern, rest, normal = (
        seen[name].astype(numpy.float32) for name in ("light", "pattern", "rest", "normal")
    )
    guide = _guide(normal, seen["depth"], pose, focal_px)
    # A mirror shows what is elsewhere, which its own shape cannot guide: that is left as it is.
    matt = numpy.clip(pattern.mean(2, keepdims=True) / 0.03, 0, 1)
    rest += matt * (_smooth(rest, guide, 2, 1.0) - rest)
    return numpy.maximum(0, pattern * _edges(_smooth(light, guide, 5, 2.0)) + rest)


def _edges(light):
    """A pixel on an edge is like none beside it and was left noisy; but the light on it lies between
    that on its neighbours."""
    around = _bordered(light, 1)
    beside = numpy.stack(
        [_shifted(around, dy, dx, 1) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx]
    )
    beside.sort(axis=0)
    return numpy.clip(light, beside[2], beside[5])


def _guide(normal, depth, pose, focal_px):
    """What tells surfaces apart: the normal, and the depth by how much it may differ from pixel to
    pixel on a surface that is seen at a slant."""
    height, width = depth.shape
    x, y = numpy.meshgrid(
        (numpy.arange(width) + 0.5 - width / 2) / focal_px,
        (height / 2 - numpy.arange(height) - 0.5) / focal_px,
    )
    ray = numpy.stack([x, y, -numpy.ones_like(x)], 2) / numpy.sqrt(x * x + y * y + 1)[..., None]
    ray = (ray @ pose[:3, :3].T).astype(numpy.float32)
    slant = numpy.maximum(0.15, numpy.abs(numpy.einsum("ijk,ijk->ij", normal, ray)))
    return normal, depth, 1.0 / (depth / focal_px * 4.0 / slant + 1e-4)


def _smooth(light, guide, levels, strength):
    normal, depth, per_depth = guide
    for i in range(levels):
        step = 1 << i
        # What lies deep in shadow may differ by less than what lies in the light.
        level = numpy.log1p(light.mean(2))
        around = [_bordered(x, step) for x in (light, normal, depth, level)]
        total, weights = light.copy(), numpy.ones_like(depth)
        for dy in (-step, 0, step):
            for dx in (-step, 0, step):
                if dy == 0 and dx == 0:
                    continue
                there, turned, far, bright = (_shifted(x, dy, dx, step) for x in around)
                flat = numpy.maximum(0, numpy.einsum("ijk,ijk->ij", normal, turned)) ** 32
                apart = numpy.abs(depth - far) * (per_depth / step)
                apart += ((level - bright) * (step / (0.6 * strength))) ** 2
                weight = 0.5 ** (abs(dy) // step + abs(dx) // step) * flat * numpy.exp(-apart)
                total += weight[..., None] * there
                weights += weight
        light = total / weights[..., None]
    return light


def _bordered(x, step):
    return numpy.pad(x, [(step, step), (step, step)] + [(0, 0)] * (x.ndim - 2), mode="edge")


def _shifted(bordered, dy, dx, step):
    """What was bordered, at (row + dy, column + dx)."""
    height, width = bordered.shape[0] - 2 * step, bordered.shape[1] - 2 * step
    return bordered[step + dy : step + dy + height, step + dx : step + dx + width]


def depth_mm(pose, width, height, focal_px):
    """Distance along the view axis of the first surface (glass is one) at each pixel's centre;
    0 where there is none."""
    graph = bpy.context.evaluated_depsgraph_get()
    scene = bpy.context.scene
    eye = pose[:3, 3]
    depth = numpy.zeros((height, width), numpy.uint16)
    for row in range(height):
        for column in range(width):
            ray = numpy.array(
                [(column + 0.5 - width / 2) / focal_px, (height / 2 - row - 0.5) / focal_px, -1.0]
            )
            found, place, *_ = scene.ray_cast(graph, eye.tolist(), (pose[:3, :3] @ ray).tolist())
            if found:
                along = -(pose[:3, 2] @ (numpy.array(place) - eye))
                depth[row, column] = min(65535, round(1000 * along))
    return depth
