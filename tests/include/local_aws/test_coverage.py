"""The list of emulated operations is up to date, and sufficient for its clients."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import airflow.providers.amazon
import botocore.session
import pytest
import smexperiments
from botocore import xform_name

from include.local_aws import coverage
from include.local_aws.wire import model
from tests.include.local_aws.refusals import refusal

# Operations of clients that the embedded AWS does not have.
OUTSIDE = re.compile("Pipeline|Notebook|Image|InferenceExperiment")
FAMILIES = re.compile(
    "TrainingJob|HyperParameterTuning|ProcessingJob|TransformJob|Experiment|Trial|Artifact|Action|Context|Association"
    "|QueryLineage|ModelPackage|Model$|Models$|Endpoint|EndpointConfig|Tags|^Search"
)


def test_page_is_up_to_date() -> None:
    """`make coverage` updates it."""
    assert coverage.PAGE.read_text() == coverage.page()


def calls(package: Any, pattern: str) -> set[str]:
    """Return the SageMaker operations that the sources of *package* call, by boto3's name."""
    known = {xform_name(name): name for name in model.service("sagemaker").operation_names}
    names: set[str] = set()
    for folder in package.__path__:
        for file in Path(folder).rglob(pattern):
            words = re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b", file.read_text())
            names |= {known[word] for word in words if word in known}
    return names


@pytest.mark.parametrize(
    ("package", "pattern"), [(airflow.providers.amazon, "sagemaker*.py"), (smexperiments, "*.py")]
)
def test_operations_of_clients_exist(package: Any, pattern: str) -> None:
    wanted = {name for name in calls(package, pattern) if not OUTSIDE.search(name)}
    assert wanted
    assert refused(wanted) == set()


def test_operations_of_waiters_and_paginators_exist() -> None:
    session = botocore.session.get_session()
    waiters = session.get_waiter_model("sagemaker")
    wanted = {waiters.get_waiter(name).operation for name in waiters.waiter_names}
    wanted |= set(session.get_paginator_model("sagemaker")._paginator_config)
    wanted = {name for name in wanted if FAMILIES.search(name) and not OUTSIDE.search(name)}
    assert "ListTrialComponents" in wanted
    assert refused(wanted) == set()


def refused(operations: set[str]) -> set[str]:
    return {name for name in operations if coverage.state("sagemaker", name) == "refused"}


@pytest.mark.parametrize("service", coverage.SERVICES)
def test_refused_operations_are_named(local_aws: Any, service: str) -> None:
    """The first refused operation without required members: never HTML, never a 500."""
    client = local_aws.client(service)
    known = model.service(service)
    for name in known.operation_names:
        shape = known.operation_model(name).input_shape
        if coverage.state(service, name) != "refused" or (shape and shape.required_members):
            continue
        code, message = refusal(getattr(client, xform_name(name)))
        assert (code, name in message) == ("NotImplementedException", True)
