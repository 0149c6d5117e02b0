"""Make observations, and apply one rule to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prodml.debugger.judge import Judge
from prodml.debugger.observations import Observation, Source
from prodml.debugger.rules import Finding, Rule


def metrics(**series: Iterable[float]) -> list[Observation]:
    """Return reports of the metrics train:NAME and so on, as `train_loss=...` gives them."""
    names = [name.replace("_", ":", 1) for name in series]
    return reports(
        Source.METRIC,
        [dict(zip(names, row, strict=True)) for row in zip(*series.values(), strict=True)],
    )


def reports(source: Source, rows: Iterable[Mapping[str, float]]) -> list[Observation]:
    return [Observation(source, row, float(second)) for second, row in enumerate(rows)]


def finding(rule: Rule, observations: Iterable[Observation]) -> Finding | None:
    """Return what *rule* finds."""
    return next(iter(Judge([rule]).see(observations)), None)
