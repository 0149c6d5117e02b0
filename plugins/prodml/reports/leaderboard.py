"""The leaderboard as a page: the table, training curves, and a scatter of every two columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import combinations
from typing import Any

from prodml.reports import pictures
from prodml.vocabulary import Json

STYLE = """
body{font:14px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:1320px;color:#222;padding:0 1rem}
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.3rem .7rem;text-align:left;
border-bottom:1px solid #ddd;white-space:nowrap}
table{display:block;overflow-x:auto}
td.n{text-align:right;font-variant-numeric:tabular-nums}
.none td{color:#888}svg{background:#fafafa;color:#222;border:1px solid #e5e5e5;margin:.3rem}
svg text{font-size:10px;fill:#555}
.key{display:inline-block;width:.8em;height:.8em;border-radius:50%}
@media(prefers-color-scheme:dark){body{background:#1c1c1c;color:#ddd}td,th{border-color:#444}}
"""
Curves = Mapping[tuple[str, str], Json]


def page(experiment: str, metric: str, board: Sequence[Json], curves: Curves) -> str:
    """A page of its own that needs neither scripts nor other files."""
    title = escape(f"{experiment}: {len(board)} trials by {metric}")
    body = [f"<h1>{title}</h1>", _table(metric, board), "<h2>Training curves</h2>"]
    body += _curves(board, curves) or ["<p>No trial has reported a metric over iterations.</p>"]
    body += ["<h2>Every two parameters or metrics</h2>", *_scatters(board)]
    head = f'<meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    return f"<!doctype html><html lang=en><head>{head}</head><body>{''.join(body)}</body></html>"


def _table(metric: str, board: Sequence[Json]) -> str:
    names = sorted({name for row in board for name in row["parameters"]})
    heads = ["rank", "trial", metric, "status", *names]
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    rows = "".join(_row(index, row, names) for index, row in enumerate(board))
    return f"<table><tr>{head}</tr>{rows}</table>"


def _row(index: int, row: Json, names: Sequence[str]) -> str:
    key = f'<span class=key style="background:{pictures.colour(index)}"></span>'
    status = row["reason"] or row["status"]
    value = "" if row["value"] is None else f"{row['value']:.6g}"
    cells = [row["rank"] or "-", f"{key} {escape(row['name'])}", value, escape(status)]
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
            found = curves.get((row["arn"], metric), {"x": [], "y": []})
            series[row["job"]] = list(zip(found["x"], found["y"], strict=True))
        if any(series.values()):
            drawn.append(pictures.lines(series, "iteration", metric))
    return drawn


def _scatters(board: Sequence[Json]) -> list[str]:
    """Only columns that are numbers and differ between trials say anything."""
    columns = [_numbers(row) for row in board]
    names = sorted({name for column in columns for name in column})
    telling = [n for n in names if len({c[n] for c in columns if n in c}) > 1]
    drawn = []
    for x, y in combinations(telling, 2):
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
