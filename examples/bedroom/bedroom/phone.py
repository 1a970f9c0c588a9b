"""What an invented phone makes of light: lens, exposure, white balance, noise, tone, JPEG and EXIF.

The order is a camera's: the lens bends and darkens the corners, the exposure and white balance
scale, the sensor adds noise, the tone curve makes a picture of it.
"""

import datetime
import random

import numpy
from PIL import Image

WIDTH, HEIGHT = 1200, 900
FOCAL_PX = 900.0  # 27 mm on 36 x 24 mm film
CX, CY = 603.4, 447.2
K1, K2 = -0.04, 0.012
RENDER_WIDTH, RENDER_HEIGHT = 1248, 936  # what is rendered, with a margin for the lens
VIGNETTE = 0.223  # light at radius r (in focal lengths): 1 / (1 + VIGNETTE r^2)^2
GAIN, WHITE = 1.6, 3.0  # of the tone curve
SHOT, READ = 2.2e-4, 1.2e-3  # variance of the noise: SHOT x light + READ^2
QUALITY = 88
INSTANTS = 13  # of an exposure, for blur
FIRST_SHOT = datetime.datetime(2024, 4, 20, 15, 2, 10)


def tone(light):
    """Linear light to sRGB, 0 to 1: x = GAIN light; x (1 + x / WHITE^2) / (1 + x) (Reinhard et al.
    2002, equation 4, on each channel), then sRGB's own curve."""
    x = GAIN * numpy.maximum(0, light)
    x = numpy.clip(x * (1 + x / WHITE**2) / (1 + x), 0, 1)
    return numpy.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055)


def quantised(picture):
    return numpy.clip(numpy.round(255 * picture), 0, 255).astype(numpy.uint8)


def settings(count, seed):
    """Exposure and white balance of each photograph: they drift, and jitter a little."""
    rng = random.Random(f"phone {seed}")
    drift, shots = [0.0, 0.0, 0.0], []
    for _ in range(count):
        drift = [0.85 * d + rng.gauss(0, s) for d, s in zip(drift, (0.035, 0.005, 0.005))]
        ev = max(-0.15, min(0.15, drift[0] + rng.gauss(0, 0.02)))
        red, blue = (max(-0.02, min(0.02, d)) for d in drift[1:])
        shots.append(
            {
                "exposure_ev": round(ev, 4),
                "white_balance": [1 + round(red, 4), 1.0, 1 + round(blue, 4)],
            }
        )
    return shots


def rays(width, height, focal, cx, cy, k1, k2):
    """For each pixel of a photograph the ray (x, y) at depth 1 that the lens leads there."""
    x, y = numpy.meshgrid(
        (numpy.arange(width) + 0.5 - cx) / focal, (numpy.arange(height) + 0.5 - cy) / focal
    )
    u, v = x.copy(), y.copy()
    for _ in range(20):
        r2 = u * u + v * v
        bend = 1 + k1 * r2 + k2 * r2 * r2
        u, v = x / bend, y / bend
    return u, v


def _cubic(t):
    """Weights of the four neighbours (Catmull and Rom)."""
    return (
        ((-0.5 * t + 1) * t - 0.5) * t,
        (1.5 * t - 2.5) * t * t + 1,
        ((-1.5 * t + 2) * t + 0.5) * t,
        (0.5 * t - 0.5) * t * t,
    )


def sampled(picture, x, y):
    """The picture at places in pixels, centres at .5; bicubic, borders repeated."""
    x, y = x - 0.5, y - 0.5
    left, top = numpy.floor(x).astype(int), numpy.floor(y).astype(int)
    wx, wy = _cubic((x - left)[..., None]), _cubic((y - top)[..., None])
    result = 0
    for j in range(4):
        row = numpy.clip(top + j - 1, 0, picture.shape[0] - 1)
        line = sum(
            wx[i] * picture[row, numpy.clip(left + i - 1, 0, picture.shape[1] - 1)]
            for i in range(4)
        )
        result = result + wy[j] * line
    return result


def shaken(render, focal, turn):
    """The render as a hand blurs it that turns about the camera's axes (right, down, ahead) by
    `turn` radians in all while the shutter is open, half of it before the pose and half behind. For
    a turn alone this is exact: each instant sees the same rays elsewhere in the picture."""
    height, width = render.shape[:2]
    u, v = numpy.meshgrid(
        (numpy.arange(width) + 0.5 - width / 2) / focal,
        (numpy.arange(height) + 0.5 - height / 2) / focal,
    )
    total = 0
    for part in numpy.linspace(-0.5, 0.5, INSTANTS):
        x, y, z = part * numpy.asarray(turn)
        depth = 1 + x * v - y * u
        total = total + sampled(
            render,
            focal * (u + y - z * v) / depth + width / 2,
            focal * (v - x + z * u) / depth + height / 2,
        )
    return total / INSTANTS


def through_the_lens(render, focal, scale=1.0):
    """A pinhole render as the lens shows it, corners darkened. `scale`: of the photograph's size."""
    width, height = round(WIDTH * scale), round(HEIGHT * scale)
    u, v = rays(width, height, FOCAL_PX * scale, CX * scale, CY * scale, K1, K2)
    light = sampled(render, u * focal + render.shape[1] / 2, v * focal + render.shape[0] / 2)
    r2 = (u * u + v * v)[..., None]
    return numpy.maximum(0, light) / (1 + VIGNETTE * r2) ** 2


def photograph(render, focal, shot, seed, view, scale=1.0):
    """A pinhole render in linear light to the picture that the phone keeps, 8 bits."""
    name = view.name
    if any(view.turn):
        render = shaken(render, focal, view.turn)
    light = through_the_lens(render, focal, scale)
    light = light * 2 ** shot["exposure_ev"] * numpy.array(shot["white_balance"])
    random_of = numpy.random.default_rng([seed, *name.encode()])
    noise = random_of.standard_normal(light.shape)
    # Phones smooth their noise a little: it is coarser than a pixel.
    noise = 0.72 * noise + 0.3 * (numpy.roll(noise, 1, 0) + numpy.roll(noise, 1, 1))
    return quantised(tone(light + noise * numpy.sqrt(SHOT * light + READ**2)))


def exif(number):
    taken = (FIRST_SHOT + datetime.timedelta(seconds=7 * number)).strftime("%Y:%m:%d %H:%M:%S")
    film_mm = round(36 * FOCAL_PX / WIDTH)
    data = Image.Exif()
    data[0x010F], data[0x0110], data[0x0132] = "Ajar example", "Invented phone", taken
    data[0x8769] = {0x9003: taken, 0x920A: film_mm / 6.0, 0xA405: film_mm}
    return data


def save(picture, path, number):
    Image.fromarray(picture).save(path, quality=QUALITY, subsampling=2, exif=exif(number))
