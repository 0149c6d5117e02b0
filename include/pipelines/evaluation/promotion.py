"""Compare champion and challenger on one holdout."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from prodml.rendered import instant, moment
from prodml.results import BestTrial, Container, Transformed
from prodml.vocabulary import Approval, Json

from include.jobs.tabular.answers import EVEN
from include.jobs.tabular.outputs import ROWS
from include.pipelines.adapters.aws import held, read_prefix, read_text
from include.pipelines.contracts import (
    Contender,
    DataSets,
    Verdict,
    VersionFacts,
    Window,
)
from include.pipelines.data.windows import shown
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.scores import MULTICLASS, gain, scorecard, worse_than_allowed
from include.pipelines.evaluation.champion import Champion, find_champion
from include.pipelines.evaluation.scorecards import scorecards
from include.pipelines.training.serving import containers

Card = dict[str, float]
CHALLENGER, CHAMPION = "challenger", "champion"


def contenders(pipeline: Pipeline, best: BestTrial, prefix: str, data: DataSets) -> list[Contender]:
    """Return the arguments of two transform jobs: the best trial, and the model in production.

    Both get raw records; each applies its own preprocessing.
    """
    champion = find_champion(pipeline.endpoint)
    trial = {"ExperimentName": pipeline.endpoint, "TrialName": best["trial"]}
    shown = trial | {"TrialComponentDisplayName": "Holdout"}
    served = containers(pipeline, best["container"], data["preprocessing"])
    jobs = [_contender(CHALLENGER, served, {"ExperimentConfig": shown}, prefix)]
    if champion and champion.containers:
        jobs.append(_contender(CHAMPION, champion.containers, {}, prefix))
    return jobs


def _training_rows(data: DataSets) -> str | None:
    """Return how many rows training and validation have, if preprocessing has stated it."""
    if not held(uri := f"{data['baseline']}/{ROWS}"):
        return None
    rows = json.loads(read_text(uri))
    return str(rows["train"] + rows["validation"])


def _contender(role: str, served: list[Container], config: Json, prefix: str) -> Contender:
    output = f"{prefix}/scores/{role}/"
    return {"containers": served, "config": config, "output_uri": output}


def judge(
    pipeline: Pipeline,
    best: BestTrial,
    scored: Sequence[Transformed],
    window: Window,
    data: DataSets,
    min_gain: float,
    allow_older: bool = False,
) -> Verdict:
    """Return the verdict on the challenger: both scorecards, and a sentence with the reason.

    *scored* has the order of :func:`contenders`; *data* are the S3 prefixes of the data sets, which
    lie with another run if its work was used again. *allow_older* lets an older window compete.
    """
    truth = _numbers(f"{data['holdout_labels']}/")
    outputs = [result["output"] for result in scored]
    cards = {
        role: scorecard(pipeline.problem, truth, _answers(pipeline, output), output)
        for role, output in zip((CHALLENGER, CHAMPION), outputs, strict=False)
    }
    champion = find_champion(pipeline.endpoint)
    end = moment(window["end"])
    if champion and not allow_older and (why := not_to_be_replaced(champion, end)):
        accepted, reason = False, f"Rejected: {why} Production stays as it is."
    elif champion and champion.containers is None:
        accepted, reason = True, "Accepted: not compared with the champion, because of allow_older."
    else:
        accepted, reason = decide(pipeline, cards[CHALLENGER], cards.get(CHAMPION), min_gain)
    if champion and champion.window_end is None:
        reason += " The age of the champion is unknown: its version has no window_end."
    facts: VersionFacts = {
        "window_start": window["start"],
        "window_end": instant(end),  # versions are ordered by its text
        "baseline": f"{data['baseline']}/",
        "preprocessing": f"{data['preprocessing']}/",
        "input_contract": pipeline.schema.contract,
        "schema_digest": pipeline.schema.digest,
        "threshold": EVEN,
        "holdout_scores": outputs[0],
        "holdout_labels": f"{data['holdout_labels']}/",
        "trial": best["trial"],
        "started_by": window["started_by"],
        "endpoint": pipeline.endpoint,
        "holdout_rows": str(len(truth)),
    }
    if rows := _training_rows(data):
        facts["training_rows"] = rows
    measured = {f"holdout_{name}": value for name, value in cards[CHALLENGER].items()}
    return {
        # A comparison can only reject; the approval task approves.
        "approval": (Approval.PENDING if accepted else Approval.REJECTED).value,
        "decision": reason,
        "scorecards": scorecards(cards[CHALLENGER], cards.get(CHAMPION)),
        "holdout": {role: cards.get(role) for role in (CHALLENGER, CHAMPION)},
        "metrics": measured | {"selected_by": best["value"]},
        "metadata": facts,
        "containers": containers(pipeline, best["container"], data["preprocessing"]),
    }


def decide(
    pipeline: Pipeline, challenger: Card, champion: Card | None, min_gain: float
) -> tuple[bool, str]:
    score = pipeline.judged_by
    if champion is None:
        return True, f"Accepted: {score} {challenger[score]:.4f}, and there is no champion yet."
    better = gain(pipeline.problem, score, challenger[score], champion[score])
    compared = f"{score} {challenger[score]:.4f} against the champion's {champion[score]:.4f}"
    if better < min_gain:
        return False, f"Rejected: {compared}, not better by {min_gain}. Production stays as it is."
    if broken := worse_than_allowed(pipeline.problem, pipeline.guards, challenger, champion):
        return False, f"Rejected: {compared}, but {'; '.join(broken)}. Production stays as it is."
    return True, f"Accepted: {compared}, better by {better:.4f}."


def not_to_be_replaced(champion: Champion, window_end: datetime) -> str | None:
    """Return why the champion stays whatever the scores, or None.

    A backfill's model is compared and kept, but production never goes back in time.
    """
    if champion.containers is None:
        return (
            "the endpoint serves a model whose containers are unknown, so that it cannot be "
            f"scored: {champion.arn or 'it was made from no model package'}. Replace it by "
            "deploy_model, or retrain with allow_older."
        )
    if champion.window_end and champion.window_end > window_end:
        return (
            f"the champion was trained on rows up to {shown(champion.window_end)}, this model on "
            f"rows up to {shown(window_end)}."
        )
    return None


def _answers(pipeline: Pipeline, uri: str) -> list[float]:
    """Return what a model answered as numbers: of several classes, it answers their names."""
    if pipeline.problem != MULTICLASS:
        return _numbers(uri)
    classes = pipeline.schema.labels or {}
    return [float(classes[line]) for text in read_prefix(uri) for line in text.splitlines()]


def _numbers(uri: str) -> list[float]:
    return [float(line) for text in read_prefix(uri) for line in text.split()]
