"""Actions that SageMaker does as an execution role before a container starts."""

from __future__ import annotations

import re

from .account import Aws

REPOSITORY = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/([^:@]+)")
PULLING = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


class ImageDenied(Exception):
    """Raised if a role may not pull an image; the message is a FailureReason."""


class KeyDenied(Exception):
    """Raised if a role may not use the KMS key of volumes; the message is a FailureReason."""


async def prepare(aws: Aws, role: str, image: str, group: str, stream: str) -> bool:
    """Return whether *role* may write a log stream; raise ImageDenied if it may not pull *image*.

    Without permission for its log, a job runs and no line of it is stored, as on AWS.
    """
    await _check_image(aws, role, image)
    place = aws.arn(f"log-group:{group}:log-stream:", "logs")
    await _denial(aws, role, "logs:CreateLogGroup", place)  # the group may exist
    denials = [
        await _denial(aws, role, action, f"{place}{stream}")
        for action in ("logs:CreateLogStream", "logs:PutLogEvents")
    ]
    return not any(denials)


async def may_publish(aws: Aws, role: str) -> bool:
    """Return whether *role* may publish the metrics of a job."""
    return not await _denial(aws, role, "cloudwatch:PutMetricData", "*")


async def check_volumes(aws: Aws, role: str, key: str | None) -> None:
    """Raise KeyDenied if *role* may not have volumes encrypted with a KMS key."""
    denial = await _denial(aws, role, "kms:CreateGrant", key) if key else None
    if denial:
        raise KeyDenied(f"ClientError: The volumes cannot be encrypted with {key}. {denial}")


async def _check_image(aws: Aws, role: str, image: str) -> None:
    """Check an image of the account's own registry; AWS's registries let every account pull."""
    match = REPOSITORY.match(image)
    if match is None or match[1] != aws.account:
        return
    resource = f"arn:aws:ecr:{match[2]}:{match[1]}:repository/{match[3]}"
    needed = [("ecr:GetAuthorizationToken", "*"), *((action, resource) for action in PULLING)]
    for action, target in needed:
        if denial := await _denial(aws, role, action, target):
            name = action.partition(":")[2]
            raise ImageDenied(
                f"ClientError: The role '{role}' does not have {name} permission for the image: "
                f"'{image}'. {denial}"
            )


async def _denial(aws: Aws, role: str, action: str, resource: str) -> str | None:
    return await aws.credentials.denial((aws.account, aws.region), role, action, resource)
