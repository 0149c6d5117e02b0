"""A version is registered once, however often its task runs."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.exceptions import RequestRefusedError
from prodml.notifications.outbox import take
from prodml.notifications.version_events import Rejected
from prodml.operators.project import EnsureModelPackageGroupOperator
from prodml.operators.registry import RegisterModelPackageOperator

from tests.plugins.runs import Ti, run


@pytest.fixture
def group(unique: str, ti: Ti) -> str:
    run(EnsureModelPackageGroupOperator(task_id="group", group=unique), ti)
    return unique


def _operator(group: str, trained: dict[str, Any], **arguments: Any) -> Any:
    return RegisterModelPackageOperator(
        task_id="register", group=group, containers=[trained["container"]], **arguments
    )


def test_a_version_keeps_what_is_said_about_it(
    group: str, trained: dict[str, Any], sagemaker: Any, ti: Ti
) -> None:
    operator = _operator(
        group,
        trained,
        approval="Rejected",
        approval_description="not better by 0.01",
        metadata={"window_end": "2024-03-04", "slices": [1, 2]},
        metrics={"auc": 0.9},
        model_quality="s3://bucket/evaluation.json",
    )
    take()
    result = run(operator, ti)
    version = result["model_package_arn"]
    assert take() == [Rejected(model_package_arn=version, reason="not better by 0.01")]
    description = sagemaker.describe_model_package(ModelPackageName=result["model_package_arn"])
    facts = description["CustomerMetadataProperties"]
    assert (result["version"], result["approval"], result["created"]) == (1, "Rejected", True)
    assert description["ApprovalDescription"] == "not better by 0.01"
    assert (facts["window_end"], facts["slices"]) == ("2024-03-04", "1 2")
    assert facts["metric:auc"] == "0.9"
    quality = description["ModelMetrics"]["ModelQuality"]["Statistics"]
    wanted = {"ContentType": "application/json", "S3Uri": "s3://bucket/evaluation.json"}
    assert quality == wanted


def test_a_second_try_finds_the_version(group: str, trained: dict[str, Any], ti: Ti) -> None:
    first = run(_operator(group, trained), ti)
    ti.try_number = 2
    assert run(_operator(group, trained), ti) == first | {"created": False}


def test_a_version_among_others_is_found(group: str, trained: dict[str, Any], ti: Ti) -> None:
    first = run(_operator(group, trained), ti)
    for other in "abc":
        run(_operator(group, trained), Ti(run_id=other))
    assert run(_operator(group, trained), ti) == first | {"created": False}


def test_a_version_that_is_not_among_the_newest_is_not_made_again(
    group: str, trained: dict[str, Any], ti: Ti, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AWS answers a repeated token with the version that it made."""
    first = run(_operator(group, trained), ti)
    again = _operator(group, trained)
    monkeypatch.setattr(again, "_registered", lambda key: None)
    assert run(again, ti)["version"] == first["version"]


def test_another_run_makes_another_version(group: str, trained: dict[str, Any]) -> None:
    versions = [run(_operator(group, trained), Ti(run_id=r))["version"] for r in ("a", "b")]
    assert versions == [1, 2]


def test_a_property_that_sagemaker_does_not_keep_is_refused_without_a_retry(
    group: str, trained: dict[str, Any], ti: Ti
) -> None:
    with pytest.raises(RequestRefusedError, match="why"):
        run(_operator(group, trained, metadata={"why": "worse (by far)"}), ti)


def test_an_unknown_approval_is_refused(group: str, trained: dict[str, Any], ti: Ti) -> None:
    with pytest.raises(ValueError, match="Perhaps"):
        run(_operator(group, trained, approval="Perhaps"), ti)


def test_the_last_container_knows_the_number_of_its_version(
    group: str, trained: dict[str, Any], sagemaker: Any, ti: Ti
) -> None:
    """Also where a first try has ended between the version and its number."""
    run(_operator(group, trained), Ti(run_id="other"))
    first, last = trained["container"], {**trained["container"], "Environment": {"A": "1"}}
    arguments: Any = {"task_id": "register", "group": group, "containers": [first, last]}
    run(RegisterModelPackageOperator(**arguments), ti)
    for _ in range(2):
        result = run(RegisterModelPackageOperator(**arguments, version_variable="NUMBER"), ti)
        assert (result["version"], result["created"]) == (2, False)
        description = sagemaker.describe_model_package(ModelPackageName=result["model_package_arn"])
        containers = description["InferenceSpecification"]["Containers"]
        environments = [container.get("Environment", {}) for container in containers]
        assert environments == [first.get("Environment", {}), {"A": "1", "NUMBER": "2"}]
        assert {container["ImageDigest"][:7] for container in containers} == {"sha256:"}
