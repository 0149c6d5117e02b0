"""Versions of one, two and three containers: registered, compared, deployed, scored, copied."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException
from prodml.comparison.contest import CHALLENGER
from prodml.exceptions import InvalidInputError, RequestRefusedError, RolledBackError
from prodml.naming import content_name
from prodml.operators.alarms import EndpointAlarmsOperator
from prodml.operators.comparison import CompareVariantsOperator
from prodml.operators.contest import PromoteWinnerOperator
from prodml.operators.project import EnsureModelPackageGroupOperator
from prodml.operators.registry import RegisterModelPackageOperator
from prodml.operators.transform import BatchTransformOperator
from prodml.results import Container

from tests.include.local_aws.models import Platform
from tests.include.local_aws.traffic import Traffic
from tests.plugins.runs import REGISTRY, ROLE, Ti, deploying, read_text, run

GROUP = "pipelines"
IMAGE = f"{REGISTRY}/part:v1"
ANSWERS = {"one": "one(x)", "two": "two(raw(x))", "three": "json(three(raw(x)))"}


def _parts(*names: str) -> list[Container]:
    """Return containers of which each one says its name and what it was sent."""
    return [{"Image": IMAGE, "Environment": {"NAME": name}} for name in names]


def _register(*names: str) -> str:
    registering = RegisterModelPackageOperator(
        task_id="register", group=GROUP, containers=_parts(*names), approval="Approved"
    )
    return str(run(registering, Ti("-".join(names)))["model_package_arn"])


@pytest.fixture(scope="module")
def versions(platform: Platform) -> dict[str, str]:
    run(EnsureModelPackageGroupOperator(task_id="group", group=GROUP), Ti("group"))
    return {
        "one": _register("one"),
        "two": _register("raw", "two"),
        "three": _register("raw", "three", "json"),
        "bad": _register("raw", "bad"),
    }


def _winner(endpoint: str, ti: Ti) -> dict[str, Any]:
    """Return the verdict once enough requests are in CloudWatch."""
    how: dict[str, Any] = {"hours": 0, "min_requests": 5, "check_every": 0.1, "min_gain": -60}
    comparing = CompareVariantsOperator(task_id="compare", endpoint=endpoint, **how)
    while True:
        with contextlib.suppress(AirflowSkipException):
            return dict(run(comparing, ti))


@pytest.mark.parametrize(
    ("rollout", "incumbent", "challenger"), [("ab", "one", "three"), ("shadow", "three", "two")]
)
def test_variants_of_different_lengths_compete_on_one_endpoint(
    rollout: str,
    incumbent: str,
    challenger: str,
    endpoint: str,
    platform: Platform,
    versions: dict[str, str],
    ti: Ti,
) -> None:
    run(deploying(endpoint, versions[incumbent], smoke_payload="x"), ti)
    begun = run(deploying(endpoint, versions[challenger], rollout=rollout, rollout_step=50), ti)
    assert (begun["variant"], begun["changed"]) == (CHALLENGER, True)
    with Traffic(platform, endpoint, body="x", callers=3) as traffic:
        traffic.until(lambda answers: len(answers) > 40)
        seen = {ANSWERS[incumbent]} | ({ANSWERS[challenger]} if rollout == "ab" else set())
        assert set(traffic.answers) == seen
        verdict = _winner(endpoint, ti)
        assert verdict["winner"] == CHALLENGER
        promoting = PromoteWinnerOperator(
            task_id="promote",
            endpoint=endpoint,
            winner=verdict["winner"],
            contest_config=verdict["config"],
            poll_interval=0.1,
        )
        promoted = run(promoting, ti)
    assert traffic.failures == []
    assert (promoted["promoted"], promoted["model_package_arn"]) == (True, versions[challenger])
    assert platform.invoke(endpoint, "x") == ANSWERS[challenger]


def test_canary_whose_second_container_fails_is_rolled_back(
    endpoint: str, platform: Platform, versions: dict[str, str], ti: Ti
) -> None:
    alarms = run(EndpointAlarmsOperator(task_id="alarms", endpoint=endpoint), ti)["alarms"]
    how = {"rollout": "canary", "rollout_step": 50, "rollback_alarms": alarms}
    three = run(deploying(endpoint, versions["three"], **how), ti)
    with Traffic(platform, endpoint, body="x", callers=3) as traffic:
        traffic.until_answered(ANSWERS["three"])
        with pytest.raises(RolledBackError, match=f"on {three['config']}, not in service"):
            run(deploying(endpoint, versions["bad"], rollout_wait=1800, **how), ti)
    assert set(traffic.answers) == {ANSWERS["three"]}


def test_pipeline_that_does_not_answer_the_smoke_request_is_rolled_back(
    endpoint: str, platform: Platform, versions: dict[str, str], ti: Ti
) -> None:
    two = run(deploying(endpoint, versions["two"]), ti)
    with pytest.raises(RolledBackError, match=f"Rolled back to {two['config']}"):
        run(deploying(endpoint, versions["bad"], smoke_payload="x"), ti)
    assert platform.invoke(endpoint, "x") == ANSWERS["two"]


def test_foreign_model_with_another_second_container_never_serves(
    endpoint: str, platform: Platform, versions: dict[str, str], ti: Ti
) -> None:
    run(deploying(endpoint, versions["one"]), ti)
    made_from = {"ModelPackageName": versions["three"]}
    name = content_name(endpoint, {"PrimaryContainer": made_from, "ExecutionRoleArn": ROLE})
    platform.sagemaker.create_model(
        ModelName=name, Containers=_parts("raw", "other", "json"), ExecutionRoleArn=ROLE
    )
    other = f"container 2 of model {name} has the variables NAME with other values"
    with pytest.raises(RequestRefusedError, match=other):
        run(deploying(endpoint, versions["three"]), ti)
    assert platform.invoke(endpoint, "x") == ANSWERS["one"]


@pytest.mark.parametrize("version", list(ANSWERS))
def test_every_length_scores_a_file(
    version: str, versions: dict[str, str], s3: Any, bucket: str, unique: str, ti: Ti
) -> None:
    s3.put_object(Bucket=bucket, Key=f"{unique}/in/rows.csv", Body=b"x\nx\n")
    names = {"one": ["one"], "two": ["raw", "two"], "three": ["raw", "three", "json"]}
    transforming = BatchTransformOperator(
        task_id="score",
        containers=_parts(*names[version]),
        input_uri=f"s3://{bucket}/{unique}/in/",
        output_uri=f"s3://{bucket}/{unique}/out/",
        role_arn=ROLE,
        strategy="SingleRecord",
        poll_interval=0.2,
    )
    (scored,) = run(transforming, ti)["files"]
    assert read_text(s3, scored) == f"{ANSWERS[version]}\n" * 2


@pytest.mark.parametrize("containers", [[], _parts(*map(str, range(16))), {"Image": IMAGE}])
def test_a_list_that_no_model_has_is_refused(
    containers: Any, versions: dict[str, str], ti: Ti
) -> None:
    registering = RegisterModelPackageOperator(
        task_id="register", group=GROUP, containers=containers
    )
    with pytest.raises(InvalidInputError, match="Give a list of 1 to 15 containers"):
        run(registering, ti)
