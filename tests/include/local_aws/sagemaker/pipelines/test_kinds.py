"""The table of step types against the requests and descriptions of SageMaker."""

from __future__ import annotations

import pytest

from include.local_aws.sagemaker.pipelines.kinds import KINDS, Kind
from include.local_aws.wire import model


@pytest.mark.parametrize("step_type", KINDS)
def test_requests_and_descriptions_have_the_members_of_the_table(step_type: str) -> None:
    kind = KINDS[step_type]
    assert kind.output.members.keys() >= {kind.arn, *filter(None, [kind.status])}
    assert kind.input.members.keys() >= set(kind.signature)
    if step_type != "RegisterModel":  # CreateModelPackage numbers the versions of a group itself
        assert kind.name in kind.input.required_members


@pytest.mark.parametrize("step_type", KINDS)
def test_every_step_type_has_its_metadata(step_type: str) -> None:
    operation = model.operation("sagemaker", "ListPipelineExecutionSteps")
    assert operation
    steps = operation.output_shape.members["PipelineExecutionSteps"]
    assert KINDS[step_type].metadata in steps.member.members["Metadata"].members


def test_an_operation_that_sagemaker_lacks_is_named() -> None:
    with pytest.raises(LookupError, match="sagemaker has no operation CreateRocket"):
        _ = Kind("Rocket", "Rocket").input
