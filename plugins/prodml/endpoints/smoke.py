"""Send test requests to an endpoint; records of data capture show that they are no traffic."""

from __future__ import annotations

from typing import Any

from prodml.aws.client import Aws
from prodml.aws.retries import with_retries
from prodml.rendered import given
from prodml.vocabulary import TEST_TRAFFIC, Json


def aim(
    variant: str | None = None, target_model: str | None = None, component: str | None = None
) -> Json:
    """Return the members of InvokeEndpoint that name what answers; empty text names nothing."""
    stated = {
        "TargetVariant": given(variant),
        "TargetModel": given(target_model),
        "InferenceComponentName": given(component),
    }
    return {member: name for member, name in stated.items() if name}


def send(
    aws: Aws,
    endpoint: str,
    payload: str,
    content_type: str,
    purpose: str = "smoke",
    **members: Any,
) -> Json:
    """Return the endpoint's response to one request with further *members* of InvokeEndpoint.

    :param purpose: The end of the inference id, which data capture records.
    """
    response: Json = with_retries(
        aws.client("sagemaker-runtime").invoke_endpoint,
        EndpointName=endpoint,
        ContentType=content_type,
        Body=payload.encode(),
        InferenceId=f"{TEST_TRAFFIC}{purpose}",
        **members,
    )
    return response
