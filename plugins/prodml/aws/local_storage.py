"""Recognize instance types with local NVMe disks, which the hardware encrypts with its own key.

AWS refuses a KMS key for them:
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html. The families are
those of SageMaker's instance types that EC2 lists with instance store volumes.
"""

from __future__ import annotations

FAMILIES = frozenset(
    {
        *("c5d", "c6gd", "m5d", "m6gd", "r5d", "r6gd", "r7gd"),
        *("dl1", "g4dn", "g5", "g6", "g6e", "g7", "g7e"),
        *("p3dn", "p4d", "p4de", "p5", "p5e", "p5en", "p6-b200", "p6-b300", "p6e-gb200"),
        *("trn1", "trn1n", "trn2"),
    }
)


def has_local_storage(instance_type: str) -> bool:
    """Return whether AWS refuses a KMS key for the volumes of *instance_type*."""
    return instance_type.removeprefix("ml.").partition(".")[0] in FAMILIES
