"""Present a load test as a table, a plot and a CSV file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from prodml.endpoints.load_generator import Step
from prodml.reports import pictures
from prodml.reports.document import document, key

COLUMNS = ("rate", "answered", "requests", "error_percent", "p50_ms", "p99_ms", "instances")


def as_csv(steps: Sequence[Step]) -> str:
    """Return one row per rate."""
    rows = [",".join(str(getattr(step, name)) for name in COLUMNS) for step in steps]
    return "\n".join([",".join(COLUMNS), *rows]) + "\n"


def page(endpoint: str, summary: str, steps: Sequence[Step]) -> str:
    """Return a self-contained page without scripts."""
    names = "".join(f"<th class=n>{name}</th>" for name in COLUMNS)
    rows = "".join(f"<tr>{_cells(step)}</tr>" for step in steps)
    latencies = {
        name: [(step.rate, float(getattr(step, name))) for step in steps]
        for name in ("p50_ms", "p99_ms")
    }
    keys = " ".join(f"{key(pictures.colour(i))} {name}" for i, name in enumerate(latencies))
    picture = pictures.lines(latencies, "requests per second", "milliseconds")
    return document(
        f"Load test of {endpoint}",
        f"<p>{escape(summary)}</p><table><tr>{names}</tr>{rows}</table><p>{keys}</p>{picture}",
    )


def _cells(step: Step) -> str:
    return "".join(f"<td class=n>{getattr(step, name):g}</td>" for name in COLUMNS)
