"""The settings of a project that its account must fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from prodml.company_rules import CompanyRules


@dataclass(frozen=True)
class Project:
    """
    Hold what the checks compare an account with.

    :param bucket: The bucket.
    :param role_arn: SageMaker's execution role.
    :param region: The region of the environment.
    :param deployment: The name of this Airflow, with which its resources' names begin.
    :param quotas: Instances that must be allowed, by quota: ``ml.m5.large for endpoint usage``.
    :param images: The images of jobs and endpoints.
    :param policies: The folder with the two roles' policies, `airflow.json` and `execution.json`.
    :param rules: The company's rules.
    :param landing: Where raw data arrive: a folder, or `s3://bucket/prefix`.
    """

    bucket: str
    role_arn: str
    region: str
    deployment: str
    quotas: Mapping[str, int] = field(default_factory=dict)
    images: tuple[str, ...] = ()
    policies: Path | None = None
    rules: CompanyRules = field(default_factory=CompanyRules)
    landing: str = ""

    @property
    def landing_bucket(self) -> str:
        """Return the bucket of the landing; empty for a folder."""
        is_folder = not self.landing.startswith("s3://")
        return "" if is_folder else self.landing.removeprefix("s3://").partition("/")[0]

    @property
    def account(self) -> str:
        """Return the account of the role."""
        return self.role_arn.split(":")[4]

    @property
    def partition(self) -> str:
        """Return the partition of the role, such as "aws"."""
        return self.role_arn.split(":")[1]

    @property
    def role_name(self) -> str:
        """Return the name of the role, without its path."""
        return self.role_arn.rpartition("/")[2]

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the KMS keys of the rules, each once."""
        keys = (self.rules.output_kms_key, self.rules.volume_kms_key)
        return tuple(dict.fromkeys(key for key in keys if key))
