"""The names of what steps create, and the requests that create them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.pipelines.expressions import Unresolved
from include.local_aws.sagemaker.pipelines.kinds import KINDS
from include.local_aws.sagemaker.pipelines.requests import job_name, request
from tests.include.local_aws.sagemaker.pipelines.definitions import get, model, processing
from tests.include.local_aws.sagemaker.pipelines.executions import stored

ID = "abcdefghijkl"
LONG = "x" * 70


def name_of(aws: Aws, step_type: str, step: str = "My_Step", **arguments: Any) -> str:
    """Return the name of what a step of that type creates in the execution ID."""
    source = {"Name": step, "Type": step_type, "Arguments": arguments}
    execution = stored(aws, source, identity=ID)
    return job_name(execution, execution.definition.steps[step], KINDS[step_type])


@pytest.mark.parametrize(
    ("step_type", "arguments", "pattern"),
    [
        ("Processing", {}, rf"pipelines-{ID}-My-Step-\w{{10}}"),
        ("Tuning", {}, rf"{ID}-My-Step-\w{{10}}"),
        ("Training", {"TrainingJobName": "mine"}, rf"mine-{ID}-\w{{10}}"),
        ("Training", {"TrainingJobName": LONG}, rf"x{{39}}-{ID}-\w{{10}}"),
        (
            "Tuning",
            {"HyperParameterTuningJobName": get("Execution.PipelineName")},
            rf"churn-{ID}-\w{{10}}",
        ),
        ("EndpointConfig", {"EndpointConfigName": "mine"}, f"mine-{ID}"),
        ("EndpointConfig", {}, rf"{ID}-\w{{10}}"),
        ("RegisterModel", {}, rf"{ID}-\w{{10}}"),
        ("Endpoint", {"EndpointName": get("Execution.PipelineName")}, "churn"),
    ],
)
def test_a_name_is_made_as_aws_makes_it(
    aws: Aws, step_type: str, arguments: dict[str, Any], pattern: str
) -> None:
    assert re.fullmatch(pattern, name_of(aws, step_type, **arguments))


@pytest.mark.parametrize(("step_type", "limit"), [("Processing", 63), ("Tuning", 32)])
def test_the_name_of_a_long_step_is_within_the_limit(aws: Aws, step_type: str, limit: int) -> None:
    assert len(name_of(aws, step_type, "s" * 64)) <= limit


def made(aws: Aws, step: Doc, **members: Any) -> Doc:
    """Return the request that creates `job` for the only step of an execution."""
    execution = stored(aws, step, **members)
    return request(execution, execution.definition.steps["A"], KINDS[step["Type"]], "job")


def test_a_request_has_the_values_of_expressions_and_the_name(aws: Aws) -> None:
    step = model("A", image=get("Parameters.Image"), environment={"RATE": get("Parameters.Rate")})
    step["Arguments"]["ModelName"] = "theirs"
    create = made(aws, step, Parameters={"Image": "i", "Rate": 0.5})
    assert create["ModelName"] == "job"
    assert create["PrimaryContainer"] == {"Image": "i", "Environment": {"RATE": "0.5"}}


def test_a_version_is_registered_once_by_its_token(aws: Aws) -> None:
    step = {"Name": "A", "Type": "RegisterModel", "Arguments": {"ModelPackageGroupName": "g"}}
    assert made(aws, step) == {"ModelPackageGroupName": "g", "ClientToken": "job"}


def test_a_job_belongs_to_the_trial_of_its_execution(aws: Aws) -> None:
    names = {"ExperimentName": "churn", "TrialName": "e1"}
    step = processing("A", "pass")
    step["Arguments"]["ExperimentConfig"] = {"TrialName": "x", "TrialComponentDisplayName": "shown"}
    create = made(aws, step, PipelineExperimentConfig=names)
    assert create["ExperimentConfig"] == names | {"TrialComponentDisplayName": "shown"}
    assert create["ProcessingJobName"] == "job"


def test_a_value_that_the_request_cannot_have_is_named(aws: Aws) -> None:
    step = model("A")
    step["Arguments"]["Tags"] = get("Parameters.Tags")
    with pytest.raises(Unresolved, match=r"Expecting start of Json Array\."):
        made(aws, step, Parameters={"Tags": "none"})
