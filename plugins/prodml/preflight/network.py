"""The network of the company's rules: subnets, security groups, and the way to AWS's services."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prodml.aws.client import Aws
from prodml.aws.errors import code_of
from prodml.preflight.findings import Finding, ok, wrong
from prodml.preflight.project import Project
from prodml.vocabulary import Json

SERVICES = (
    *("s3", "sagemaker.api", "sagemaker.runtime", "monitoring", "logs", "kms", "sts"),
    *("ecr.api", "ecr.dkr"),
)
LEAST_ADDRESSES = 8


def check_network(aws: Aws, project: Project) -> Iterator[Finding]:
    """Check the subnets and groups of jobs, and that they reach AWS without the internet."""
    rules = project.rules
    if not rules.subnets:
        yield ok("network", "SageMaker's own; PRODML_SUBNETS is not set")
        return
    ec2 = aws.client("ec2")
    subnets = _described(ec2.describe_subnets, "Subnets", SubnetIds=list(rules.subnets))
    groups = _described(
        ec2.describe_security_groups, "SecurityGroups", GroupIds=list(rules.security_groups)
    )
    yield _subnets(rules.subnets, subnets)
    yield _groups(rules.security_groups, groups, subnets)
    if subnets:
        yield _way_out(ec2, subnets, project)


def _described(call: Any, member: str, **request: Any) -> list[Json]:
    """Return what exists; EC2 refuses a request with any unknown id."""
    from botocore.exceptions import ClientError

    try:
        described: list[Json] = call(**request)[member]
    except ClientError as error:
        if ".NotFound" in code_of(error) or ".Malformed" in code_of(error):
            return []
        raise
    return described


def _subnets(wanted: tuple[str, ...], subnets: list[Json]) -> Finding:
    fix = "Set PRODML_SUBNETS to private subnets of one VPC: aws ec2 describe-subnets"
    if not subnets:
        return wrong("subnets", f"not all of {', '.join(wanted)} exist", fix)
    networks = {subnet["VpcId"] for subnet in subnets}
    if len(networks) > 1:
        return wrong("subnets", f"are in {len(networks)} VPCs", fix)
    full = [s["SubnetId"] for s in subnets if s["AvailableIpAddressCount"] < LEAST_ADDRESSES]
    if full:
        return wrong("subnets", f"{', '.join(full)}: fewer than {LEAST_ADDRESSES} addresses", fix)
    return ok("subnets", f"{len(subnets)} in {networks.pop()}")


def _groups(wanted: tuple[str, ...], groups: list[Json], subnets: list[Json]) -> Finding:
    fix = (
        "Set PRODML_SECURITY_GROUPS to groups of the subnets' VPC: aws ec2 describe-security-groups"
    )
    if not groups:
        return wrong("security groups", f"not all of {', '.join(wanted)} exist", fix)
    networks = {group["VpcId"] for group in groups}
    if subnets and networks != {subnet["VpcId"] for subnet in subnets}:
        return wrong("security groups", "are in another VPC than the subnets", fix)
    return ok("security groups", ", ".join(group["GroupId"] for group in groups))


def _way_out(ec2: Any, subnets: list[Json], project: Project) -> Finding:
    """Check for endpoints of all services, or a default route such as to a NAT gateway."""
    network = subnets[0]["VpcId"]
    by_network = [{"Name": "vpc-id", "Values": [network]}]
    endpoints = ec2.describe_vpc_endpoints(Filters=by_network)["VpcEndpoints"]
    reached = {
        endpoint["ServiceName"].partition(f"{project.region}.")[2]
        for endpoint in endpoints
        if endpoint["State"].lower() == "available"
    }
    missing = [service for service in SERVICES if service not in reached]
    if not missing:
        return ok("VPC endpoints", f"{len(SERVICES)} services")
    tables = ec2.describe_route_tables(Filters=by_network)["RouteTables"]
    if all(_has_default_route(subnet, tables) for subnet in subnets):
        return ok("VPC endpoints", f"a default route serves {', '.join(missing)}")
    return wrong(
        "VPC endpoints",
        f"{network} has none for {', '.join(missing)}, and no default route",
        f"aws cloudformation deploy with VpcId={network} ...: docs/how-to/aws-account.md",
    )


def _has_default_route(subnet: Json, tables: list[Json]) -> bool:
    """Return whether the subnet's table, or else the main one, has a default route."""
    own = [t for t in tables if _associated(t, "SubnetId", subnet["SubnetId"])]
    main = [t for t in tables if _associated(t, "Main", True)]
    routes = [route for table in own or main for route in table["Routes"]]
    return any(route.get("DestinationCidrBlock") == "0.0.0.0/0" for route in routes)


def _associated(table: Json, member: str, value: object) -> bool:
    return any(association.get(member) == value for association in table["Associations"])
