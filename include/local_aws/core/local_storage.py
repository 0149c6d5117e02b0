"""Refuse KMS keys for volumes that are local NVMe disks: the hardware encrypts these itself.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html: "You can't
request a VolumeKmsKeyId when using an instance type with local storage."
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..wire.errors import validation

# Families of SageMaker's instance types that EC2 lists with instance store volumes.
FAMILIES = frozenset(
    {
        *("c5d", "c6gd", "m5d", "m6gd", "r5d", "r6gd", "r7gd"),
        *("dl1", "g4dn", "g5", "g6", "g6e", "g7", "g7e"),
        *("p3dn", "p4d", "p4de", "p5", "p5e", "p5en", "p6-b200", "p6-b300", "p6e-gb200"),
        *("trn1", "trn1n", "trn2"),
    }
)
KEY = "VolumeKmsKeyId"


def check_volume_keys(request: dict[str, Any]) -> None:
    """Raise ValidationException for a key of the volumes of an instance type with local disks."""
    if request.get("KmsKeyId") and "ProductionVariants" in request:
        _refuse_local(request, "KmsKeyId")
    for structure in _structures(request):
        if structure.get(KEY):
            _refuse_local(structure, KEY)


def _refuse_local(structure: dict[str, Any], member: str) -> None:
    for part in _structures(structure):
        kind = str(part.get("InstanceType", ""))
        if kind.removeprefix("ml.").partition(".")[0] in FAMILIES:
            raise validation(
                f"{member} is not supported for instance type {kind}, which has local storage "
                "that is encrypted by a hardware module."
            )


def _structures(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every structure in *value*, itself first."""
    if isinstance(value, dict):
        yield value
    members = value.values() if isinstance(value, dict) else value
    for member in members if isinstance(value, dict | list) else ():
        yield from _structures(member)
