"""Reduce a request to the members that decide its result: equal fingerprints, equal jobs."""

from __future__ import annotations

from typing import Any

from prodml.aws.s3 import content_digest

# The output location, role, instance type, network, encryption and tags do not change the result.
INDIFFERENT = frozenset(
    {
        *("EnableInterContainerTrafficEncryption", "EnableNetworkIsolation", "KmsKeyId"),
        *("NetworkConfig", "VolumeKmsKeyId", "VpcConfig"),
        *("CheckpointConfig", "ExperimentConfig", "InstanceType", "RoleArn", "S3OutputPath"),
        *("StoppingCondition", "Tags"),
    }
)
VERBATIM = frozenset({"HyperParameters", "StaticHyperParameters", "Environment"})  # users' keys
INPUTS = frozenset(
    {
        *("InputDataConfig", "ProcessingInputs", "TransformInput"),
        *("Container", "Containers", "PrimaryContainer"),
    }
)
ADDRESSES = ("S3Uri", "ModelDataUrl")


def fingerprint(s3: Any, request: Any, is_input: bool = False) -> Any:
    """Return the part of *request* that decides the result, with inputs by content."""
    if isinstance(request, list):
        return [fingerprint(s3, item, is_input) for item in request]
    if not isinstance(request, dict):
        return request
    kept = {}
    for key, member in request.items():
        if key in VERBATIM:
            kept[key] = member
        elif key in ADDRESSES and isinstance(member, str):
            kept[key] = content_digest(s3, member) if is_input else None
        elif key not in INDIFFERENT:
            kept[key] = fingerprint(s3, member, is_input or key in INPUTS)
    return kept
