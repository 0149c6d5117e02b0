"""The identity, account and region of the connection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from prodml.aws.client import Aws
from prodml.preflight.findings import Finding, ok, wrong
from prodml.preflight.project import Project


def check_identity(aws: Aws, project: Project) -> Iterator[Finding]:
    """Check that the connection works, and that it is of the project's account."""
    caller = aws.client("sts").get_caller_identity()
    yield ok("identity", caller["Arn"])
    account = caller["Account"]
    if account == project.account:
        yield ok("account", account)
    else:
        yield wrong(
            "account",
            f"connection: {account}, role: {project.account}",
            f"Set PRODML_ROLE_ARN to a role of {account}, or use a connection to {project.account}",
        )


def check_region(aws: Aws, project: Project) -> Iterator[Finding]:
    """Check that the connection and the environment name the same region."""
    region = replace(aws, region_name=None, _clients={}).client("sts").meta.region_name
    if region == project.region:
        yield ok("region", region)
    else:
        yield wrong(
            "region",
            f"connection: {region}, environment: {project.region}",
            f"Set region_name of connection {aws.aws_conn_id} and AWS_DEFAULT_REGION alike",
        )
