"""Check an account before the first run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prodml.aws.client import Aws
from prodml.company_rules import company_rules
from prodml.exceptions import RequestRefusedError
from prodml.operators.base import AwsOperator
from prodml.preflight.checks import CONFIG, findings
from prodml.preflight.findings import State, table
from prodml.preflight.project import Project
from prodml.vocabulary import Json

if TYPE_CHECKING:
    from airflow.sdk import Context


class PreflightOperator(AwsOperator):
    """
    Check the account, and change nothing; fail if something is wrong, with the fix of each.

    Checks identity, region, the role and its trust, permissions by simulation, quotas, images, the
    bucket, the landing of raw data, KMS keys, the network and whether services answer. Its log has
    the table.

    Returns ``{"findings"}``, a list of ``{"check", "state", "value", "fix"}``.

    :param bucket: The bucket.
    :param role_arn: The role that jobs and endpoints run under.
    :param region: The region of the environment; the connection's must be the same.
    :param quotas: Instances that must be allowed, by quota: ``ml.m5.large for endpoint usage``.
    :param images: The URIs of the images of jobs and endpoints.
    :param policies: The folder with the roles' policies, ``airflow.json`` and ``execution.json``.
    :param landing: Where raw data arrive; of ``s3://bucket/prefix``, one object is read.
    """

    template_fields: Sequence[str] = (*AwsOperator.template_fields, "bucket", "role_arn", "region")

    def __init__(
        self,
        *,
        bucket: str,
        role_arn: str,
        region: str,
        quotas: Mapping[str, int] | None = None,
        images: Sequence[str] = (),
        policies: str | None = None,
        landing: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.bucket = bucket
        self.role_arn = role_arn
        self.region = region
        self.quotas = dict(quotas or {})
        self.images = images
        self.policies = policies
        self.landing = landing

    def execute(self, context: Context) -> Json:
        project = Project(
            bucket=self.bucket,
            role_arn=self.role_arn,
            region=self.region,
            deployment=self.deployment,
            quotas=self.quotas,
            images=tuple(self.images),
            policies=Path(self.policies) if self.policies else None,
            rules=company_rules(),
            landing=self.landing,
        )
        config = CONFIG | (self.botocore_config or {})
        aws = Aws(self.aws_conn_id, self.region_name, self.verify, config)
        results = list(findings(aws, project))
        self.log.info("The account:\n%s", table(results))
        if problems := [result for result in results if result.state is State.WRONG]:
            raise RequestRefusedError(f"The account is not ready:\n{table(problems)}")
        return {"findings": [result.document() for result in results]}
