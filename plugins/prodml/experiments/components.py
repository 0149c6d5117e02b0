"""Record parameters and inputs in trial components, by sagemaker-experiments where it imports.

It imports `pkg_resources`, which setuptools 81 removed. Amazon MWAA and newer images of Airflow
have no older setuptools; there the same record is written by SageMaker's API.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from numbers import Real
from typing import Any

from prodml.aws.retries import get_or_create, with_retries
from prodml.vocabulary import Json

URI = "s3/uri"  # the media type of an address
log = logging.getLogger(__name__)


def record_component(
    sagemaker: Any,
    name: str,
    display_name: str,
    parameters: Mapping[str, Any],
    inputs: Mapping[str, str] | None = None,
) -> None:
    """Create the component *name* if it is missing, and record *parameters* and *inputs* in it."""
    create = sagemaker.create_trial_component
    get_or_create(create, TrialComponentName=name, DisplayName=display_name)
    tracker = _tracker()
    write = _update if tracker is None else tracker
    with_retries(
        write, sagemaker=sagemaker, name=name, parameters=dict(parameters), inputs=inputs or {}
    )


def _tracker() -> Any:
    """Return a function that records by smexperiments' Tracker; None if it cannot be imported."""
    try:
        from smexperiments.tracker import Tracker
    except ImportError as error:
        log.info("Recording without sagemaker-experiments, which cannot be imported: %s", error)
        return None

    def track(sagemaker: Any, name: str, parameters: Json, inputs: Mapping[str, str]) -> None:
        with Tracker.load(name, sagemaker_boto_client=sagemaker) as tracker:
            tracker.log_parameters(parameters)
            for key, uri in inputs.items():
                tracker.log_input(key, uri, media_type=URI)

    return track


def _update(sagemaker: Any, name: str, parameters: Json, inputs: Mapping[str, str]) -> None:
    now = datetime.now(UTC)
    sagemaker.update_trial_component(
        TrialComponentName=name,
        Status={"PrimaryStatus": "Completed"},
        StartTime=now,
        EndTime=now,
        Parameters={key: _parameter(value) for key, value in parameters.items()},
        InputArtifacts={key: {"Value": uri, "MediaType": URI} for key, uri in inputs.items()},
    )


def _parameter(value: Any) -> Json:
    if isinstance(value, Real):
        return {"NumberValue": float(value)}
    return {"StringValue": str(value)}
