"""The requests of SageMaker jobs that benchmarks share."""

from __future__ import annotations

from typing import Any

ROLE = "arn:aws:iam::000000000000:role/prodml"
SKLEARN = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3"


def processing_request() -> dict[str, Any]:
    """Return the image and the cluster of a Processing job on one instance."""
    cluster = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}
    return {
        "AppSpecification": {"ImageUri": SKLEARN},
        "ProcessingResources": {"ClusterConfig": cluster},
    }
