"""A load test as a table, a picture and a file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from prodml.hooks.load import Step
from prodml.reports import pictures
from prodml.reports.leaderboard import STYLE

COLUMNS = ("rate", "answered", "requests", "error_percent", "p50_ms", "p99_ms", "instances")


def as_csv(steps: Sequence[Step]) -> str:
    """One row a rate."""
    rows = [",".join(str(getattr(step, name)) for name in COLUMNS) for step in steps]
    return "\n".join([",".join(COLUMNS), *rows]) + "\n"


def page(endpoint: str, summary: str, steps: Sequence[Step]) -> str:
    """A page of its own that needs neither scripts nor other files."""
    title = escape(f"Load test of {endpoint}")
    head = f'<meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    names = "".join(f"<th>{name}</th>" for name in COLUMNS)
    rows = "".join(f"<tr>{_cells(step)}</tr>" for step in steps)
    latencies = {
        name: [(step.rate, float(getattr(step, name))) for step in steps]
        for name in ("p50_ms", "p99_ms")
    }
    keys = "".join(
        f'<span class=key style="background:{pictures.colour(index)}"></span> {name} '
        for index, name in enumerate(latencies)
    )
    picture = pictures.lines(latencies, "requests a second", "milliseconds")
    body = f"<h1>{title}</h1><p>{escape(summary)}</p><table><tr>{names}</tr>{rows}</table>"
    return (
        f"<!doctype html><html lang=en><head>{head}</head>"
        f"<body>{body}<p>{keys}</p>{picture}</body></html>"
    )


def _cells(step: Step) -> str:
    return "".join(f"<td class=n>{getattr(step, name):g}</td>" for name in COLUMNS)
