"""Build the leaderboard page: the table, training curves, and scatter plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import combinations
from typing import Any

from prodml.reports import pictures
from prodml.reports.document import document, key
from prodml.vocabulary import Json

Curves = Mapping[tuple[str, str], Json]


def page(
    experiment: str,
    metric: str,
    current: Sequence[Json],
    curves: Curves,
    earlier: Sequence[Json] = (),
    caption: str = "",
) -> str:
    """Return a self-contained page without scripts.

    The trials of this run are in the first table, those of earlier runs in the second.
    """
    board = [*current, *earlier]
    body = [f"<p>This run: {escape(caption)}</p>"] if caption else []
    body.append(_table(metric, board, range(len(current)), marks_winner=True))
    if earlier:
        places = range(len(current), len(board))
        body += ["<h2>Earlier runs</h2>", _table(metric, board, places, marks_winner=False)]
    body.append("<h2>Training curves</h2>")
    body += _curves(board, curves) or ["<p>No trial reports a metric over iterations.</p>"]
    body += ["<h2>Pairs of parameters and metrics</h2>", *_scatters(board)]
    return document(f"{experiment}: {len(current)} trials by {metric}", "".join(body))


def _table(metric: str, board: Sequence[Json], places: range, marks_winner: bool) -> str:
    """Return the table of the rows at *places*; a trial keeps its colour on the whole page."""
    names = sorted({name for row in board for name in row["parameters"]})
    heads = ["rank", "trial", metric, "status", *names]
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    rows = "".join(_row(place, board[place], names, marks_winner) for place in places)
    return f"<table><tr>{head}</tr>{rows}</table>"


def _row(index: int, row: Json, names: Sequence[str], marks_winner: bool) -> str:
    status = row["reason"] or row["status"]
    value = "" if row["value"] is None else f"{row['value']:.6g}"
    winner = " <strong>winner</strong>" if marks_winner and row["rank"] == 1 else ""
    cells = [
        row["rank"] or "-",
        f"{key(pictures.colour(index))} {escape(row['name'])}{winner}",
        value,
        escape(status),
    ]
    cells += [_cell(row["parameters"].get(name, "")) for name in names]
    marked = "".join(f"<td>{cell}</td>" for cell in cells)
    return f"<tr{' class=none' if row['reason'] else ''}>{marked}</tr>"


def _cell(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else escape(str(value))


def _curves(board: Sequence[Json], curves: Curves) -> list[str]:
    drawn = []
    for metric in sorted({metric for _, metric in curves}):
        series = {}
        for row in board:
            curve = curves.get((row["arn"], metric), {"x": [], "y": []})
            series[row["job"]] = list(zip(curve["x"], curve["y"], strict=True))
        units = {curve["unit"] for (_, name), curve in curves.items() if name == metric}
        if any(series.values()):
            drawn.append(pictures.lines(series, " or ".join(sorted(units)), metric))
    return drawn


def _scatters(board: Sequence[Json]) -> list[str]:
    """Return a plot for each two numeric columns that differ between trials."""
    columns = [_numbers(row) for row in board]
    names = sorted({name for column in columns for name in column})
    varying = [n for n in names if len({c[n] for c in columns if n in c}) > 1]
    drawn = []
    for x, y in combinations(varying, 2):
        points = {
            place: pictures.Dot(row["name"], c[x], c[y])
            for place, (row, c) in enumerate(zip(board, columns, strict=True))
            if x in c and y in c
        }
        if len(points) > 1:
            drawn.append(pictures.scatter(points, x, y))
    return drawn or ["<p>No two columns differ between trials.</p>"]


def _numbers(row: Json) -> dict[str, float]:
    both = row["parameters"] | row["metrics"]
    return {name: value for name, value in both.items() if isinstance(value, float)}
