"""Build the page of an evaluation: scores, curves, confusion matrices, and segments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from prodml.reports import pictures
from prodml.reports.document import document, key
from prodml.vocabulary import Json

NAMES = {"challenger": "this model", "champion": "in production"}
EVEN = [(0.0, 0.0), (1.0, 1.0)]
CURVES = {  # by the name of a curve: its heading, both axes, and the line to compare with
    "roc": ("ROC", "false positive rate", "true positive rate", "chance"),
    "precision_recall": ("Precision and recall", "recall", "precision", None),
    "calibration": ("Calibration", "stated", "actual", "as stated"),
}


def page(subject: str, evaluated: Json) -> str:
    """Return a self-contained page without scripts of the member `prodml` of evaluation.json."""
    roles = [role for role in NAMES if evaluated[role]]
    keys = " ".join(f"{key(pictures.colour(i))} {NAMES[r]}" for i, r in enumerate(roles))
    body = [
        f"<p>{evaluated['rows']:,} rows; intervals of {evaluated['confidence']:.0%} confidence.",
        f"{_threshold(evaluated)}</p><h2>Scores</h2>",
        _scores(evaluated, roles),
        "<h2>Curves</h2>",
        f"<p>{keys}</p>",
        *_curves(evaluated, roles),
        *_matrices(evaluated, roles),
        *_segments(evaluated, roles),
    ]
    return document(f"Evaluation of {subject}", "".join(body))


def _threshold(evaluated: Json) -> str:
    threshold = evaluated["threshold"]
    if not threshold:
        return ""
    costs = threshold["costs"]
    chosen = (
        f", which costs {threshold['cost_per_row']:.4g} for each validation row, with "
        f"{costs['false_positive']:g} for a false positive and {costs['false_negative']:g} for a "
        "false negative"
        if costs
        else ""
    )
    return (
        f" This model says {escape(evaluated['classes'][1])} from a probability of "
        f"{threshold['value']:.4g} on{chosen}."
    )


def _scores(evaluated: Json, roles: Sequence[str]) -> str:
    gains = evaluated["gains"] or {}
    heads = ["score", *(NAMES[role] for role in roles), *(["gain"] if gains else [])]
    rows = []
    for name in evaluated["challenger"]["scores"]:
        estimates = [evaluated[role]["scores"][name] for role in roles]
        estimates += [gains[name]] if gains else []
        rows.append([name, *map(_estimate, estimates)])
    return _table(heads, rows)


def _estimate(one: Json) -> str:
    low, high = one["interval"]
    return f"{one['value']:.4f} ({low:.4f} to {high:.4f})"


def _curves(evaluated: Json, roles: Sequence[str]) -> Iterator[str]:
    """Yield a picture for each class and kind of curve, with one line for each model."""
    for name in evaluated["challenger"]["curves"]:
        drawn = {role: evaluated[role]["curves"].get(name, {}) for role in roles}
        for kind, (title, x, y, reference) in CURVES.items():
            lines = {
                NAMES[r]: [(a, b) for a, b in drawn[r][kind]] for r in roles if drawn[r].get(kind)
            }
            if not lines:
                continue
            if reference and name:  # a regression's axes are not those of probabilities
                lines[reference] = EVEN
            heading = f"{title}, {name}" if len(evaluated["classes"]) > 2 else title
            picture = pictures.lines(lines, x, y)
            yield (
                f'<figure style="display:inline-block;margin:0 1rem 1rem 0">'
                f"<figcaption>{escape(heading)}</figcaption>{picture}</figure>"
            )


def _points(pairs: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    return [(x, y) for x, y in pairs]


def _matrices(evaluated: Json, roles: Sequence[str]) -> Iterator[str]:
    for role in roles:
        if counts := evaluated[role]["confusion_matrix"]:
            yield f"<h2>Confusion matrix: {NAMES[role]}</h2>"
            heads = ["", *(f"said {name}" for name in counts)]
            rows = [
                [f"is {label}", *(f"{count:,}" for count in row.values())]
                for label, row in counts.items()
            ]
            yield _table(heads, rows)


def _segments(evaluated: Json, roles: Sequence[str]) -> Iterator[str]:
    segments = evaluated["segments"]
    if not segments:
        return
    yield "<h2>Segments</h2>"
    scores = list(segments[0]["challenger"])
    shown = [f"{name}, {NAMES[role]}" for name in scores for role in roles]
    rows = [
        [one["column"], one["value"], f"{one['rows']:,}"]
        + [_value(one[role][name]) for name in scores for role in roles]
        for one in segments
    ]
    yield _table(["column", "value", "rows", *shown], rows)


def _value(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"
