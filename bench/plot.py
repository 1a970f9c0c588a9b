"""Line plots as SVG, written by hand: axes, ticks, labels, a legend. Nothing but the standard
library."""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 72, 24, 44, 56
COLOURS = ["#1b6ca8", "#c2571a", "#2f7d4f", "#8a4f9e", "#a33b4b", "#5c5c5c"]
MARKS = ["circle", "square"]


class Axis:
    """Values to a range of pixels, evenly or by their logarithms, with round ticks."""

    def __init__(self, values, low_px, high_px, logarithmic=False, from_zero=False):
        self.logarithmic = logarithmic
        self.low_px, self.high_px = low_px, high_px
        low, high = min(values), max(values)
        if logarithmic:
            margin = (high / low) ** 0.05 if high > low else 1.5
            self.low, self.high = low / margin, high * margin
            self.ticks = self._logarithmic_ticks()
        else:
            if from_zero:
                low = min(0, low)
            step = self._step((high - low) or abs(high) or 1)
            self.low, self.high = math.floor(low / step) * step, math.ceil(high / step) * step
            if self.low == self.high:
                self.high += step
            count = round((self.high - self.low) / step)
            self.ticks = [round(self.low + i * step, 10) for i in range(count + 1)]

    @staticmethod
    def _step(extent):
        """1, 2 or 5 times a power of ten, some five of them over the extent."""
        power = 10 ** math.floor(math.log10(extent / 5))
        return next(power * m for m in (1, 2, 5, 10) if power * m * 5 >= extent * 0.999)

    def _logarithmic_ticks(self):
        exponents = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        for steps in ((1,), (1, 3), (1, 2, 5), tuple(range(1, 10))):
            ticks = [s * 10.0 ** e for e in exponents for s in steps
                     if self.low <= s * 10.0 ** e <= self.high]
            if len(ticks) >= 4:
                break
        return ticks

    def px(self, value):
        low, high = self.low, self.high
        if self.logarithmic:
            value, low, high = math.log(value), math.log(low), math.log(high)
        return self.low_px + (value - low) / (high - low) * (self.high_px - self.low_px)


def number(value):
    if value and (abs(value) >= 1e6 or abs(value) < 1e-3):
        return f"{value:.3g}"
    text = f"{value:,.3f}".rstrip("0").rstrip(".")
    return text or "0"


def _text(x, y, words, anchor="middle", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(words)}</text>'


def _mark(kind, x, y, colour):
    if kind == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'
    return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{colour}"/>'


def _axes(x_axis, y_axis, x_label, y_label):
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = []
    for tick in x_axis.ticks:
        x = x_axis.px(tick)
        parts.append(f'<path d="M{x:.1f} {TOP}V{bottom + 5}" stroke="#ddd"/>')
        parts.append(_text(x, bottom + 20, number(tick)))
    for tick in y_axis.ticks:
        y = y_axis.px(tick)
        parts.append(f'<path d="M{LEFT - 5} {y:.1f}H{right}" stroke="#ddd"/>')
        parts.append(_text(LEFT - 9, y + 4, number(tick), "end"))
    parts.append(f'<path d="M{LEFT} {TOP}V{bottom}H{right}" stroke="#222" fill="none"/>')
    parts.append(_text((LEFT + right) / 2, HEIGHT - 14, x_label))
    middle = (TOP + bottom) / 2
    parts.append(_text(18, middle, y_label, more=f' transform="rotate(-90 18 {middle:.1f})"'))
    return parts


def line_plot(title, x_label, y_label, series, logarithmic_x=False, logarithmic_y=False,
              y_from_zero=False):
    """`series`: name to a list of (x, y). Gives the SVG's text."""
    points = [point for line in series.values() for point in line]
    x_axis = Axis([x for x, _ in points], LEFT, WIDTH - RIGHT, logarithmic_x)
    y_axis = Axis([y for _, y in points], HEIGHT - BOTTOM, TOP, logarithmic_y, y_from_zero)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
             f'width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="12" '
             'fill="#222">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
             _text(WIDTH / 2, 24, title, more=' font-size="15"')]
    parts += _axes(x_axis, y_axis, x_label, y_label)
    for i, (name, line) in enumerate(series.items()):
        colour, mark = COLOURS[i % len(COLOURS)], MARKS[i // len(COLOURS) % len(MARKS)]
        pixels = [(x_axis.px(x), y_axis.px(y)) for x, y in sorted(line)]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in pixels)
        parts.append(f'<path d="M{path}" stroke="{colour}" stroke-width="2" fill="none"/>')
        parts += [_mark(mark, x, y, colour) for x, y in pixels]
    parts += _legend(series, [(x_axis.px(x), y_axis.px(y)) for x, y in points])
    return "\n".join(parts + ["</svg>", ""])


def _legend(series, points):
    """In the corner that the fewest points lie in."""
    width = 40 + 7 * max(len(name) for name in series)
    height = 18 * len(series) + 8
    corners = [(x, y) for y in (TOP + 6, HEIGHT - BOTTOM - height - 6)
               for x in (LEFT + 8, WIDTH - RIGHT - width - 6)]

    def crowd(corner):
        x0, y0 = corner
        return sum(x0 - 30 <= x <= x0 + width + 30 and y0 - 30 <= y <= y0 + height + 30
                   for x, y in points)

    left, top = min(corners, key=crowd)
    parts = [f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="#fff" '
             'fill-opacity="0.85" stroke="#ccc"/>']
    for i, name in enumerate(series):
        y = top + 16 + 18 * i
        colour, mark = COLOURS[i % len(COLOURS)], MARKS[i // len(COLOURS) % len(MARKS)]
        parts.append(_mark(mark, left + 14, y - 4, colour))
        parts.append(_text(left + 28, y, name, "start"))
    return parts
