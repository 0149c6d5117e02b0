"""Header fields of SageMaker Runtime, and those that a model receives."""

from __future__ import annotations

from .connections import Header

Headers = dict[bytes, bytes]
CONTENT_TYPE, ACCEPT = b"content-type", b"accept"
TARGET_VARIANT = b"x-amzn-sagemaker-target-variant"
TARGET_MODEL = b"x-amzn-sagemaker-target-model"
TARGET_CONTAINER = b"x-amzn-sagemaker-target-container-hostname"
INFERENCE_COMPONENT = b"x-amzn-sagemaker-inference-component"
INFERENCE_ID = b"x-amzn-sagemaker-inference-id"
CUSTOM_ATTRIBUTES = b"x-amzn-sagemaker-custom-attributes"
OUTPUT_LOCATION = b"x-amzn-sagemaker-outputlocation"
FAILURE_LOCATION = b"x-amzn-sagemaker-failurelocation"
INVOKED_VARIANT = b"x-amzn-invoked-production-variant"
FORWARDED = (CONTENT_TYPE, ACCEPT, CUSTOM_ATTRIBUTES, INFERENCE_ID)


def forwarded(headers: Headers) -> list[Header]:
    """Return the header fields of a request that its model receives."""
    return [(key, headers[key]) for key in FORWARDED if key in headers]
