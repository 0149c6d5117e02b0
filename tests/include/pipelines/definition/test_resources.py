from __future__ import annotations

from typing import Any

import pytest

from include.pipelines.definition.resources import Instances, Resources, Step
from include.pipelines.errors import PipelineError


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"instance_type": "m5.large"}, "'m5.large' is not an instance type. Use one such as"),
        ({"more_types": ("ml.m5",)}, "'ml.m5' is not an instance type"),
        ({"count": 0}, "count is 0. Set it to a whole number from 1 to 100"),
        ({"count": True}, "count is True"),
        ({"volume_gb": 16_385}, "volume_gb is 16385"),
        ({"volume_gb": 1.5}, "volume_gb is 1.5"),
    ],
)
def test_instances_that_aws_cannot_have_are_refused(members: Any, sentence: str) -> None:
    with pytest.raises(PipelineError, match=sentence):
        Instances(**members)


def test_what_a_step_does_not_have_is_refused() -> None:
    with pytest.raises(PipelineError, match="AWS sizes the volumes of transform jobs itself"):
        Resources(transform=Instances(volume_gb=20))
    with pytest.raises(PipelineError, match="a variant of an endpoint has one instance type"):
        Resources(endpoint=Instances("ml.m5.large", more_types=("ml.c5.xlarge",)))


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(PipelineError, match=r"engine is 'dask'\. Set it to one of: arrow, spark\."):
        Resources(engine="dask")


def test_a_type_is_tried_once() -> None:
    instances = Instances("ml.m5.large", more_types=("ml.c5.xlarge", "ml.m5.large"))
    assert instances.types(Step.TRAINING) == ("ml.m5.large", "ml.c5.xlarge")
    assert instances.fallbacks(Step.TRAINING) == ["ml.c5.xlarge"]
