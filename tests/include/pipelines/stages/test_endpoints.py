"""The tasks that choose and confirm before an endpoint is compared or deleted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowFailException
from prodml.endpoints.component import Component

from include.pipelines.churn import PIPELINE
from include.pipelines.stages import endpoints


def test_the_form_chooses_the_endpoint() -> None:
    form = {"pipeline": "churn", "metric": "errors", "direction": "Minimize"}
    assert endpoints.endpoint_of.function(params=form) == PIPELINE.endpoint
    with pytest.raises(ValueError, match="No pipeline 'other'"):
        endpoints.endpoint_of.function(params=form | {"pipeline": "other"})


def test_the_worse_model_cannot_be_promoted_by_mistake() -> None:
    form = {"pipeline": "churn", "metric": "errors", "direction": "Maximize"}
    with pytest.raises(AirflowFailException, match="Choose Minimize"):
        endpoints.endpoint_of.function(params=form)


def test_a_component_has_no_test_to_end_and_is_deleted_alone() -> None:
    hosted = replace(PIPELINE, component=Component(memory_mb=1024))
    with pytest.raises(ValueError, match="churn is an inference component, which has no A/B"):
        endpoints.refuse_no_contest(hosted)
    endpoints.refuse_no_contest(PIPELINE)
    with DAG("tear_down", schedule=None, default_args=hosted.default_args()):
        delete = endpoints.delete_served(hosted)
    assert (delete.task_id, delete.endpoint) == ("delete_component", "churn")


def test_nothing_is_deleted_without_confirmation() -> None:
    with pytest.raises(AirflowFailException, match="confirm"):
        endpoints.confirmed.function(params={"confirm": False})
    endpoints.confirmed.function(params={"confirm": True})
