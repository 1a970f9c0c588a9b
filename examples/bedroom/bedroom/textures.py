"""Pictures of materials, made with numpy: rows from the bottom up, sRGB values from 0 to 1.

All of them but the floor and the rug repeat without a seam.
"""

import numpy as np


def noise(rng, h, w, sy, sx):
    """Smooth noise with unit deviation; sy and sx are the blur in pixels. Repeats without a seam."""
    fy, fx = np.fft.fftfreq(h)[:, None], np.fft.rfftfreq(w)[None, :]
    soft = np.exp(-2 * np.pi**2 * ((fy * sy) ** 2 + (fx * sx) ** 2))
    soft[0, 0] = 0
    out = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((h, w))) * soft, s=(h, w))
    return out / (out.std() + 1e-9)


def mix(a, b, t):
    t = np.clip(t, 0, 1)[..., None]
    return np.asarray(a) * (1 - t) + np.asarray(b) * t


def grain(rng, h, w):
    """Wood from dark (0) to light (1), its fibres along x."""
    warp = noise(rng, h, w, h / 14, w / 5) + 0.35 * noise(rng, h, w, h / 40, w / 12)
    rings = 0.5 + 0.5 * np.sin(9 * warp)
    fibre = noise(rng, h, w, 0.7, w / 40)
    pores = np.clip(noise(rng, h, w, 0.6, w / 110) - 1.4, 0, 1)
    return np.clip(0.5 + 0.22 * (rings - 0.5) * 2 + 0.15 * fibre - 0.5 * pores, 0, 1)


def wood(rng, h, w, dark, light):
    tone = grain(rng, h, w)
    return np.clip(mix(dark, light, tone) + 0.012 * noise(rng, h, w, 0.5, 2)[..., None], 0, 1)


def floor(rng, n, width, depth):
    """Boards along y, each with its own length, tone and piece of grain; n by n pixels."""
    tone = grain(rng, n, n).T
    out = np.zeros((n, n, 3))
    board = 0.118
    for column in range(int(np.ceil(width / board))):
        x0, x1 = int(column * board / width * n), min(n, int((column + 1) * board / width * n))
        y = -rng.uniform(0, 1.2)
        while y < depth:
            long = rng.uniform(0.9, 1.7)
            y0, y1 = max(0, int(y / depth * n)), min(n, int((y + long) / depth * n))
            y += long
            if y1 <= y0:
                continue
            piece = np.roll(tone, rng.integers(0, n, 2), (0, 1))[y0:y1, x0:x1]
            shade, warm = rng.normal(0, 0.055), rng.normal(0, 0.015)
            colour = mix((0.47, 0.32, 0.20), (0.74, 0.56, 0.38), piece) + shade
            colour += np.array([warm, 0, -warm])
            if rng.random() < 0.5:  # a knot
                ky, kx = rng.uniform(0, y1 - y0), rng.uniform(0, x1 - x0)
                yy, xx = np.mgrid[0 : y1 - y0, 0 : x1 - x0]
                away = np.hypot((yy - ky) / 14, (xx - kx) / 8) * 1024 / n
                colour -= (
                    0.22 * np.exp(-(away**2)) + 0.05 * np.cos(away * 5) * np.exp(-away / 2)
                )[..., None]
            colour[:, -2:] *= 0.45
            colour[-2:] *= 0.45
            out[y0:y1, x0:x1] = colour
    worn = noise(rng, n, n, n / 20, n / 20)
    return np.clip(
        out * (1 + 0.03 * worn[..., None]) + 0.012 * noise(rng, n, n, 2, 0.6)[..., None], 0, 1
    )


def weave(rng, n, colour, threads=80, depth=0.16, fleck=0.05):
    """Plain woven cloth."""
    yy, xx = np.mgrid[0:n, 0:n] / n * threads * np.pi
    over = np.sin(xx) * np.sin(yy)
    slub = noise(rng, n, n, 0.8, n / 16) + noise(rng, n, n, n / 16, 0.8)
    tone = 1 + depth * over + fleck * slub + 0.05 * noise(rng, n, n, n / 10, n / 10)
    return np.clip(np.asarray(colour) * tone[..., None], 0, 1)


def plaster(rng, n, colour):
    tone = 1 + 0.004 * noise(rng, n, n, n / 12, n / 12) + 0.004 * noise(rng, n, n, 2, 2)
    return np.clip(np.asarray(colour) * tone[..., None], 0, 1)


def speckle(rng, n, colour, deviation=0.05):
    """Stoneware, cork, leather: fine spots."""
    tone = (
        1
        + deviation * (noise(rng, n, n, 0.8, 0.8) + noise(rng, n, n, 3, 3))
        + 0.6 * deviation * noise(rng, n, n, n / 9, n / 9)
    )
    return np.clip(np.asarray(colour) * tone[..., None], 0, 1)


def stars_on(rng, base, count, colours, size):
    """Scatters small five-armed stars over a repeating picture."""
    n = base.shape[0]
    for _ in range(count):
        r, turn, colour = (
            size * n * rng.uniform(0.5, 1.2),
            rng.uniform(0, 6.3),
            colours[rng.integers(len(colours))],
        )
        reach = int(r) + 2
        dy, dx = np.mgrid[-reach : reach + 1, -reach : reach + 1]
        rows, columns = (dy + rng.integers(n)) % n, (dx + rng.integers(n)) % n
        edge = r * (0.68 + 0.32 * np.cos(5 * (np.arctan2(dy, dx) + turn)))
        inside = np.clip(edge - np.hypot(dx, dy) + 0.5, 0, 1)
        base[rows, columns] = mix(base[rows, columns], colour, inside * 0.92)
    return base


