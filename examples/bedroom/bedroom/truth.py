"""What is written for measuring: where each picture was taken, what is how far, where things are.

Formats and conventions: truth/README.md.
"""

import json
import pathlib

import numpy
from PIL import Image

from . import facts, phone

HELD_OUT_WIDTH, HELD_OUT_HEIGHT, HELD_OUT_FOCAL_PX = 800, 600, 560.0
DEPTH_WIDTH, DEPTH_HEIGHT = 400, 300


def _write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1) + "\n")


def _frames(views, folder):
    return [
        {
            "file_path": f"{folder}/{view.name}",
            "transform_matrix": numpy.round(view.pose, 9).tolist(),
        }
        for view in views
    ]


def write_cameras(folder, photographs, held_out, scale):
    """transforms.json of both sets. `scale`: of the pictures' size, 1 unless quick."""
    _write(
        folder / "photos.json",
        {
            "camera_model": "OPENCV",
            "w": round(phone.WIDTH * scale),
            "h": round(phone.HEIGHT * scale),
            "fl_x": phone.FOCAL_PX * scale,
            "fl_y": phone.FOCAL_PX * scale,
            "cx": phone.CX * scale,
            "cy": phone.CY * scale,
            "k1": phone.K1,
            "k2": phone.K2,
            "p1": 0.0,
            "p2": 0.0,
            "frames": _frames(photographs, "../photos"),
        },
    )
    _write(
        folder / "held_out.json",
        {
            "camera_model": "PINHOLE",
            "w": round(HELD_OUT_WIDTH * scale),
            "h": round(HELD_OUT_HEIGHT * scale),
            "fl_x": HELD_OUT_FOCAL_PX * scale,
            "fl_y": HELD_OUT_FOCAL_PX * scale,
            "cx": HELD_OUT_WIDTH * scale / 2,
            "cy": HELD_OUT_HEIGHT * scale / 2,
            "frames": _frames(held_out, "held_out"),
        },
    )


def write_settings(path, photographs, shots):
    _write(
        path,
        {
            "tone": {"gain": phone.GAIN, "white": phone.WHITE},
            "vignette": phone.VIGNETTE,
            "noise": {"shot": phone.SHOT, "read": phone.READ},
            "photographs": [
                {"name": view.name, "turn_while_open_rad": view.turn, **shot}
                for view, shot in zip(photographs, shots)
            ],
        },
    )


def write_things(path, things):
    rounded = [
        {
            "id": t.id,
            "name": t.name,
            "position": [round(x, 3) for x in t.position],
            "size": [round(x, 3) for x in t.size],
        }
        for t in things
    ]
    _write(path, rounded)


def write_depth(path, depth):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(depth).save(path, optimize=True)


def write_plan(folder, plan, photographs, held_out):
    _write(
        folder / "plan.json",
        {
            "outline": plan.outline,
            "height": plan.height,
            "footprints": [vars(footprint) for footprint in plan.footprints],
            "openings": [vars(opening) for opening in plan.openings],
        },
    )
    (folder / "plan.svg").write_text(_plan_svg(plan, photographs, held_out))


def _plan_svg(plan, photographs, held_out):
    """100 units a metre, north up."""

    def at(x, y):
        return f"{100 * x:.0f},{100 * (facts.DEPTH - y):.0f}"

    def polygon(points, style):
        return f'<polygon points="{" ".join(at(*p) for p in points)}" {style}/>'

    def arrow(view):
        x, y = view.pose[:2, 3]
        ahead = -view.pose[:2, 2] / max(1e-6, float(numpy.linalg.norm(view.pose[:2, 2])))
        (x0, y0), (x1, y1) = (
            at(x, y).split(","),
            at(*(view.pose[:2, 3] + 0.12 * ahead)).split(","),
        )
        return (
            f'<circle cx="{x0}" cy="{y0}" r="2.5"/>'
            f'<path d="M{x0} {y0}L{x1} {y1}" stroke="currentColor"/>'
        )

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-20 -20 390 440" role="img"'
        ' font-family="sans-serif" font-size="11">',
        "<title>Plan of the example room, 3.5 by 4 metres; dots are where photographs were"
        " taken, rings the views held out</title>",
        polygon(plan.outline, 'fill="#fff" stroke="#222" stroke-width="6"'),
    ]
    for footprint in plan.footprints:
        x = sum(p[0] for p in footprint.polygon) / len(footprint.polygon)
        y = sum(p[1] for p in footprint.polygon) / len(footprint.polygon)
        label = at(x, y).split(",")
        parts.append(polygon(footprint.polygon, 'fill="#e8e0d4" stroke="#777"'))
        parts.append(
            f'<text x="{label[0]}" y="{label[1]}" text-anchor="middle">' f"{footprint.name}</text>"
        )
    for opening in plan.openings:
        (x0, y0), (x1, y1) = (
            at(opening.x0, opening.y0).split(","),
            at(opening.x1, opening.y1).split(","),
        )
        colour = "#fff" if opening.kind == "door" else "#8ac"
        parts.append(
            f'<path d="M{x0} {y0}L{x1} {y1}" stroke="{colour}" stroke-width="7">'
            f"<title>{opening.kind}</title></path>"
        )
    parts.append('<g fill="#b33" color="#b33">' + "".join(map(arrow, photographs)) + "</g>")
    parts.append(
        '<g fill="none" stroke="#26a" color="#26a">' + "".join(map(arrow, held_out)) + "</g>"
    )
    return "\n".join(parts) + "\n</svg>\n"
