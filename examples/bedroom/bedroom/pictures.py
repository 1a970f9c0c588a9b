"""Things on paper: posters, star chart, drawings, cards, spines. All invented; drawn with Pillow.

The lettering is set in DejaVu, which Debian's Blender brings along.
"""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from .textures import noise

FONTS = "/usr/share/fonts/truetype/dejavu/"
SERIF, SERIF_BOLD = "DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf"
SANS, SANS_BOLD = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"

TITLES = [
    "The Lantern Coast",
    "A Field of Small Lights",
    "Tides & Timetables",
    "Orchard Songs",
    "Nine Bridges",
    "The Quiet Comet",
    "Maps for Beginners",
    "Paper Boats",
    "Under the Observatory",
    "Weather Diary",
    "How Clocks Dream",
    "Harmony at Home",
    "The Peppermint Road",
    "Birds of the Estuary",
    "Chalk & Charcoal",
    "Notes on the Moon",
    "Six Strings",
    "Letters from Ostra",
    "A House of Windows",
    "The Kite Maker",
    "Sketching Trees",
    "Far Stations",
    "The Blue Ladder",
    "Rivers, Slowly",
    "Counting Meteors",
    "The Tin Whistle",
    "Winter Figs",
    "Learn to Whittle",
    "An Atlas of Clouds",
    "The Milk Train",
    "Foxes of Harl",
    "Low Tide",
    "The Woollen Hill",
    "Night Gardens",
    "Easy Waltzes",
    "The Eleventh Stair",
]
WRITERS = [
    "M. Averil",
    "T. Okonde",
    "Lise Marrow",
    "J. Pellin",
    "R. Samaral",
    "Ida Fenn",
    "Oto Brandt",
    "K. Yara",
    "Noor Hale",
]


def _font(name, size):
    return ImageFont.truetype(FONTS + name, max(6, int(size)))


def _array(image):
    return np.asarray(image.convert("RGB"), dtype=np.float64)[::-1] / 255


def _paper(rng, image, amount=0.012):
    """The tooth of paper over a drawn picture."""
    out = _array(image)
    h, w = out.shape[:2]
    return np.clip(
        out + amount * (noise(rng, h, w, 0.8, 0.8) + noise(rng, h, w, 6, 6))[..., None], 0, 1
    )


def _middle(draw, x, y, text, font, fill):
    draw.text((x, y), text, font=font, fill=fill, anchor="mm")


