"""Draw line and scatter plots as inline SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 420, 240, 52, 34, 10
LIGHT = ("#1b6ca8", "#c4572e", "#3d8c4f", "#8a4fa3", "#a8891b", "#4a4a4a", "#b5487a", "#2a9d9d")
DARK = ("#6cb4ee", "#fb923c", "#6fcf97", "#c792ea", "#e5c453", "#c8c8c8", "#f08cb6", "#5fd3d3")
Points = Sequence[tuple[float, float]]


class Scale(NamedTuple):
    """A linear map from values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def within(self, value: float) -> float:
        return min(max(value, self.low), self.high)

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


class Mark(NamedTuple):
    """A vertical line with its name, at an x value."""

    x: float
    name: str


class Dot(NamedTuple):
    """One trial in a scatter plot."""

    name: str
    x: float
    y: float


def colour(index: int) -> str:
    """Return a colour of the page's theme; beyond the palette, a distinct hue."""
    if index < len(LIGHT):
        return f"var(--c{index})"
    return f"hsl({index * 137.5 % 360:.0f},50%,var(--shade))"


def lines(
    series: Mapping[str, Points], x_label: str, y_label: str, marks: Sequence[Mark] = ()
) -> str:
    """Draw one line per series over common axes; a single point becomes a dot."""
    x, y = _scales([p for points in series.values() for p in points])
    drawn = [_mark(x.at(x.within(mark.x)), mark.name, row) for row, mark in enumerate(marks)]
    for index, (name, points) in enumerate(series.items()):
        places = " ".join(f"{x.at(a):.1f},{y.at(b):.1f}" for a, b in points)
        style = f'style="fill:none;stroke:{colour(index)};stroke-width:2"'
        drawn.append(
            f'<polyline {style} points="{places}"><title>{escape(name)}</title></polyline>'
        )
        if len(points) == 1:
            drawn.append(_dot(x.at(points[0][0]), y.at(points[0][1]), index, name))
    return _picture(drawn, x, y, x_label, y_label)


def scatter(points: Mapping[int, Dot], x_label: str, y_label: str) -> str:
    """Draw one dot per trial, in its colour, with its name as tooltip."""
    x, y = _scales([(dot.x, dot.y) for dot in points.values()])
    dots = [
        _dot(x.at(dot.x), y.at(dot.y), index, f"{dot.name}: {dot.x:g}, {dot.y:g}")
        for index, dot in points.items()
    ]
    return _picture(dots, x, y, x_label, y_label)


def _mark(x: float, name: str, row: int) -> str:
    """Draw a dashed line over the whole height; names of several lines are in rows."""
    base, height = HEIGHT - BOTTOM, TOP + 10 + 11 * row
    is_right = x > (LEFT + WIDTH) / 2
    text = _text(x - 4 if is_right else x + 4, height, name, "end" if is_right else "start")
    return f'<path d="M{x:.1f},{TOP} V{base}" class="mark"/>{text}'


def _dot(x: float, y: float, index: int, title: str) -> str:
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" style="fill:{colour(index)}" fill-opacity="0.8">'
        f"<title>{escape(title)}</title></circle>"
    )


def _scales(points: Points) -> tuple[Scale, Scale]:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return (
        _scale(xs, LEFT + 8, WIDTH - 12),
        _scale(ys, HEIGHT - BOTTOM - 6, TOP),
    )


def _scale(values: Sequence[float], start: float, end: float) -> Scale:
    low, high = min(values), max(values)
    if low == high:
        low, high = low - 0.5, high + 0.5
    return Scale(low, high, start, end)


def _picture(drawn: list[str], x: Scale, y: Scale, x_label: str, y_label: str) -> str:
    base = HEIGHT - BOTTOM
    axes = [
        f'<path d="M{LEFT},{TOP} V{base} H{WIDTH - 8}" class="axis"/>',
        _text(LEFT + 8, base + 14, f"{x.low:.4g}"),
        _text(WIDTH - 12, base + 14, f"{x.high:.4g}", "end"),
        _text((LEFT + WIDTH) / 2, HEIGHT - 4, x_label, "middle"),
        _text(LEFT - 4, base - 4, f"{y.low:.4g}", "end"),
        _text(LEFT - 4, TOP + 8, f"{y.high:.4g}", "end"),
        f'<text transform="translate(11,{HEIGHT / 2 - 10}) rotate(-90)" text-anchor="middle">'
        f"{escape(y_label)}</text>",
    ]
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg {size} role="img">{"".join([*axes, *drawn])}</svg>'


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{escape(text)}</text>'
