"""The quotas of the instance types in use: a new account has none of some types."""

from __future__ import annotations

from collections.abc import Iterator

from prodml.aws.client import Aws
from prodml.aws.retries import pages
from prodml.preflight.findings import Finding, ok, unknown, wrong
from prodml.preflight.project import Project
from prodml.vocabulary import Json

LEAST_RAISE = 4
CONSOLE = "https://console.aws.amazon.com/servicequotas/home/services/sagemaker/quotas"


def check_quotas(aws: Aws, project: Project) -> Iterator[Finding]:
    """Check that the instances of jobs and endpoints may run."""
    if not project.quotas:
        return
    allowed = _by_name(aws)
    for name, needed in project.quotas.items():
        yield _quota(f"quota {name.removesuffix(' usage')}", allowed.get(name), needed)


def _by_name(aws: Aws) -> dict[str, Json]:
    call = aws.client("service-quotas").list_service_quotas
    found = pages(call, ServiceCode="sagemaker", MaxResults=100)
    return {quota["QuotaName"]: quota for page in found for quota in page["Quotas"]}


def _quota(check: str, quota: Json | None, needed: int) -> Finding:
    if quota is None:
        return unknown(check, "no quota of this name in the region", f"See {CONSOLE}")
    if quota["Value"] >= needed:
        return ok(check, f"{quota['Value']:g}")
    return wrong(
        check,
        f"{quota['Value']:g}",
        "aws service-quotas request-service-quota-increase --service-code sagemaker "
        f"--quota-code {quota['QuotaCode']} --desired-value {max(needed, LEAST_RAISE)}",
    )
