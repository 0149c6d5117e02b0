"""Scripts train on several instances; here on the only one of a job."""

from __future__ import annotations

from typing import Any

import pytest

from tests.include.local_aws.images.interpreter import Interpreter

RUN = """
from sagemaker_xgboost_container import distributed

def run(**arguments):
    global answer
    answer = arguments

distributed.rabit_run(
    exec_fun=run, args={"rounds": 3}, include_in_training=True, hosts=["algo-1"],
    current_host="algo-1", first_port=9099, update_rabit_args=update,
)
"""


@pytest.mark.parametrize(
    ("update", "arguments"), [(True, {"rounds": 3, "is_master": True}), (False, {"rounds": 3})]
)
def test_a_function_is_called_with_its_arguments(
    script: Interpreter, update: bool, arguments: dict[str, Any]
) -> None:
    assert script.run(RUN, update=update) == arguments
