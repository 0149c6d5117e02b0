"""The quotas of a new account: none of an accelerated instance, a few of every other type."""

from __future__ import annotations

import functools
import hashlib

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from ..wire import model, paging
from ..wire.errors import AwsError

SERVICE, CODE = "service-quotas", "sagemaker"
USES = {  # the shape of the types, and the words in the names of quotas
    "TrainingInstanceType": ("training job", "spot training job"),
    "ProcessingInstanceType": ("processing job",),
    "TransformInstanceType": ("transform job",),
    "ProductionVariantInstanceType": ("endpoint",),
}
ACCELERATED = ("ml.g", "ml.inf", "ml.p", "ml.trn")
USUAL = 20.0


@operation(SERVICE, "ListServiceQuotas")
def list_service_quotas(aws: Aws, request: Doc) -> Doc:
    return _listed(aws, request)


@operation(SERVICE, "ListAWSDefaultServiceQuotas")
def list_aws_default_service_quotas(aws: Aws, request: Doc) -> Doc:
    return _listed(aws, request)


@operation(SERVICE, "GetServiceQuota")
def get_service_quota(aws: Aws, request: Doc) -> Doc:
    code = request["QuotaCode"]
    for quota in _quotas(aws, request["ServiceCode"]):
        if quota["QuotaCode"] == code:
            return {"Quota": quota}
    raise AwsError("NoSuchResourceException", f"The request failed because {code} does not exist.")


def _listed(aws: Aws, request: Doc) -> Doc:
    page, token = paging.page(_quotas(aws, request["ServiceCode"]), request)
    return {"Quotas": page, "NextToken": token}


def _quotas(aws: Aws, service: str) -> list[Doc]:
    if service != CODE:
        raise AwsError(
            "NoSuchResourceException",
            f"Quotas of {service!r} are not emulated. Use the service code {CODE!r}.",
        )
    return [
        {
            "ServiceCode": CODE,
            "ServiceName": "Amazon SageMaker",
            "QuotaArn": aws.arn(f"{CODE}/{code}", "servicequotas"),
            "QuotaCode": code,
            "QuotaName": name,
            "Value": value,
            "Unit": "None",
            "Adjustable": True,
            "GlobalQuota": False,
        }
        for name, code, value in _known()
    ]


@functools.cache
def _known() -> list[tuple[str, str, float]]:
    """Return the name, code and value of each quota; AWS's own codes have the same form."""
    sagemaker = model.service("sagemaker")
    names = [
        (f"{kind} for {use} usage", 0.0 if kind.startswith(ACCELERATED) else USUAL)
        for shape, uses in USES.items()
        for kind in sagemaker.shape_for(shape).enum
        for use in uses
    ]
    return [(name, _code(name), value) for name, value in names]


def _code(name: str) -> str:
    return f"L-{hashlib.sha256(name.encode()).hexdigest()[:8].upper()}"
