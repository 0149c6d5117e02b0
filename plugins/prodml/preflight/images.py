"""The images of jobs and endpoints: they are in the region, and your own ones exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prodml.aws.client import Aws
from prodml.aws.errors import code_of
from prodml.preflight.findings import Finding, ok, unknown, wrong
from prodml.preflight.project import Project
from prodml.vocabulary import Json

URI = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[\w-]+)\.amazonaws\.com(?:\.cn)?/"
    r"(?P<repository>[^:@]+)(?::(?P<tag>[^@]+)|@(?P<digest>sha256:\w+))?"
)


def check_images(aws: Aws, project: Project) -> Iterator[Finding]:
    """Check each image once."""
    for image in dict.fromkeys(project.images):
        yield _checked(aws, project, image)


def _checked(aws: Aws, project: Project, image: str) -> Finding:
    check = f"image {image.rpartition('/')[2]}"
    if not (uri := URI.fullmatch(image)):
        return wrong(
            check,
            f"{image} is not in ECR",
            "Use the URI of an image in ECR: docs/how-to/own-image.md",
        )
    if uri["region"] != project.region:
        return wrong(
            check,
            f"is in {uri['region']}, jobs are in {project.region}",
            "SageMaker takes images of its own region only: copy it, or change the region",
        )
    if uri["account"] != project.account:
        return ok(check, f"registry {uri['account']}, {uri['region']}")
    wanted = (
        {"imageDigest": uri["digest"]} if uri["digest"] else {"imageTag": uri["tag"] or "latest"}
    )
    return _in_own_registry(aws, check, image, uri["repository"], wanted)


def _in_own_registry(aws: Aws, check: str, image: str, repository: str, wanted: Json) -> Finding:
    from botocore.exceptions import ClientError

    push = f"docker push {image}  # docs/how-to/own-image.md"
    try:
        aws.client("ecr").describe_images(repositoryName=repository, imageIds=[wanted])
    except ClientError as error:
        if code_of(error) == "RepositoryNotFoundException":  # the embedded AWS needs none
            return unknown(check, f"your registry has no repository {repository}", push)
        if code_of(error) == "ImageNotFoundException":
            return wrong(check, f"{image} does not exist", push)
        raise
    return ok(check, "exists in your registry")
