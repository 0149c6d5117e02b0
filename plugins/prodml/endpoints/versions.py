"""Read versions of model packages: whether they may serve, and which one is newer."""

from __future__ import annotations

from typing import Any

from prodml.aws.retries import with_retries
from prodml.exceptions import RequestRefusedError
from prodml.vocabulary import Approval, Json


def describe_version(sagemaker: Any, arn: str) -> Json:
    version: Json = with_retries(sagemaker.describe_model_package, ModelPackageName=arn)
    return version


def refuse_unapproved(version: Json) -> None:
    """Raise unless the described version is approved."""
    if (approval := version["ModelApprovalStatus"]) != Approval.APPROVED:
        raise RequestRefusedError(
            f"Model package {version['ModelPackageArn']} is {approval}. "
            "Only an approved version can be deployed: approve it, or deploy another one."
        )


def age(version: Json, order_by: str) -> str:
    """Return the metadata property that sorts versions by age; empty if it is missing."""
    return str(version.get("CustomerMetadataProperties", {}).get(order_by, ""))
