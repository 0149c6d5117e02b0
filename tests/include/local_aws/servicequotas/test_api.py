"""SageMaker's quotas, through boto3."""

from __future__ import annotations

import pytest

from include.local_aws.testing import Server
from tests.include.local_aws.refusals import refusal


def test_quotas_are_listed_by_instance_type_and_use(local_aws: Server) -> None:
    quotas = local_aws.client("service-quotas")
    pages = quotas.get_paginator("list_service_quotas").paginate(ServiceCode="sagemaker")
    values = {quota["QuotaName"]: quota for page in pages for quota in page["Quotas"]}
    assert values["ml.m5.large for training job usage"]["Value"] == 20
    assert values["ml.m5.large for endpoint usage"]["Value"] == 20
    accelerated = values["ml.p4d.24xlarge for training job usage"]
    assert accelerated["Value"] == 0
    one = quotas.get_service_quota(ServiceCode="sagemaker", QuotaCode=accelerated["QuotaCode"])
    assert one["Quota"] == accelerated


@pytest.mark.parametrize(("service", "code"), [("vpc", "L-00000000"), ("sagemaker", "L-00000000")])
def test_other_quota_is_refused(local_aws: Server, service: str, code: str) -> None:
    quotas = local_aws.client("service-quotas")
    refused, _ = refusal(quotas.get_service_quota, ServiceCode=service, QuotaCode=code)
    assert refused == "NoSuchResourceException"
