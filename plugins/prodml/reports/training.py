"""Present what rules found in a training job: curves with marks, resource use, what to do."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import escape

from prodml.debugger.observations import Observation, Source
from prodml.debugger.rules import Finding
from prodml.reports import pictures
from prodml.reports.document import document, key

MOST_POINTS = 400  # of a curve
MOST_SERIES = 8  # of a picture
LARGEST = 1e15  # values above it are left out, so that the others differ visibly
TITLES = {
    Source.METRIC: "Metric",
    Source.GRADIENTS: "Gradients",
    Source.UPDATES: "Updates of weights",
    Source.STEPS: "Seconds of a step",
    Source.USAGE: "Use of instances",
}
LOGARITHMIC = (Source.GRADIENTS, Source.UPDATES)
Series = dict[str, list[tuple[float, float]]]


def page(
    job: str, status: str, observations: Sequence[Observation], findings: Sequence[Finding]
) -> str:
    """Return a self-contained page without scripts."""
    clock = _Clock(observations)
    body = [f"<p>The job is {escape(status)}. {_summary(findings)}</p>"]
    if findings:
        body.append(_table(findings, clock))
    for source, title in TITLES.items():
        body += _pictures(source, title, observations, findings, clock)
    body += _labels(observations)
    if not observations:
        body.append("<p>The job reported no metric. State its metric definitions.</p>")
    return document(f"Training of {job}", "".join(body))


class _Clock:
    """Turns times into seconds, minutes or hours since the first observation."""

    def __init__(self, observations: Sequence[Observation]) -> None:
        times = [one.at for one in observations]
        self._first = min(times, default=0.0)
        span = max(times, default=0.0) - self._first
        scales = ((2 * 3600, 3600, "hours"), (120, 60, "minutes"), (-1, 1, "seconds"))
        self._scale, self.unit = next((s, unit) for limit, s, unit in scales if span > limit)

    def at(self, at: float) -> float:
        return (at - self._first) / self._scale


def _summary(findings: Sequence[Finding]) -> str:
    if not findings:
        return "No rule found a problem."
    return f"{len(findings)} rule{'s' if len(findings) > 1 else ''} found a problem."


def _table(findings: Sequence[Finding], clock: _Clock) -> str:
    heads = ("after", "rule", "finding", "what to do", "stops the job")
    rows = [
        (
            f"{clock.at(one.at):.1f} {clock.unit}",
            one.rule,
            one.text,
            one.advice,
            "yes" if one.stop else "no",
        )
        for one in findings
    ]
    head = "".join(f"<th>{name}</th>" for name in heads)
    lines = "".join(
        f"<tr>{''.join(f'<td class=text>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{lines}</table>"


def _pictures(
    source: Source,
    title: str,
    observations: Sequence[Observation],
    findings: Sequence[Finding],
    clock: _Clock,
) -> list[str]:
    """Return a picture for each group of series of *source*, with their colours explained."""
    groups: Mapping[str, Series] = _grouped(source, observations, clock)
    return [
        f"<figure><h3>{title}{_subtitle(source, name)}</h3>"
        f"{_picture(source, name, groups[name], findings, clock)}</figure>"
        for name in sorted(groups)
    ]


def _subtitle(source: Source, group: str) -> str:
    return f": {escape(group)}" if source in (Source.METRIC, Source.USAGE) else ""


def _grouped(
    source: Source, observations: Sequence[Observation], clock: _Clock
) -> dict[str, Series]:
    groups: dict[str, Series] = defaultdict(lambda: defaultdict(list))
    for one in observations:
        if one.source != source:
            continue
        for name, value in one.values.items():
            if source in LOGARITHMIC:
                value = math.log10(value) if value > 0 and math.isfinite(value) else math.nan
            if math.isfinite(value) and abs(value) < LARGEST:
                groups[_group(source, name)][name].append((clock.at(one.at), value))
    return groups


def _group(source: Source, name: str) -> str:
    """Return the picture of a series: of a metric for train and validation, or of a resource."""
    if source == Source.METRIC:
        return name.rpartition(":")[2]
    return name.partition("/")[0] if source == Source.USAGE else str(source)


def _picture(
    source: Source, group: str, series: Series, findings: Sequence[Finding], clock: _Clock
) -> str:
    marked = [one for one in findings if one.source == source and _concerns(one, group, source)]
    names = [*dict.fromkeys(one.series for one in marked if one.series in series), *sorted(series)]
    shown = list(dict.fromkeys(names))[:MOST_SERIES]
    curves = {name: _thinned(series[name]) for name in sorted(shown)}
    marks = [pictures.Mark(clock.at(one.at), one.rule) for one in marked]
    label = {Source.USAGE: f"{group}, percent", Source.STEPS: "seconds"}.get(source, group)
    label = f"log10 of {label}" if source in LOGARITHMIC else label
    drawn = pictures.lines(curves, clock.unit, label, marks)
    keys = " ".join(f"{key(pictures.colour(i))} {escape(name)}" for i, name in enumerate(curves))
    return f"{drawn}<figcaption>{keys}</figcaption>"


def _concerns(finding: Finding, group: str, source: Source) -> bool:
    return source not in (Source.METRIC, Source.USAGE) or _group(source, finding.series) == group


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    step = math.ceil(len(points) / MOST_POINTS)
    return points if step <= 1 else [*points[::step], points[-1]]


def _labels(observations: Sequence[Observation]) -> list[str]:
    """Return the rows of each class, as reported last."""
    last = next((one for one in reversed(observations) if one.source == Source.LABELS), None)
    if last is None:
        return []
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td class=n>{rows:.0f}</td></tr>"
        for name, rows in sorted(last.values.items(), key=lambda pair: -pair[1])[:50]
    )
    head = "<tr><th>class</th><th class=n>rows seen</th></tr>"
    return ["<h2>Classes</h2>", f"<table>{head}{rows}</table>"]