def star_chart(rng, n):
    """The northern sky as nobody has charted it: rings, hours, figures, the names of invented figures."""
    w, h = int(n * 0.75), n
    image = Image.new("RGB", (w, h), (24, 36, 66))
    d = ImageDraw.Draw(image)
    cx, cy, r = w / 2, h * 0.47, w * 0.43
    pale, gold = (206, 214, 226), (222, 184, 104)
    d.ellipse(
        (cx - r * 1.06, cy - r * 1.06, cx + r * 1.06, cy + r * 1.06),
        outline=gold,
        width=max(1, n // 300),
    )
    d.ellipse(
        (cx - r, cy - r, cx + r, cy + r), fill=(16, 25, 50), outline=pale, width=max(1, n // 500)
    )
    for k in range(1, 4):
        d.ellipse(
            (cx - r * k / 4, cy - r * k / 4, cx + r * k / 4, cy + r * k / 4), outline=(70, 86, 122)
        )
    for k in range(72):
        a = k * math.tau / 72
        inner = 0.0 if k % 6 == 0 else 0.985
        d.line(
            (
                cx + inner * r * math.cos(a),
                cy + inner * r * math.sin(a),
                cx + 1.06 * r * math.cos(a),
                cy + 1.06 * r * math.sin(a),
            ),
            fill=(70, 86, 122) if inner == 0 else gold,
        )
    for _ in range(900):
        a, q = rng.uniform(0, math.tau), r * math.sqrt(rng.uniform(0, 0.96))
        s = n * rng.choice([0.0006, 0.001, 0.0016], p=[0.6, 0.3, 0.1])
        x, y = cx + q * math.cos(a), cy + q * math.sin(a)
        d.ellipse(
            (x - s, y - s, x + s, y + s), fill=tuple(int(v) for v in rng.uniform(170, 255, 3))
        )
    font = _font(SERIF, n * 0.0125)
    for k, name in enumerate(
        [
            "THE KITE",
            "HERON",
            "THE LADLE",
            "OLD CLOCK",
            "WREN",
            "THE BRIDGE",
            "LANTERN",
            "TWO OARS",
            "THE PEAR",
            "SPINDLE",
            "FOX",
        ]
    ):
        a, q = k * math.tau / 11 + 0.2, r * rng.uniform(0.4, 0.78)
        x, y, points = cx + q * math.cos(a), cy + q * math.sin(a), []
        for i in range(6):
            x, y = x + r * rng.uniform(-0.13, 0.13), y + r * rng.uniform(-0.11, 0.11)
            points.append((x, y))
        d.line(points, fill=(150, 166, 200), width=max(1, n // 700))
        for i, (px, py) in enumerate(points):
            s = n * 0.0028 * (1 + i % 2)
            d.ellipse((px - s, py - s, px + s, py + s), fill=(250, 244, 222))
        _middle(d, points[0][0], points[0][1] + n * 0.018, name, font, gold)
    _middle(d, cx, h * 0.055, "THE  NIGHT  SKY", _font(SERIF_BOLD, n * 0.036), pale)
    _middle(
        d,
        cx,
        h * 0.905,
        "as seen from the kitchen steps, in a good winter",
        _font(SERIF, n * 0.0165),
        gold,
    )
    for k in range(8):  # the moon's faces
        x, s = w * (0.15 + 0.1 * k), n * 0.016
        d.ellipse((x - s, h * 0.953 - s, x + s, h * 0.953 + s), fill=pale)
        shift = (k - 3.5) / 3.5 * 2 * s
        d.ellipse((x - s + shift, h * 0.953 - s, x + s + shift, h * 0.953 + s), fill=(24, 36, 66))
    return _paper(rng, image)


def concert(rng, n):
    """A poster for a concert that never was."""
    w, h = int(n * 0.7), n
    image = Image.new("RGB", (w, h), (226, 190, 120))
    d = ImageDraw.Draw(image)
    colours = [(176, 62, 44), (40, 74, 92), (236, 220, 186), (206, 128, 52), (64, 106, 92)]
    for k in range(11, 0, -1):
        r = w * 0.04 * k
        d.ellipse((w / 2 - r, h * 0.40 - r, w / 2 + r, h * 0.40 + r), fill=colours[k % 5])
    for k in range(6):
        y = h * (0.63 + 0.017 * k)
        d.line(
            [(x, y + h * 0.016 * math.sin(x / w * 9 + k * 0.5)) for x in range(0, w, 4)],
            fill=(40, 50, 62),
            width=max(1, n // 260),
        )
    for k in range(9):
        x, y = w * (0.09 + 0.1 * k), h * (0.655 + 0.03 * math.sin(k * 1.9))
        s = w * 0.017
        d.ellipse((x - s * 1.3, y - s, x + s * 1.3, y + s), fill=(30, 36, 46))
        d.line(
            (x + s * 1.2, y, x + s * 1.2, y - h * 0.06), fill=(30, 36, 46), width=max(1, n // 240)
        )
    _middle(d, w / 2, h * 0.085, "THE PAPER BOATS", _font(SANS_BOLD, n * 0.052), (40, 50, 62))
    _middle(d, w / 2, h * 0.80, "LATE TRAIN TOUR", _font(SANS_BOLD, n * 0.045), (176, 62, 44))
    _middle(
        d, w / 2, h * 0.86, "Harbour Hall  ·  doors at seven", _font(SANS, n * 0.026), (40, 50, 62)
    )
    _middle(
        d,
        w / 2,
        h * 0.91,
        "with Juniper Lane  &  The Small Hours",
        _font(SANS, n * 0.022),
        (40, 50, 62),
    )
    return _paper(rng, image, 0.02)


def landscape(rng, n):
    """A print of hills at dusk."""
    w, h = n, int(n * 0.7)
    sky = np.linspace(0, 1, h)[:, None, None]
    out = (
        np.array((0.94, 0.66, 0.42)) * (1 - sky)
        + np.array((0.28, 0.36, 0.55)) * sky
        + np.zeros((h, w, 1))
    )
    yy = np.linspace(0, 1, h)[:, None]
    for k in range(6):
        line = (
            0.62
            - 0.1 * k
            + 0.05 * noise(rng, 1, w, 1, w / (10 + 4 * k))[0]
            + 0.006 * noise(rng, 1, w, 1, 2)[0]
        )
        colour = np.array((0.56, 0.45, 0.50)) * (1 - k / 6) + np.array((0.10, 0.17, 0.18)) * k / 6
        out = np.where(
            (yy < line)[..., None], colour * (1 + 0.12 * noise(rng, h, w, 1, 6)[..., None]), out
        )
    x, y = np.arange(w)[None, :] / w - 0.68, (yy - 0.78) * h / w
    out = np.where((np.hypot(x, y) < 0.05)[..., None], (0.98, 0.93, 0.82), out)
    return np.clip(out + 0.02 * noise(rng, h, w, 0.7, 0.7)[..., None], 0, 1)


def drawing(rng, n, subject):
    """Pencil on paper: a telescope under stars, a hand-drawn tree, a street."""
    w, h = n, int(n * 0.72)
    image = Image.new("RGB", (w, h), (240, 235, 222))
    d = ImageDraw.Draw(image)

    def stroke(points, tone=70, times=3):
        for _ in range(times):
            shaken = [
                (x * w + rng.normal(0, n * 0.0016), y * h + rng.normal(0, n * 0.0016))
                for x, y in points
            ]
            d.line(shaken, fill=(tone - 20, tone - 20, tone - 12), width=max(1, n // 300))

    def hatch(x, y, wide, tall, count, tone=120):
        for k in range(count):
            at = x + wide * k / count
            stroke([(at, y), (at - 0.02, y + tall)], tone, 1)

    if subject == "night":
        for k in range(60):
            x, y, s = rng.uniform(0.04, 0.96), rng.uniform(0.04, 0.55), rng.uniform(0.003, 0.013)
            stroke([(x - s, y), (x + s, y)], 60, 1)
            stroke([(x, y - s), (x, y + s)], 60, 1)
        stroke([(0.0, 0.80)] + [(x / 20, 0.78 - 0.05 * math.sin(x / 2.5)) for x in range(21)])
        for x in (0.36, 0.45, 0.52):
            stroke([(0.44, 0.55), (x, 0.84)], 50, 5)
        for off in (0, 0.012, 0.025, 0.04):
            stroke([(0.30 + off, 0.64 + off), (0.63 + off, 0.36 + off)], 50, 3)
        hatch(0.0, 0.82, 1.0, 0.14, 90)
        d.text(
            (w * 0.62, h * 0.90),
            "first clear night",
            font=_font(SERIF, n * 0.032),
            fill=(80, 80, 90),
        )
    elif subject == "tree":

        def branch(x, y, a, long, depth):
            x1, y1 = x + long * math.cos(a), y - long * math.sin(a) * w / h
            stroke([(x, y), (x1, y1)], 60, depth + 1)
            if depth:
                for turn in (-0.5, 0.12, 0.55):
                    branch(
                        x1,
                        y1,
                        a + turn + rng.normal(0, 0.12),
                        long * rng.uniform(0.62, 0.78),
                        depth - 1,
                    )

        branch(0.5, 0.93, math.pi / 2, 0.17, 5)
        hatch(0.2, 0.90, 0.6, 0.05, 60)
    else:
        x = 0.05
        while x < 0.9:
            wide, tall = rng.uniform(0.10, 0.17), rng.uniform(0.35, 0.62)
            stroke(
                [
                    (x, 0.9),
                    (x, 0.9 - tall),
                    (x + wide / 2, 0.83 - tall),
                    (x + wide, 0.9 - tall),
                    (x + wide, 0.9),
                ],
                60,
                4,
            )
            for i in range(2):
                for j in range(4):
                    px, py = x + wide * (0.2 + 0.4 * i), 0.9 - tall * (0.9 - 0.22 * j)
                    stroke(
                        [
                            (px, py),
                            (px + wide * 0.2, py),
                            (px + wide * 0.2, py + 0.06),
                            (px, py + 0.06),
                            (px, py),
                        ],
                        80,
                        2,
                    )
            hatch(x, 0.86 - tall * 0.2, wide, 0.1, 14, 140)
            x += wide
        stroke([(0, 0.9), (1, 0.9)], 50, 5)
    return _paper(rng, image.filter(ImageFilter.GaussianBlur(n / 1500)))


def cards(rng, n):
    """Sixteen small cards in four rows: postcards, tickets, notes, scraps of music; four cells a side."""
    image = Image.new("RGB", (n, n), (235, 228, 210))
    d = ImageDraw.Draw(image)
    c = n // 4
    words = [
        "call Ines",
        "oil + filter",
        "new strings!",
        "Perseids: 2 a.m.",
        "tea, tape, 2B",
        "chord: Dm7",
    ]
    for k in range(16):
        x, y, kind = (k % 4) * c, (k // 4) * c, k % 4
        ground = [(236, 226, 196), (190, 208, 214), (230, 190, 160), (244, 240, 228)][
            (k + k // 4) % 4
        ]
        d.rectangle((x, y, x + c, y + c), fill=ground)
        if kind == 0:
            for j in range(9):
                d.line(
                    [
                        (x + c * 0.1, y + c * (0.16 + 0.08 * j)),
                        (x + c * rng.uniform(0.6, 0.92), y + c * (0.16 + 0.08 * j)),
                    ],
                    fill=(90, 100, 130),
                    width=max(1, n // 500),
                )
            d.text(
                (x + c * 0.1, y + c * 0.02),
                words[k // 4],
                font=_font(SANS_BOLD, c * 0.10),
                fill=(150, 50, 40),
            )
        elif kind == 1:
            d.rectangle(
                (x, y + c * 0.55, x + c, y + c), fill=tuple(int(v) for v in rng.uniform(50, 130, 3))
            )
            for j in range(5):
                px, s = x + c * rng.uniform(0.05, 0.8), c * rng.uniform(0.1, 0.3)
                d.polygon(
                    [(px, y + c * 0.6), (px + s / 2, y + c * 0.6 - s), (px + s, y + c * 0.6)],
                    fill=tuple(int(v) for v in rng.uniform(80, 180, 3)),
                )
            d.ellipse((x + c * 0.66, y + c * 0.1, x + c * 0.82, y + c * 0.26), fill=(250, 236, 190))
            d.text(
                (x + c * 0.06, y + c * 0.82),
                "GREETINGS FROM OSTRA",
                font=_font(SERIF_BOLD, c * 0.065),
                fill=(250, 244, 230),
            )
        elif kind == 2:
            for j in range(4):
                for s in range(5):
                    yy = y + c * (0.12 + 0.22 * j + 0.025 * s)
                    d.line((x + c * 0.06, yy, x + c * 0.94, yy), fill=(60, 60, 60))
                for s in range(9):
                    px, py = x + c * (0.12 + 0.09 * s), y + c * (
                        0.12 + 0.22 * j + rng.uniform(0, 0.10)
                    )
                    d.ellipse((px, py, px + c * 0.035, py + c * 0.026), fill=(20, 20, 20))
                    d.line((px + c * 0.034, py, px + c * 0.034, py - c * 0.08), fill=(20, 20, 20))
        else:
            d.rectangle(
                (x + c * 0.08, y + c * 0.1, x + c * 0.92, y + c * 0.9),
                outline=(170, 60, 50),
                width=max(1, n // 300),
            )
            _middle(
                d,
                x + c / 2,
                y + c * 0.32,
                ["HARBOUR HALL", "NIGHT TRAIN", "PLANETARIUM", "FERRY"][k // 4],
                _font(SANS_BOLD, c * 0.085),
                (40, 50, 70),
            )
            _middle(
                d,
                x + c / 2,
                y + c * 0.56,
                f"No {rng.integers(1000, 9999)}",
                _font(SANS, c * 0.12),
                (170, 60, 50),
            )
            for j in range(30):
                if rng.random() < 0.6:
                    d.rectangle(
                        (
                            x + c * (0.15 + 0.023 * j),
                            y + c * 0.7,
                            x + c * (0.163 + 0.023 * j),
                            y + c * 0.84,
                        ),
                        fill=(30, 30, 30),
                    )
    return _paper(rng, image)


SPINES = (
    12,
    4,
)  # columns and rows of the picture of spines; the last row is a series of equal ones


def spines(rng, n):
    columns, lines = SPINES
    image = Image.new("RGB", (n, n))
    c, t = n // columns, n // lines
    inks = [(240, 228, 196), (228, 190, 100), (30, 34, 44), (250, 250, 244)]
    for k in range(columns * lines):
        series = k >= columns * (lines - 1)
        ground = (
            (44, 84, 92)
            if series
            else tuple(
                int(v)
                for v in np.array(
                    [
                        (150, 52, 44),
                        (44, 70, 110),
                        (60, 92, 66),
                        (196, 150, 74),
                        (216, 204, 178),
                        (60, 50, 62),
                        (122, 76, 96),
                        (96, 130, 146),
                        (176, 104, 58),
                    ][rng.integers(9)]
                )
                + rng.uniform(-18, 18, 3)
            )
        )
        ink = inks[1] if series else (inks[2] if sum(ground) > 430 else inks[rng.integers(2)])
        cell = Image.new("RGB", (t, c), ground)
        d = ImageDraw.Draw(cell)
        style = 0 if series else int(rng.integers(4))
        if style in (0, 2):
            for at in (0.06, 0.09, 0.90, 0.93):
                d.line((t * at, 0, t * at, c), fill=ink, width=max(1, t // 130))
        if style == 1:
            d.rectangle((t * 0.74, 0, t, c), fill=tuple(int(v) for v in rng.uniform(60, 220, 3)))
        if style == 3:
            d.rectangle(
                (t * 0.14, c * 0.14, t * 0.70, c * 0.86), outline=ink, width=max(1, t // 170)
            )
        title = f"The Sky Year by Year   {k % columns + 1}" if series else TITLES[k]
        font = _font(
            [SERIF_BOLD, SANS_BOLD, SERIF, SANS][style],
            min(c * 0.40, t * 0.98 / max(12, len(title))),
        )
        _middle(d, t * 0.42, c / 2, title, font, ink)
        _middle(
            d,
            t * 0.83,
            c / 2,
            "AJR" if series else WRITERS[k % 9].split()[-1],
            _font(SANS, c * 0.2),
            ink,
        )
        image.paste(cell.rotate(-90, expand=True), ((k % columns) * c, (k // columns) * t))
    out = _array(image)
    worn = noise(rng, n, n, 1, 1) * 0.022 + noise(rng, n, n, 5, 5) * 0.02
    return np.clip(out * (1 + worn[..., None]), 0, 1)


def sleeve(rng, n):
    """A record sleeve: an orbit diagram."""
    image = Image.new("RGB", (n, n), (206, 92, 58))
    d = ImageDraw.Draw(image)
    for k in range(9, 0, -1):
        r = n * 0.05 * k
        d.ellipse(
            (n * 0.5 - r, n * 0.56 - r * 0.8, n * 0.5 + r, n * 0.56 + r * 0.8),
            outline=(246, 226, 180),
            width=max(1, n // 130),
            fill=(206 - k * 14, 92 - k * 5, 58 + k * 6),
        )
    _middle(d, n / 2, n * 0.09, "SLOW ORBITS", _font(SANS_BOLD, n * 0.1), (250, 236, 200))
    _middle(
        d,
        n / 2,
        n * 0.95,
        "Juniper Lane — side one, side two",
        _font(SERIF, n * 0.04),
        (250, 236, 200),
    )
    return _paper(rng, image, 0.02)
