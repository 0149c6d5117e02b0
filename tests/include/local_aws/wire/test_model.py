from __future__ import annotations

import tracemalloc

import pytest

from include.local_aws.wire import model


def test_unknown_operation_has_no_model() -> None:
    operation = model.operation("sagemaker", "CreateModel")
    assert operation is not None
    assert operation.name == "CreateModel"
    assert model.operation("sagemaker", "InventMachine") is None


def test_names_that_do_not_exist_take_no_memory() -> None:
    """Requests choose them, as many and as long as they like."""
    model.operation("sagemaker", "InventMachine")
    model.service_of_target("Nothing")
    tracemalloc.start()
    for number in range(200):
        name = f"{number}" * 10_000
        assert (model.operation("sagemaker", name), model.service_of_target(name)) == (None, None)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 1 << 20


@pytest.mark.parametrize(
    ("prefix", "service"),
    [
        ("SageMaker", "sagemaker"),
        ("Logs_20140328", "logs"),
        ("AnyScaleFrontendService", "application-autoscaling"),
        ("DynamoDB_20120810", None),
    ],
)
def test_target_belongs_to_a_service_of_ours(prefix: str, service: str | None) -> None:
    assert model.service_of_target(prefix) == service


def test_defaults_of_a_list_are_those_of_its_documentation() -> None:
    defaults = model.listing_defaults("sagemaker", "ListTrainingJobs")
    assert (defaults["SortBy"], defaults["SortOrder"]) == ("CreationTime", "Ascending")
    assert defaults["MaxResults"] == 10


def test_projection_keeps_the_members_of_the_shape() -> None:
    operation = model.operation("sagemaker", "DescribeModel")
    assert operation is not None
    container = {"Image": "i", "Environment": {"K": "v"}, "Secret": 1}
    document = {"ModelName": "m", "Containers": [container], "RoleArn": "r", "CreationTime": None}
    assert model.project(document, operation.output_shape) == {
        "ModelName": "m",
        "Containers": [{"Image": "i", "Environment": {"K": "v"}}],
    }
