"""Judge a challenger of half of the holdout against a champion of all of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from prodml.rendered import moment

from include.jobs.tabular.contract import contract_document
from include.jobs.tabular.schema import Schema
from include.pipelines.adapters.aws import write_text
from include.pipelines.churn import PIPELINE
from include.pipelines.contracts.evaluation import Verdict
from include.pipelines.evaluation import promotion
from include.pipelines.evaluation.champion import Champion
from include.pipelines.evaluation.decision import Outcome
from include.settings import settings

pytestmark = pytest.mark.usefixtures("bucket")


def baseline(schema: Schema) -> str:
    """Return the prefix of a baseline that has the contract of *schema*."""
    uri = settings().uri("test", schema.contract)
    write_text(f"{uri}/contract.json", json.dumps(contract_document(schema)))
    return f"{uri}/"


def made_of(schema: Schema, arn: str = "arn") -> Champion:
    """Return a model in production of unknown age that takes the columns of *schema*."""
    facts = {"input_contract": schema.contract, "baseline": baseline(schema)}
    return Champion(arn, [{"Image": "i"}], facts)


def _judged(
    champion: Champion, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **arguments: Any
) -> Verdict:
    """A challenger that guesses half of the holdout against *champion*, which guesses all."""
    pytest.importorskip("sklearn", reason="the job's image has it, and an Airflow need not")
    from include.jobs.evaluation import bootstrap
    from tests.include.jobs.evaluation.holdouts import YES_NO, evaluated

    monkeypatch.setattr(promotion, "champion_of", lambda endpoint: champion)
    monkeypatch.setattr(bootstrap, "RESAMPLES", 10)
    best: Any = {"trial": "t", "container": {"Image": "i"}, "value": 0.9}
    folder = settings().uri("test")
    inputs = {
        "labels": ["1", "0"] * 20,
        "challenger": ["0.9", "0.1", "0.2", "0.8"] * 10,
        "champion": ["0.9", "0.1", "0.8", "0.2"] * 10,
    }
    document = json.dumps(evaluated(tmp_path, inputs, *YES_NO))
    evaluation: Any = {"evaluation": write_text(f"{folder}/evaluation.json", document)}
    days: Any = {"start": "2024-01-01T00:00:00+00:00", "end": "2024-03-11T00:00:00+00:00"}
    window: Any = days | {"started_by": "manual"}
    summary = baseline(PIPELINE.schema).rstrip("/")
    write_text(f"{summary}/rows.json", '{"train": 40, "validation": 10, "holdout": 40}')
    data: Any = {"holdout_labels": f"{folder}/labels", "baseline": summary, "preprocessing": "p"}
    scored: Any = [{"output": f"{folder}/scores/challenger/"}]
    how = (evaluation, window, data, 0.005)
    return promotion.judge(PIPELINE, best, scored, *how, **arguments)


def test_a_champion_of_unknown_age_is_compared(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    verdict = _judged(made_of(PIPELINE.schema), monkeypatch, tmp_path)
    assert verdict["approval"] == "Rejected"
    assert "not by 0.005" in verdict["decision"]
    assert "The age of the champion is unknown" in verdict["decision"]
    assert verdict["metadata"]["window_end"] == "2024-03-11T00:00:00+00:00"  # whose text sorts
    rows = [verdict["metadata"][name] for name in ("training_rows", "holdout_rows")]
    assert rows == ["50", "40"]


def test_a_registered_model_says_where_its_holdout_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    verdict = _judged(made_of(PIPELINE.schema), monkeypatch, tmp_path)
    registered = Champion("arn", None, dict[str, Any](verdict["metadata"]))
    folder = settings().uri("test")
    assert registered.holdout_scores == f"{folder}/scores/challenger/"
    assert registered.holdout_labels == f"{folder}/labels/"


def test_a_champion_that_cannot_be_scored_stays_unless_allow_older_is_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    unknown = Champion(None, None, {})
    verdict = _judged(unknown, monkeypatch, tmp_path)
    assert verdict["outcome"] == Outcome.NOT_COMPARABLE
    assert "which was made from no model package" in verdict["decision"]
    assert _judged(unknown, monkeypatch, tmp_path, allow_older=True)["outcome"] == "accepted"


def test_champion_of_columns_that_the_holdout_lacks_is_not_compared(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wide = made_of(replace(PIPELINE.schema, numbers=("income", *PIPELINE.schema.numbers)), "arn:1")
    verdict = _judged(wide, monkeypatch, tmp_path)
    assert (verdict["outcome"], verdict["approval"]) == ("NOT_COMPARABLE", "PendingManualApproval")
    said = "the champion arn:1 takes the columns ['income'], which the holdout lacks"
    assert verdict["decision"].startswith(f"NOT_COMPARABLE: {said}. Production stays as it is.")
    first, second, *_ = verdict["scorecards"].split("\n\n")
    assert first == f"**{verdict['decision']}**"
    assert second == "**Callers must change their requests: leave out ['income'].**"
    allowed = _judged(wide, monkeypatch, tmp_path, allow_older=True)
    assert allowed["outcome"] == "accepted"
    assert allowed["decision"].startswith("Accepted without a comparison, because of allow_older")


def test_newer_champion_stays_whether_it_is_compared_or_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    newer = Champion("arn", [{"Image": "i"}], {"window_end": "2024-03-18T00:00:00+00:00"})
    assert _judged(newer, monkeypatch, tmp_path)["outcome"] == "rejected"


@pytest.mark.parametrize(
    ("window_end", "newer"),
    [
        ("2024-03-12T02:00:00+02:00", False),  # the same instant
        ("2024-03-12T00:59:59+00:00", True),
        ("2024-03-12T00:00:00+00:00", False),
        ("11 March", False),
    ],
)
def test_ages_are_compared_as_instants(window_end: str, newer: bool) -> None:
    champion = Champion("arn", [{"Image": "i"}], {"window_end": window_end})
    why = promotion.not_to_be_replaced(champion, moment("2024-03-12T00:00:00+00:00"))
    assert ("rows up to 2024-03-12" in (why.reason if why else "")) is newer