def duvet(rng, n):
    base = weave(rng, n, (0.30, 0.40, 0.54), threads=n / 6, depth=0.06, fleck=0.03)
    yy, xx = np.mgrid[0:n, 0:n] / n
    lines = (np.abs((xx * 6) % 1 - 0.5) > 0.485) | (np.abs((yy * 6) % 1 - 0.5) > 0.485)
    base = mix(base, (0.62, 0.68, 0.74), lines * 0.5)
    return stars_on(
        rng, base, 46, [(0.93, 0.88, 0.74), (0.86, 0.70, 0.42), (0.76, 0.83, 0.90)], 0.022
    )


def stripes(rng, n, colours, widths):
    base = weave(rng, n, (1.0, 1.0, 1.0), threads=n / 5, depth=0.10)
    edges = np.cumsum(widths) / np.sum(widths)
    which = np.searchsorted(edges, (np.arange(n) + 0.5) / n)
    return np.clip(base * np.asarray(colours)[which % len(colours)][None, :, :], 0, 1)


def checks(rng, n, ground, line, second):
    """A scarf's woven check."""
    base = weave(rng, n, ground, threads=n / 6, depth=0.12)
    at = np.arange(n) / n
    wide, thin = ((at * 2) % 1 < 0.32).astype(float), (np.abs((at * 2) % 1 - 0.66) < 0.03).astype(
        float
    )
    for axis in (0, 1):
        shape = (n, 1) if axis == 0 else (1, n)
        base = mix(base, line, np.broadcast_to(wide.reshape(shape), (n, n)) * 0.45)
        base = mix(base, second, np.broadcast_to(thin.reshape(shape), (n, n)) * 0.7)
    return np.clip(base * (1 + 0.06 * noise(rng, n, n, 0.7, 4)[..., None]), 0, 1)


def rug(rng, h, w):
    """A woven rug: borders, a field of lozenges and little figures, uneven dye, tufts."""
    yy, xx = np.mgrid[0:h, 0:w]
    y, x = yy / w, xx / w  # units of the width
    tall = h / w
    edge = np.minimum(np.minimum(x, 1 - x), np.minimum(y, tall - y))
    red, cream, navy, ochre, teal = np.array(
        [
            (0.52, 0.20, 0.16),
            (0.82, 0.74, 0.60),
            (0.17, 0.21, 0.31),
            (0.74, 0.52, 0.24),
            (0.26, 0.42, 0.41),
        ]
    )
    cell = 0.155
    u, v = (x - 0.5) / cell + 50, (y - tall / 2) / cell + 50
    lozenge = np.abs(u % 1 - 0.5) + np.abs(v % 1 - 0.5)
    odd = (np.floor(u) + np.floor(v)) % 2
    out = np.broadcast_to(red, (h, w, 3)).copy()
    for limit, even_colour, odd_colour in (
        (0.46, cream, ochre),
        (0.40, navy, teal),
        (0.27, ochre, cream),
        (0.20, red, navy),
        (0.08, cream, ochre),
    ):
        out = np.where(
            (lozenge < limit)[..., None], np.where(odd[..., None] > 0, odd_colour, even_colour), out
        )
    along = np.where(np.minimum(x, 1 - x) < np.minimum(y, tall - y), y, x)
    teeth = np.abs((along * 26) % 1 - 0.5) * 0.07
    for outer, inner, colour in ((0.0, 0.15, navy), (0.012, 0.022, ochre), (0.128, 0.138, cream)):
        out = np.where(((edge >= outer) & (edge < inner))[..., None], colour, out)
    out = np.where(((edge > 0.045 + teeth) & (edge < 0.105 - teeth * 0.4))[..., None], cream, out)
    out = np.where((np.abs(edge - 0.077) < 0.012 * (np.sin(along * 130) > 0))[..., None], red, out)
    tone = (
        1
        + 0.10 * noise(rng, h, w, 0.7, 1.5)
        + 0.05 * noise(rng, h, w, 3, w / 8)
        + 0.08 * np.sin(yy * np.pi / 2.5)
    )
    return np.clip(out * tone[..., None], 0, 1)


def outdoors(rng, h, w):
    """Overcast sky, far hills and near trees, out of focus."""
    y = np.linspace(0, 1, h)[:, None]
    out = mix(
        np.array((0.80, 0.84, 0.88)),
        np.array((0.95, 0.97, 1.0)),
        np.broadcast_to(y, (h, w)) + 0.12 * noise(rng, h, w, h / 14, w / 8),
    )
    for level, rough, colour in (
        (0.46, 0.03, (0.66, 0.72, 0.75)),
        (0.39, 0.03, (0.52, 0.60, 0.58)),
        (0.28, 0.055, (0.36, 0.44, 0.34)),
    ):
        line = (
            level
            + rough * noise(rng, 1, w, 1, w / 24)[0]
            + 0.4 * rough * noise(rng, 1, w, 1, w / 90)[0]
        )
        cover = np.clip((line[None, :] - y) * h / 10, 0, 1)
        leaf = 1 + 0.10 * noise(rng, h, w, h / 50, w / 50)
        out = mix(out, np.clip(np.asarray(colour) * leaf[..., None], 0, 1), cover)
    return np.clip(out, 0, 1)
