"""The wiring of a copy, and its plan."""

from __future__ import annotations

from typing import Any

import pytest
from airflow.sdk import XComArg
from airflow.sdk.exceptions import AirflowFailException

from include.jobs.tabular.answers import VERSION
from include.pipelines import params, stages
from include.pipelines.stages.importing import plan_import
from tests.include.pipelines.stages.conftest import Wired

ARN = "arn:aws:sagemaker:eu-west-1:111111111111:model-package/churn/7"


def test_the_copy_goes_where_its_plan_says(wired: Wired) -> None:
    copy = wired(stages.import_version)["copy"]
    assert copy.upstream_task_ids == {"plan_import"}
    for member in ("group", "output_uri"):
        value: Any = getattr(copy, member)
        assert isinstance(value, XComArg)
        assert f"key='{member}'" in str(value)


def test_the_source_is_read_as_the_form_says_and_the_copy_answers_its_own_version(
    wired: Wired,
) -> None:
    copy = wired(stages.import_version)["copy"]
    assert {name: getattr(copy, name) for name in params.SOURCE} == params.SOURCE
    assert copy.version_variable == VERSION


def test_a_form_without_a_version_fails_at_once() -> None:
    assert plan_import.function(params={"pipeline": "churn", "source": ARN})["group"] == "churn"
    with pytest.raises(AirflowFailException, match="Set `source` to the ARN"):
        plan_import.function(params={"pipeline": "churn", "source": None})
