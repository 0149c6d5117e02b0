"""What of a request decides its result: what two jobs must have in common to be one."""

from __future__ import annotations

from typing import Any

from prodml.aws.s3 import content_digest

# Where a result is put, who pays, what runs it, how that is connected and encrypted, and what it is
# called do not decide the result.
INDIFFERENT = frozenset(
    {
        *("EnableInterContainerTrafficEncryption", "EnableNetworkIsolation", "KmsKeyId"),
        *("NetworkConfig", "VolumeKmsKeyId", "VpcConfig"),
        *("CheckpointConfig", "ExperimentConfig", "InstanceType", "RoleArn", "S3OutputPath"),
        *("StoppingCondition", "Tags"),
    }
)
VERBATIM = frozenset({"HyperParameters", "StaticHyperParameters", "Environment"})  # names of users
INPUTS = frozenset(
    {
        *("InputDataConfig", "ProcessingInputs", "TransformInput"),
        *("Container", "Containers", "PrimaryContainer"),
    }
)
ADDRESSES = ("S3Uri", "ModelDataUrl")


def fingerprint(s3: Any, request: Any, is_input: bool = False) -> Any:
    """The part of *request* that decides the result; inputs by content, not by address."""
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
