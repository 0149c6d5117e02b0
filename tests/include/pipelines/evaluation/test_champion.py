"""Find the model in production, however it was deployed: asked of real endpoints."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from prodml.endpoints.component import Component
from prodml.rendered import moment

from include.local_aws.testing import connection_to, running_server
from include.pipelines.adapters.aws import client
from include.pipelines.batch import scoring
from include.pipelines.churn import PIPELINE
from include.pipelines.deployment import versions
from include.pipelines.errors import NothingNew
from include.pipelines.evaluation import champion
from include.pipelines.evaluation.champion import Champion, deployed_event, find_champion
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


@pytest.mark.parametrize(
    ("deployed", "sentence"),
    [
        ({"contest": "ab"}, "It is in a test with the model in production"),
        ({"promoted": False}, "The model in production has won the test"),
    ],
)
def test_model_that_is_not_in_production_announces_nothing(
    deployed: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(NothingNew, match=sentence):
        deployed_event(deployed | {"model_package_arn": "arn:1"})


@pytest.mark.parametrize(
    ("described", "image"),
    [
        ({"InferenceComponentStatus": "InService"}, "i"),
        ({"InferenceComponentStatus": "Failed"}, None),
        ({"InferenceComponentStatus": "Creating", "Specification": {}}, None),
        (None, None),
    ],
    ids=["serving", "failed", "new", "absent"],
)
def test_a_component_has_its_model(
    monkeypatch: pytest.MonkeyPatch, described: dict[str, Any] | None, image: str | None
) -> None:
    hosted = replace(PIPELINE, component=Component(memory_mb=1024))
    component = described and {"Specification": {"ModelName": "m"}} | described
    model = {"PrimaryContainer": {"Image": "i"}, "CreationTime": moment(MOMENT)}
    answers = {hosted.component_name: component, "m": model}
    monkeypatch.setattr(champion, "present", lambda _, **name: answers[next(iter(name.values()))])
    monkeypatch.setattr(
        champion,
        "client",
        lambda _: SimpleNamespace(describe_inference_component=None, describe_model=None),
    )
    result = champion.champion_of(hosted)
    assert (result and result.containers) == (image and [{"Image": image}])
    assert result is None or result.since == moment(MOMENT)
