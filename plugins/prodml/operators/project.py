"""Create what a project needs, once; each operator can run again safely."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prodml.aws.errors import is_retryable
from prodml.aws.retries import get_or_create, present, with_retries
from prodml.aws.tags import as_tags
from prodml.company_rules import CompanyRules, company_rules
from prodml.exceptions import RequestRefusedError
from prodml.operators.base import AwsOperator
from prodml.vocabulary import Json

if TYPE_CHECKING:
    from airflow.sdk import Context

FIRST_REGION = "us-east-1"  # the one region that CreateBucket does not accept as a location


class EnsureBucketOperator(AwsOperator):
    """
    Create the bucket in the connection's region, unless it exists.

    A new one is encrypted by the company's key, and has its tags; one that is there stays as it is.

    Returns ``{"bucket", "region", "created"}``.

    :param bucket: The bucket.
    """

    template_fields: Sequence[str] = (*AwsOperator.template_fields, "bucket")

    def __init__(self, *, bucket: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bucket = bucket

    def execute(self, context: Context) -> Json:
        region = self.s3.meta.region_name
        created = False
        if not self._exists():
            elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": region}}
            where = {} if region == FIRST_REGION else elsewhere
            created = get_or_create(self.s3.create_bucket, Bucket=self.bucket, **where)
            self.s3.get_waiter("bucket_exists").wait(Bucket=self.bucket)
            self._follow_rules(company_rules())
        return {"bucket": self.bucket, "region": region, "created": created}

    def _follow_rules(self, rules: CompanyRules) -> None:
        """Give a new bucket the company's key, for what SageMaker itself writes, and its tags."""
        if key := rules.output_kms_key:
            default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
            rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
            with_retries(
                self.s3.put_bucket_encryption,
                Bucket=self.bucket,
                ServerSideEncryptionConfiguration={"Rules": [rule]},
            )
        if rules.tags:
            tagging = {"TagSet": as_tags(dict(rules.tags))}
            with_retries(self.s3.put_bucket_tagging, Bucket=self.bucket, Tagging=tagging)

    def _exists(self) -> bool:
        from botocore.exceptions import ClientError

        try:
            return present(self.s3.head_bucket, Bucket=self.bucket) is not None
        except ClientError as error:
            if is_retryable(error):
                raise
            raise RequestRefusedError(
                f"Bucket {self.bucket!r} exists, but access is denied: {error}. "
                "Bucket names are unique across all of AWS: choose another one."
            ) from error


class EnsureExperimentOperator(AwsOperator):
    """
    Create the experiment, unless it exists.

    Returns ``{"experiment", "created"}``.

    :param experiment: The experiment.
    :param description: Its description.
    """

    template_fields: Sequence[str] = (*AwsOperator.template_fields, "experiment", "description")

    def __init__(self, *, experiment: str, description: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.experiment = experiment
        self.description = description

    def execute(self, context: Context) -> Json:
        request = {"ExperimentName": self.experiment}
        if self.description:
            request["Description"] = self.description
        created = get_or_create(self.sagemaker.create_experiment, **request)
        return {"experiment": self.experiment, "created": created}


class EnsureModelPackageGroupOperator(AwsOperator):
    """
    Create the model package group, unless it exists.

    Returns ``{"group", "created"}``.

    :param group: The group.
    :param description: Its description.
    """

    template_fields: Sequence[str] = (*AwsOperator.template_fields, "group", "description")

    def __init__(self, *, group: str, description: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.group = group
        self.description = description

    def execute(self, context: Context) -> Json:
        request = {"ModelPackageGroupName": self.group}
        if self.description:
            request["ModelPackageGroupDescription"] = self.description
        created = get_or_create(self.sagemaker.create_model_package_group, **request)
        return {"group": self.group, "created": created}
