"""The tasks that choose and confirm before an endpoint is compared or deleted."""

from __future__ import annotations

import pytest
from airflow.sdk.exceptions import AirflowFailException

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


def test_nothing_is_deleted_without_confirmation() -> None:
    with pytest.raises(AirflowFailException, match="confirm"):
        endpoints.confirmed.function(params={"confirm": False})
    endpoints.confirmed.function(params={"confirm": True})
