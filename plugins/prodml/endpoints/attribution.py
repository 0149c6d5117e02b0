"""Let every captured answer say which model gave it: a capture folder for each configuration.

Data capture writes to ``DestinationS3Uri/ENDPOINT/VARIANT/yyyy/mm/dd/hh``, which names no
configuration, and during a shift, a bake or a rollback two of them answer at the same time. So each
configuration gets a destination that ends with its own name, and a record there says which model
each of its variants serves, also once the configuration is deleted.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from prodml.aws.client import Aws
from prodml.aws.retries import present
from prodml.aws.s3 import join, put_text, read_json
from prodml.containers import version_of_model
from prodml.endpoints.variants import variants
from prodml.exceptions import MissingObjectError
from prodml.vocabulary import Json

CAPTURE, DESTINATION = "DataCaptureConfig", "DestinationS3Uri"
RECORD = "configuration.json"


def apart(request: Json, name: str) -> Json:
    """Return a CreateEndpointConfig *request* that captures into the folder of the name."""
    capture = request.get(CAPTURE)
    if not capture:
        return request
    return request | {CAPTURE: capture | {DESTINATION: join(capture[DESTINATION], name)}}


def shared(config: Json) -> Json:
    """Return a described configuration with the destination that its successor shares with it."""
    if not (capture := config.get(CAPTURE)):
        return config
    root = root_of(capture[DESTINATION], config["EndpointConfigName"])
    return config | {CAPTURE: capture | {DESTINATION: root or capture[DESTINATION]}}


def root_of(destination: str, config: str) -> str | None:
    """Return what lies above the folder of *config*; None if the destination is not its own."""
    above, _, last = destination.rstrip("/").rpartition("/")
    return above if last == config else None


def folder(config: Json, endpoint: str, variant: str) -> str | None:
    """Return where a described configuration captures one variant's answers, if it does."""
    capture = config.get(CAPTURE)
    return join(capture[DESTINATION], endpoint, variant) if capture else None


def write_record(aws: Aws, request: Json) -> None:
    """Write down what each variant of a CreateEndpointConfig *request* serves."""
    if capture := request.get(CAPTURE):
        served = json.dumps(serving(aws.client("sagemaker"), request), indent=1)
        uri = join(capture[DESTINATION], RECORD)
        put_text(aws.client("s3"), uri, served, "application/json")


def read_record(s3: Any, sagemaker: Any, destination: str, config: str) -> list[Json]:
    """Return what each variant of *config* served, the production variant first.

    The record may have expired with old captures; then the configuration itself is asked. Empty
    where neither is left.
    """
    with suppress(MissingObjectError):
        return list(read_json(s3, join(destination, RECORD))["variants"])
    described = present(sagemaker.describe_endpoint_config, EndpointConfigName=config)
    return list(serving(sagemaker, described)["variants"]) if described else []


def serving(sagemaker: Any, config: Json) -> Json:
    """Return the model, and the version that it was made from, of each variant of *config*."""
    return {"variants": [_served(sagemaker, variant) for variant in variants(config)]}


def _served(sagemaker: Any, variant: Json) -> Json:
    model = variant.get("ModelName")
    described = present(sagemaker.describe_model, ModelName=model) if model else None
    arn = version_of_model(described or {})
    return {"variant": variant["VariantName"], "model": model, "model_package_arn": arn}
