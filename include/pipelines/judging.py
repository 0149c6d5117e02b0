"""Champion and challenger on one holdout: who ranks the leavers better."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from include.pipelines.champion import Champion, find_champion
from include.pipelines.churn import NAME
from include.pipelines.clients import read_prefix
from include.settings import settings

Json = dict[str, Any]
CHALLENGER, CHAMPION = "challenger", "champion"


def contenders(best: Json, prefix: str) -> list[Json]:
    """The arguments of one transform job each: the best trial, and the model in production."""
    champion = find_champion(NAME)
    containers = {CHALLENGER: best["container"]}
    if champion:
        containers[CHAMPION] = champion.container
    return [
        {"container": container, "output_uri": f"{prefix}/scores/{role}/"}
        for role, container in containers.items()
    ]


def judge(best: Json, scored: Sequence[Json], window: Json, min_gain: float) -> Json:
    """Whether the challenger goes into production, with both AUCs and a sentence that says why."""
    prefix = window["prefix"]
    labels = [
        int(line) for text in read_prefix(f"{prefix}/holdout_labels/") for line in text.split()
    ]
    found = {_role(result): auc(labels, _scores(result)) for result in scored}
    holdout = {
        role: {"auc": found[role]} if role in found else None for role in (CHALLENGER, CHAMPION)
    }
    champion = find_champion(NAME) if CHAMPION in found else None
    if champion and champion.window_end.isoformat() > window["end"]:
        accepted, reason = False, outdated(window["end"], champion)
    else:
        accepted, reason = decide(found[CHALLENGER], found.get(CHAMPION), min_gain)
    facts = {
        "window_start": window["start"],
        "window_end": window["end"],
        "baseline": f"{prefix}/baseline/",
        "encoder": f"{prefix}/encoder/",
        "trial": best["trial"],
        "endpoint": NAME,
    }
    return {
        "approval": "Approved" if accepted else "Rejected",
        "decision": reason,
        "holdout": holdout,
        "metrics": {"holdout_auc": found[CHALLENGER], "selected_by": best["value"]},
        "metadata": facts,
    }


def decide(challenger: float, champion: float | None, min_gain: float) -> tuple[bool, str]:
    if champion is None:
        return True, f"Approved: AUC {challenger:.4f}, and there is no champion yet."
    gain = challenger - champion
    compared = f"AUC {challenger:.4f} against the champion's {champion:.4f}"
    if gain >= min_gain:
        return True, f"Approved: {compared}, better by {gain:.4f}."
    return False, f"Rejected: {compared}, not better by {min_gain}. Production stays as it is."


def outdated(window_end: str, champion: Champion) -> str:
    """A backfill's model is compared and kept, but production never goes back in time."""
    return (
        f"Rejected: the champion has learned from rows up to {champion.window_end}, this model "
        f"from rows up to {window_end}. Production stays as it is."
    )


def auc(labels: Sequence[int], scores: Sequence[float]) -> float:
    """The chance that a leaver ranks above a stayer; equal scores share their rank."""
    if len(labels) != len(scores):
        raise ValueError(
            f"{len(scores)} scores for {len(labels)} labels: the transform job lost or made rows. "
            "Look at its .out file."
        )
    positives = sum(labels)
    if not 0 < positives < len(labels):
        raise ValueError(
            "The holdout has one class only: choose a window whose newest slice has both."
        )
    ranks = _mean_ranks(scores)
    total = sum(rank for rank, label in zip(ranks, labels, strict=True) if label)
    area = total - positives * (positives + 1) / 2
    return area / (positives * (len(labels) - positives))


def _mean_ranks(scores: Sequence[float]) -> list[float]:
    order = sorted(range(len(scores)), key=scores.__getitem__)
    ranks = [0.0] * len(scores)
    first = 0
    while first < len(order):
        last = first
        while last + 1 < len(order) and scores[order[last + 1]] == scores[order[first]]:
            last += 1
        for place in range(first, last + 1):
            ranks[order[place]] = (first + last) / 2 + 1
        first = last + 1
    return ranks


def _role(result: Json) -> str:
    return str(result["output"].rstrip("/").rpartition("/")[2])


def _scores(result: Json) -> list[float]:
    return [float(line) for text in read_prefix(result["output"]) for line in text.split()]


def model_event(verdict: Json, registered: Json, deployed: Json) -> Json:
    """What the Asset of the deployed model carries."""
    return {
        "endpoint": deployed["endpoint"],
        "endpoint_config": deployed["config"],
        "model_package_arn": registered["model_package_arn"],
        "deployment": settings().deployment,
        **verdict["metadata"],
    }
