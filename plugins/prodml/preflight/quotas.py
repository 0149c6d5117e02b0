"""The quotas of the instance types in use: a new account has none of some types."""

from __future__ import annotations

from collections.abc import Iterator

from prodml.aws.client import Aws
from prodml.aws.retries import pages
from prodml.preflight.findings import Finding, ok, unknown, wrong
from prodml.preflight.project import Project
from prodml.vocabulary import Json

JOBS = ("training job", "processing job", "transform job")
CONSOLE = "https://console.aws.amazon.com/servicequotas/home/services/sagemaker/quotas"


def check_quotas(aws: Aws, project: Project) -> Iterator[Finding]:
    """Check that an instance of each type may run, in jobs and of the first type in endpoints."""
    if not project.instance_types:
        return
    quotas = _by_name(aws)
    for place, kind in enumerate(project.instance_types):
        for use in JOBS if place else (*JOBS, "endpoint"):
            yield _quota(f"quota {kind}, {use}", quotas.get(f"{kind} for {use} usage"))


def _by_name(aws: Aws) -> dict[str, Json]:
    call = aws.client("service-quotas").list_service_quotas
    found = pages(call, ServiceCode="sagemaker", MaxResults=100)
    return {quota["QuotaName"]: quota for page in found for quota in page["Quotas"]}


def _quota(check: str, quota: Json | None) -> Finding:
    if quota is None:
        return unknown(check, "no quota of this name in the region", f"See {CONSOLE}")
    if quota["Value"] >= 1:
        return ok(check, f"{quota['Value']:g}")
    return wrong(
        check,
        f"{quota['Value']:g}",
        "aws service-quotas request-service-quota-increase --service-code sagemaker "
        f"--quota-code {quota['QuotaCode']} --desired-value 4",
    )
