"""Plan the transforms of both models, and the job that compares them."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from include.pipelines.churn import PIPELINE as COSTLY
from include.pipelines.evaluation import contenders, contracts_of_versions
from include.pipelines.evaluation.champion import Champion
from include.pipelines.evaluation.comparability import Comparability
from include.pipelines.wine import PIPELINE as WINE

BEST: Any = {"trial": "t", "container": {"Image": "i"}, "value": 0.9}
NAMES = ("preprocessing", "holdout", "holdout_labels", "validation_records", "validation_labels")
DATA: Any = {name: f"s3://b/data/{name}" for name in NAMES}
WINDOW: Any = {"artifacts": "s3://b/run"}
PIPELINE = dataclasses.replace(COSTLY, costs=None)


@pytest.fixture(autouse=True)
def _champion(monkeypatch: pytest.MonkeyPatch) -> None:
    served_by(monkeypatch, Comparability())
    champion = Champion("arn", [{"Image": "i"}], {"threshold": "0.3"})
    monkeypatch.setattr(contenders, "champion_of", lambda endpoint: champion)


def served_by(monkeypatch: pytest.MonkeyPatch, comparison: Comparability) -> None:
    """Let the holdout serve the champion so."""
    monkeypatch.setattr(contracts_of_versions, "on_holdout", lambda champion, data: comparison)


def test_champion_of_another_contract_gets_its_columns_or_no_job(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    served_by(monkeypatch, Comparability(columns="1-18"))
    challenger, champion = contenders.contenders(PIPELINE, BEST, "s3://b/run", DATA)
    assert len(challenger["containers"]) == 3
    first, second = champion["containers"]
    assert first["Environment"]["PRODML_COLUMNS"] == "1-18"
    assert (first["Environment"]["SAGEMAKER_PROGRAM"], second["Image"]) == ("columns.py", "i")
    served_by(monkeypatch, Comparability("takes more"))
    assert contenders.contenders(PIPELINE, BEST, "s3://b/run", DATA) == [challenger]


def test_answers_of_several_classes_have_their_probabilities() -> None:
    (challenger, _) = contenders.contenders(WINE, BEST, "s3://b/run", DATA)
    assert challenger["accept"] == "application/jsonlines"
    assert contenders.contenders(PIPELINE, BEST, "s3://b/run", DATA)[0]["accept"] == "text/csv"


def test_costs_ask_the_challenger_for_the_validation_rows_too() -> None:
    """Each is asked in the order by which the evaluation names their answers."""
    jobs = contenders.contenders(COSTLY, BEST, "s3://b/run", DATA)
    rows = [job["input_uri"].split("/")[-2] for job in jobs]
    assert rows == ["holdout", "validation_records", "holdout"]
    asked = [job["output_uri"].split("/")[-2] for job in jobs]
    assert asked == contenders.roles(COSTLY) == ["challenger", "validation", "champion"]


def test_the_job_reads_answers_labels_and_records() -> None:
    scored: Any = [{"output": f"s3://b/{role}/"} for role in contenders.roles(COSTLY)]
    plan = contenders.plan_evaluation(COSTLY, scored, WINDOW, DATA, 0.9, "churn-1")
    assert plan["config"]["ExperimentConfig"]["TrialName"] == "churn-1"  # for its lineage
    inputs = {
        one["InputName"]: one["S3Input"]["S3Uri"] for one in plan["config"]["ProcessingInputs"]
    }
    assert inputs == {
        "challenger": "s3://b/challenger/",
        "validation": "s3://b/validation/",
        "champion": "s3://b/champion/",
        "labels": "s3://b/data/holdout_labels/",  # and not a prefix of another data set's name
        "records": "s3://b/data/holdout/",
        "validation_labels": "s3://b/data/validation_labels/",
    }
    words = " ".join(plan["arguments"])
    places = COSTLY.schema.inputs
    assert f"--segment international_plan={places.index('international_plan')} " in words
    assert "state=" not in words  # it has more values than a table of segments
    assert '--classes ["no", "yes"]' in words
    assert words.endswith("--costs 11.9 65.5 --champion-threshold 0.3")


def test_many_classes_are_named_in_arguments_that_sagemaker_takes() -> None:
    names = [f"class number {n}" for n in range(60)]
    chunks = list(contenders._chunks(names))
    assert max(map(len, chunks)) <= 256
    assert [name for chunk in chunks for name in json.loads(chunk)] == names
