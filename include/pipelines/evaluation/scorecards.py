"""Show scorecards side by side for an approval."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from prodml.links.report import page_of
from prodml.vocabulary import Json

from include.pipelines.contracts.evaluation import Origin

CANDIDATE_LINEAGE = "candidate_lineage"  # the task that writes it, before the approval
CLASSES = 10  # of which a confusion matrix is shown
STORABLE = re.compile(r"[\w .:/=+@-]{1,256}")  # as a value of a version's metadata


def scorecards(challenger: Mapping[str, float], champion: Mapping[str, float] | None) -> str:
    """Return both scorecards as a Markdown table."""
    shown = champion or {}
    lines = ["| score | this model | in production |", "|---|---|---|"]
    for name, value in challenger.items():
        other = f"{shown[name]:.4f}" if name in shown else "no model"
        lines.append(f"| {name} | {value:.4f} | {other} |")
    return "\n".join(lines)


def evaluation_card(evaluated: Json) -> str:
    """Return scores with their intervals, the threshold and what is decided by it, as Markdown."""
    champion, gains = evaluated["champion"], evaluated["gains"] or {}
    lines = ["| score | this model | in production | gain |", "|---|---|---|---|"]
    for name, one in evaluated["challenger"]["scores"].items():
        other = _estimate(champion["scores"][name]) if champion else "no model"
        gained = _estimate(gains[name]) if name in gains else "-"
        lines.append(f"| {name} | {_estimate(one)} | {other} | {gained} |")
    confidence = f"In brackets: intervals of {evaluated['confidence']:.0%} confidence."
    parts = ["\n".join(lines), confidence, *_decisions(evaluated)]
    return "\n\n".join(parts)


def _estimate(one: Json) -> str:
    low, high = one["interval"]
    return f"{one['value']:.4f} ({low:.4f} to {high:.4f})"


def _decisions(evaluated: Json) -> Iterator[str]:
    """Yield the threshold of a binary model, and the confusion matrix of a few classes."""
    counts, threshold = evaluated["challenger"]["confusion_matrix"], evaluated["threshold"]
    if threshold:
        yield _threshold(evaluated["classes"][1], threshold)
    if counts and len(counts) <= CLASSES:
        head = "".join(f" said {name} |" for name in counts)
        rows = (
            f"| is {label} |" + "".join(f" {count:,} |" for count in row.values())
            for label, row in counts.items()
        )
        yield "\n".join([f"| |{head}", "|---" * (len(counts) + 1) + "|", *rows])


def _threshold(positive: str, threshold: Json) -> str:
    costs = threshold["costs"]
    sentence = f"This model says {positive} from a probability of {threshold['value']:.4g} on"
    if not costs:
        return f"{sentence}."
    return (
        f"{sentence}: a false positive costs {costs['false_positive']:g} and a false negative "
        f"{costs['false_negative']:g}, {threshold['cost_per_row']:.4g} for each validation row."
    )


def origin(dag_id: str, run_id: str, leaderboard: str) -> Origin:
    """Return the run that made a version, and the task of its leaderboard, as metadata.

    Return nothing if metadata cannot hold the ids.
    """
    ids = (dag_id, run_id, leaderboard)
    if not all(STORABLE.fullmatch(text) for text in ids):
        return {}
    return {"made_by_dag": dag_id, "made_by_run": run_id, "leaderboard": leaderboard}


def basis(facts: Mapping[str, object], warnings: Sequence[str | None]) -> str:
    """Return the facts behind a version's scores, and what else decides, as a Markdown list.

    :param facts: The metadata of the version, of which any may be missing.
    :param warnings: Sentences about the pin and the callers, as far as there are any.
    """
    lines = [_window(facts), _rows(facts), *_links(facts)]
    lines += [f"**{warning}**" for warning in warnings if warning]
    return "\n".join(f"- {line}" for line in lines)


def stays(pinned: int | None) -> str | None:
    """Return that the pin overrides the answer to a retrain's question, if one is set."""
    if pinned is None:
        return None
    return (
        f"Version {pinned} is pinned and stays in production whatever the answer. "
        "Trigger deploy_model with release_pin to let this one be deployed."
    )


def moves(pinned: int | None, pin: bool) -> str | None:
    """Return what deploy_model does in spite of the pin that is set, if one is."""
    if pinned is None:
        return None
    then = "is pinned instead" if pin else f"version {pinned} stays pinned for retrains"
    return f"Version {pinned} is pinned: this version is deployed all the same, and {then}."


def _window(facts: Mapping[str, object]) -> str:
    if "window_start" not in facts or "window_end" not in facts:
        return "window: unknown, as the version's metadata does not contain it"
    return f"window {facts['window_start']} to {facts['window_end']}"


def _rows(facts: Mapping[str, object]) -> str:
    if "training_rows" not in facts or "holdout_rows" not in facts:
        return "rows: unknown, as the version's metadata does not contain them"
    train, holdout = (int(str(facts[name])) for name in ("training_rows", "holdout_rows"))
    return f"{train:,} rows to train and validate on, {holdout:,} held out for these scores"


def _links(facts: Mapping[str, object]) -> list[str]:
    if "made_by_run" not in facts:
        return ["leaderboard and lineage: unknown, as the version's metadata contains no run"]
    run = str(facts["made_by_dag"]), str(facts["made_by_run"])
    return [
        f"[leaderboard of its run]({page_of(*run, str(facts['leaderboard']))})",
        f"[lineage: its data, jobs and version]({page_of(*run, CANDIDATE_LINEAGE)})",
    ]
