"""Find the model in production, however it was deployed: asked of real endpoints."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prodml.rendered import moment

from include.jobs.tabular.contract import contract_document
from include.jobs.tabular.schema import Schema
from include.local_aws.testing import connection_to, running_server
from include.pipelines.adapters.aws import client, write_text
from include.pipelines.batch import scoring
from include.pipelines.churn import PIPELINE
from include.pipelines.contracts.evaluation import Verdict
from include.pipelines.deployment import versions
from include.pipelines.evaluation import promotion
from include.pipelines.evaluation.champion import Champion, find_champion
from include.pipelines.evaluation.decision import Outcome
from include.settings import settings
from tests.include.local_aws.models import IMAGE, ROLE, Platform, variant

MOMENT = "2024-03-11T01:00:00+02:00"  # the evening before, in UTC
FORM: dict[str, Any] = {
    "pipeline": "churn",
    "version": 1,
    "release_pin": False,
    "min_instances": 1,
    "max_instances": 2,
    "rollout": "all-at-once",
    "rollout_step": 10,
    "rollout_wait": 0,
}


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with (
        running_server(tmp_path_factory.mktemp("aws"), time_scale=60) as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection_to(server.url))
        client("s3").create_bucket(Bucket=settings().bucket)
        yield Platform(server, lambda prefix: f"{prefix}-{uuid.uuid4().hex[:8]}")


@pytest.fixture(scope="module")
def endpoints(platform: Platform) -> dict[str, str]:
    """By what serves behind them: three models that no retrain has registered, and a ruin."""
    container = platform.container()
    models = {
        "dated": _model_of(platform, _version(platform, container, window_end=MOMENT)),
        "bare": _model_of(platform, _version(platform, container)),
        "ruin": platform.model(),
    }
    platform.delete_artifact(models["ruin"])
    result = {name: platform.endpoint(platform.config(variant(m))) for name, m in models.items()}
    foreign = platform.config(variant(platform.model()))
    platform.sagemaker.create_endpoint(EndpointName="churn", EndpointConfigName=foreign)
    result["foreign"] = "churn"
    states = {name: platform.settled(e)["EndpointStatus"] for name, e in result.items()}
    assert states == dict.fromkeys(result, "InService") | {"ruin": "Failed"}
    return result


def _version(platform: Platform, container: dict[str, str], **facts: str) -> str:
    groups = platform.sagemaker.list_model_package_groups()["ModelPackageGroupSummaryList"]
    if not groups:
        platform.sagemaker.create_model_package_group(ModelPackageGroupName="churn")
    made = platform.sagemaker.create_model_package(
        ModelPackageGroupName="churn",
        ModelApprovalStatus="Approved",
        InferenceSpecification={
            "Containers": [container],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        **({"CustomerMetadataProperties": facts} if facts else {}),
    )
    return str(made["ModelPackageArn"])


def _model_of(platform: Platform, arn: str) -> str:
    name = platform.unique("model")
    platform.sagemaker.create_model(
        ModelName=name, PrimaryContainer={"ModelPackageName": arn}, ExecutionRoleArn=ROLE
    )
    return name


def _champion(endpoint: str) -> Champion:
    result = find_champion(endpoint)
    assert result is not None
    return result


def test_a_model_says_what_it_can(endpoints: dict[str, str]) -> None:
    dated, bare, foreign = (_champion(endpoints[name]) for name in ("dated", "bare", "foreign"))
    assert dated.window_end == moment(MOMENT)
    assert (bare.window_end, bare.baseline, bare.preprocessing, bare.holdout_scores) == (None,) * 4
    assert [str(c.arn).rpartition("/")[2] for c in (dated, bare, foreign)] == ["1", "2", "None"]
    images = [c.containers and c.containers[0]["Image"] for c in (dated, bare, foreign)]
    assert images == [IMAGE] * 3  # each can be scored with a challenger


def test_an_endpoint_that_never_came_up_serves_nothing(endpoints: dict[str, str]) -> None:
    assert find_champion(endpoints["ruin"]) is None
    assert find_champion("no-endpoint") is None


def test_any_version_can_be_deployed_over_any_model(endpoints: dict[str, str]) -> None:
    """A rollback must not fail for what the bad model lacks."""
    plan = versions.plan(FORM)
    assert plan["model_package_arn"].endswith("/1")
    assert plan["serving"] is None


def test_no_file_is_scored_by_a_model_without_a_preprocessing(endpoints: dict[str, str]) -> None:
    run = SimpleNamespace(run_type="manual", run_id="r", data_interval_start=None)
    context = {"params": {}, "dag_run": run, "dag": SimpleNamespace(dag_id="score_churn_batch")}
    with pytest.raises(ValueError, match="names no preprocessing and baseline: it takes"):
        scoring.plan(PIPELINE, context)


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
    platform: Platform, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    verdict = _judged(made_of(PIPELINE.schema), monkeypatch, tmp_path)
    assert verdict["approval"] == "Rejected"
    assert "not by 0.005" in verdict["decision"]
    assert "The age of the champion is unknown" in verdict["decision"]
    assert verdict["metadata"]["window_end"] == "2024-03-11T00:00:00+00:00"  # whose text sorts
    rows = [verdict["metadata"][name] for name in ("training_rows", "holdout_rows")]
    assert rows == ["50", "40"]


def test_a_registered_model_says_where_its_holdout_is(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    verdict = _judged(made_of(PIPELINE.schema), monkeypatch, tmp_path)
    registered = Champion("arn", None, dict[str, Any](verdict["metadata"]))
    folder = settings().uri("test")
    assert registered.holdout_scores == f"{folder}/scores/challenger/"
    assert registered.holdout_labels == f"{folder}/labels/"


def test_a_champion_that_cannot_be_scored_stays_unless_allow_older_is_set(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    unknown = Champion(None, None, {})
    verdict = _judged(unknown, monkeypatch, tmp_path)
    assert verdict["outcome"] == Outcome.NOT_COMPARABLE
    assert "which was made from no model package" in verdict["decision"]
    assert _judged(unknown, monkeypatch, tmp_path, allow_older=True)["outcome"] == "accepted"


def test_champion_of_columns_that_the_holdout_lacks_is_not_compared(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
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
    platform: Platform, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
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
