"""Reduce a request to the members that decide its result: equal fingerprints, equal jobs."""

from __future__ import annotations

from typing import Any

from prodml.aws.digests import content_digest
from prodml.aws.manifests import is_manifest, manifest_digest

# The output location, role, instance type, volume, network, encryption, tags and names of
# containers do not change the result.
INDIFFERENT = frozenset(
    {
        *("EnableInterContainerTrafficEncryption", "EnableNetworkIsolation", "KmsKeyId"),
        *("NetworkConfig", "SecurityConfig", "VolumeKmsKeyId", "VpcConfig"),
        *("CheckpointConfig", "ExperimentConfig", "InstanceType", "RoleArn", "S3OutputPath"),
        *("ContainerHostname", "StoppingCondition", "Tags", "VolumeSizeInGB"),
    }
)
VERBATIM = frozenset({"HyperParameters", "StaticHyperParameters", "Environment"})  # users' keys
INPUTS = frozenset(
    {
        *("AutoMLJobInputDataConfig", "Containers", "InputDataConfig"),
        *("ProcessingInputs", "TransformInput"),
    }
)
ADDRESSES = ("S3Uri", "ModelDataUrl")
MANIFEST = "ManifestFile"
INPUT_ADDRESS = "PRODML_INPUT_ADDRESS"  # where a manifest's objects lie, for a job's messages


def fingerprint(s3: Any, request: Any, is_input: bool = False) -> Any:
    """Return the part of *request* that decides the result, with inputs by content."""
    if isinstance(request, list):
        return [fingerprint(s3, item, is_input) for item in request]
    if not isinstance(request, dict):
        return request
    kept: dict[str, Any] = {}
    for key, member in request.items():
        if key in VERBATIM:
            deciding = (name for name in member if name != INPUT_ADDRESS)
            kept[key] = {name: member[name] for name in deciding}
        elif key in ADDRESSES and isinstance(member, str):
            by_manifest = request.get("S3DataType") == MANIFEST or is_manifest(member)
            digest = manifest_digest if by_manifest else content_digest
            kept[key] = digest(s3, member) if is_input else None
        elif key not in INDIFFERENT:
            kept[key] = fingerprint(s3, member, is_input or key in INPUTS)
    return kept
