"""Judge a challenger by evaluation.json, and say what its version is registered with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import cast

from prodml.decisions import decision
from prodml.rendered import instant, moment
from prodml.results import BestTrial, Evaluated, Transformed
from prodml.vocabulary import Approval, Json

from include.jobs.drift.documents import CALIBRATION
from include.jobs.tabular.answers import EVEN
from include.jobs.tabular.outputs import ROWS
from include.pipelines.adapters.aws import held, read_document
from include.pipelines.contracts.data import DataSets, Window
from include.pipelines.contracts.evaluation import Verdict, VersionFacts
from include.pipelines.data.windows import shown
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.evaluation import contracts_of_versions
from include.pipelines.evaluation.champion import Champion, champion_of
from include.pipelines.evaluation.contenders import CHALLENGER, CHAMPION
from include.pipelines.evaluation.decision import STAYS, Decision, Outcome, decide
from include.pipelines.evaluation.scorecards import evaluation_card
from include.pipelines.training.automl import model_of
from include.pipelines.training.serving import containers

WAYS_OUT = "A person may approve this version; or retrain with allow_older."
COMPARISON = "the comparison on the holdout"  # what rejects a version
# A comparison can only reject; a person, or the approval task, approves.
APPROVALS = {Outcome.REJECTED: Approval.REJECTED}


def judge(
    pipeline: Pipeline,
    best: BestTrial,
    scored: Sequence[Transformed],
    evaluation: Evaluated,
    window: Window,
    data: DataSets,
    min_gain: float,
    allow_older: bool = False,
) -> Verdict:
    """Return the verdict on the challenger: both scorecards, and a sentence with the reason.

    *scored* begins with the challenger's answers to the holdout; *data* are the S3 prefixes of the
    data sets, which lie with another run if its work was used again. *allow_older* lets an older
    window compete.
    """
    evaluated = read_document(evaluation["evaluation"])["prodml"]
    champion = champion_of(pipeline)
    end = moment(window["end"])
    obstacle = _obstacle(champion, data)
    outcome, reason = _decided(pipeline, evaluated, champion, obstacle, end, min_gain, allow_older)
    if champion and champion.window_end is None:
        reason += " The age of the champion is unknown: its version has no window_end."
    approval = APPROVALS.get(outcome, Approval.PENDING)
    facts = _facts(pipeline, best["trial"], scored[0]["output"], evaluated, window, data)
    if calibration := held(f"{evaluation['evaluation'].rpartition('/')[0]}/{CALIBRATION}"):
        facts["calibration"] = calibration
    if approval == Approval.REJECTED:
        facts |= cast(VersionFacts, decision(approval, COMPARISON))
    warnings = _warnings(champion, data, reason if obstacle else None)
    cards = {role: _card(evaluated, role) for role in (CHALLENGER, CHAMPION)}
    measured = {f"holdout_{name}": value for name, value in (cards[CHALLENGER] or {}).items()}
    threshold = _threshold(evaluated)
    served = containers(pipeline, model_of(best), data["preprocessing"], threshold)
    return {
        "approval": approval.value,
        "outcome": outcome.value,
        "decision": reason,
        "scorecards": "\n\n".join([*warnings, evaluation_card(evaluated)]),
        "holdout": cards,
        "metrics": measured | {"selected_by": best["value"]},
        "metadata": facts,
        "containers": served,
    }


def _facts(
    pipeline: Pipeline, trial: str, scores: str, evaluated: Json, window: Window, data: DataSets
) -> VersionFacts:
    """Return the metadata of the version that *trial* made, with the address of its *scores*."""
    threshold = _threshold(evaluated)
    facts: VersionFacts = {
        "window_start": window["start"],
        "window_end": instant(moment(window["end"])),  # versions are ordered by its text
        "baseline": f"{data['baseline']}/",
        "preprocessing": f"{data['preprocessing']}/",
        "input_contract": pipeline.schema.contract,
        "schema_digest": pipeline.schema.digest,
        "threshold": EVEN if threshold is None else f"{threshold:.12g}",
        "holdout_scores": scores,
        "holdout_labels": f"{data['holdout_labels']}/",
        "trial": trial,
        "started_by": window["started_by"],
        "endpoint": pipeline.endpoint,
        "judged_by": pipeline.judged_by,
        "holdout_rows": str(evaluated["rows"]),
    }
    if rows := _training_rows(data):
        facts["training_rows"] = rows
    return facts


def _threshold(evaluated: Json) -> float | None:
    """Return the score from which a binary model answers yes."""
    threshold: float | None = (evaluated["threshold"] or {}).get("value")
    return threshold


def _training_rows(data: DataSets) -> str | None:
    """Return how many rows training and validation have, if preprocessing has stated it."""
    if not held(uri := f"{data['baseline']}/{ROWS}"):
        return None
    rows = read_document(uri)
    return str(rows["train"] + rows["validation"])


def _decided(
    pipeline: Pipeline,
    evaluated: Json,
    champion: Champion | None,
    obstacle: str | None,
    end: datetime,
    min_gain: float,
    allow_older: bool,
) -> Decision:
    if champion and not allow_older and (kept := not_to_be_replaced(champion, end)):
        return kept
    if champion and obstacle:
        return not_compared(champion, obstacle, allow_older)
    return decide(pipeline, evaluated, min_gain)


def _obstacle(champion: Champion | None, data: DataSets) -> str | None:
    """Return why the holdout cannot serve the champion; None if it can, or without a champion."""
    return contracts_of_versions.on_holdout(champion, data).obstacle if champion else None


def _warnings(champion: Champion | None, data: DataSets, doubt: str | None) -> Iterator[str]:
    """Yield what the approval card says first: a missing comparison, and what callers change."""
    contract = contracts_of_versions.of_data(data) if champion else None
    for warning in (doubt, contracts_of_versions.callers_change(contract, champion)):
        if warning:
            yield f"**{warning}**"


def not_compared(champion: Champion, obstacle: str, allow_older: bool) -> Decision:
    """Return the verdict where the champion cannot answer the holdout."""
    which = champion.arn or "which was made from no model package,"
    why = f"the champion {which} {obstacle}"
    if allow_older:
        reason = f"Accepted without a comparison, because of allow_older: {why}."
        return Decision(Outcome.ACCEPTED, reason)
    reason = f"{Outcome.NOT_COMPARABLE}: {why}. {STAYS} {WAYS_OUT}"
    return Decision(Outcome.NOT_COMPARABLE, reason)


def _card(evaluated: Json, role: str) -> dict[str, float] | None:
    """Return the scores of a model by name."""
    if evaluated[role] is None:
        return None
    return {name: one["value"] for name, one in evaluated[role]["scores"].items()}


def not_to_be_replaced(champion: Champion, window_end: datetime) -> Decision | None:
    """Return the verdict that the champion stays whatever the scores, or None.

    A backfill's model is compared and kept, but production never goes back in time.
    """
    if champion.window_end and champion.window_end > window_end:
        why = (
            f"the champion was trained on rows up to {shown(champion.window_end)}, this model on "
            f"rows up to {shown(window_end)}."
        )
        return Decision(Outcome.REJECTED, f"Rejected: {why} {STAYS}")
    return None
