"""Hold the settings that DAGs and pipelines read from the environment, in one frozen object.

Company rules are read by `prodml.company_rules` alone, so that the operators apply them in any DAG.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/.+")
LANDING = re.compile(rf"s3://{BUCKET.pattern}(/.*)?|(?!\w+://).+")
DEPLOYMENT = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9-]{0,15}")
INSTANCE_TYPE = re.compile(r"ml\.[a-z0-9-]+\.[a-z0-9-]+")
FLAG = re.compile(r"true|false")
WHOLE = re.compile(r"[0-9]+")


class SettingsError(ValueError):
    """Raised when an environment variable has an invalid value."""


def _setting(variable: str, default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"variable": variable, "meaning": meaning})


@dataclass(frozen=True)
class Settings:
    """The settings of one Airflow; the defaults are for a laptop."""

    bucket: str = _setting(
        "PRODML_BUCKET",
        "prodml-local",
        "The S3 bucket for data, models and reports. `initialize_project` creates it.",
    )
    region: str = _setting("AWS_DEFAULT_REGION", "us-east-1", "The region of jobs and endpoints.")
    role_arn: str = _setting(
        "PRODML_ROLE_ARN",
        "arn:aws:iam::000000000000:role/prodml",
        "SageMaker's execution role, which jobs and endpoints assume.",
    )
    api_role_arn: str = _setting(
        "PRODML_API_ROLE_ARN",
        "",
        "The role that Amazon API Gateway assumes to invoke endpoints; if empty, that of "
        "PRODML_ROLE_ARN.",
    )
    deployment: str = _setting(
        "PRODML_DEPLOYMENT",
        "local",
        "A short name in every job's name and tags that keeps two Airflows in one account apart. "
        "Required once `PRODML_ROLE_ARN` is set.",
    )
    aws_conn_id: str = _setting("PRODML_AWS_CONN_ID", "aws_default", "The Airflow connection.")
    landing: str = _setting(
        "PRODML_LANDING",
        str(ROOT / ".local" / "landing"),
        "Where new raw data arrive, by pipeline and time: `s3://bucket/prefix`, which jobs read "
        "directly, or a folder of one machine, whose files are uploaded.",
    )
    instance_type: str = _setting(
        "PRODML_INSTANCE_TYPE",
        "ml.m5.large",
        "The instance type of jobs and endpoints that neither a pipeline's file nor a step's own "
        "variable names.",
    )
    more_instance_types: str = _setting(
        "PRODML_MORE_INSTANCE_TYPES",
        "",
        "Further instance types, separated by commas, for jobs when AWS has no capacity or quota.",
    )
    processing_instance_type: str = _setting(
        "PRODML_PROCESSING_INSTANCE_TYPE",
        "",
        "The instance type of processing jobs; if empty, that of PRODML_INSTANCE_TYPE.",
    )
    training_instance_type: str = _setting(
        "PRODML_TRAINING_INSTANCE_TYPE", "", "The same for training and tuning jobs."
    )
    transform_instance_type: str = _setting(
        "PRODML_TRANSFORM_INSTANCE_TYPE", "", "The same for batch transforms."
    )
    endpoint_instance_type: str = _setting(
        "PRODML_ENDPOINT_INSTANCE_TYPE", "", "The same for endpoints."
    )
    capture_lag_minutes: int = _setting(
        "PRODML_CAPTURE_LAG_MINUTES",
        20,
        "Minutes that data capture may take to reach S3; a scheduled drift check waits for them.",
    )
    capture_retention_days: int = _setting(
        "PRODML_CAPTURE_RETENTION_DAYS",
        90,
        "Days until S3 deletes captured traffic; 0 keeps it. `initialize_project` sets the rule.",
    )
    run_retention_days: int = _setting(
        "PRODML_RUN_RETENTION_DAYS",
        365,
        "Days until S3 deletes the data sets, files and reports of runs; 0 keeps them. What a "
        "registered version needs stays.",
    )
    target_invocations: int = _setting(
        "PRODML_TARGET_INVOCATIONS",
        1000,
        "The target of autoscaling, in requests per instance and minute.",
    )
    prices: Path = _setting(  # noqa: RUF009  (it makes a field)
        "PRODML_PRICES",
        ROOT / "include" / "data" / "prices.json",
        "A JSON file of US dollars per hour by instance type, for budgets and ledgers.",
    )
    fail_on_alert: bool = _setting(
        "PRODML_FAIL_ON_ALERT",
        False,
        "Whether a drift alert fails its run; the form of one run overrides it.",
    )
    mnist_uri: str = _setting(
        "PRODML_MNIST_URI",
        "",
        "An S3 prefix of MNIST's .npy files; if empty, the repository has 5,000 images.",
    )

    def __post_init__(self) -> None:
        _check("PRODML_BUCKET", self.bucket, BUCKET, "an S3 bucket name")
        _check("PRODML_LANDING", self.landing, LANDING, "a folder, or s3://bucket/prefix")
        _check("PRODML_ROLE_ARN", self.role_arn, ROLE, "the ARN of SageMaker's execution role")
        _check("PRODML_API_ROLE_ARN", self.api_role, ROLE, "the ARN of API Gateway's role")
        _check(
            "PRODML_DEPLOYMENT", self.deployment, DEPLOYMENT, "up to 16 letters, digits, hyphens"
        )
        for setting in fields(self):
            variable, kind = setting.metadata["variable"], getattr(self, setting.name)
            if variable.endswith("_INSTANCE_TYPE") and kind:
                _check(variable, kind, INSTANCE_TYPE, "one such as ml.m5.large")
        for kind in self.fallback_types:
            _check("PRODML_MORE_INSTANCE_TYPES", kind, INSTANCE_TYPE, "types such as ml.m5.xlarge")

    @property
    def api_role(self) -> str:
        """Return the role that API Gateway assumes."""
        return self.api_role_arn or self.role_arn

    @property
    def account(self) -> str:
        """Return the AWS account, from the role's ARN."""
        return self.role_arn.split(":")[4]

    @property
    def fallback_types(self) -> tuple[str, ...]:
        """Return the instance types to try when AWS has no capacity or quota, in order."""
        more = (kind.strip() for kind in self.more_instance_types.split(","))
        return tuple(dict.fromkeys(filter(None, more)))

    @property
    def connection(self) -> dict[str, str]:
        """Return the arguments by which any task reaches AWS in the name of this Airflow."""
        return {
            "aws_conn_id": self.aws_conn_id,
            "region_name": self.region,  # the images' region too, whatever the connection's is
            "deployment": self.deployment,
        }

    def instance_type_of(self, step: str) -> str:
        """Return the instance type of a step: processing, training, transform or endpoint."""
        own: str = getattr(self, f"{step}_instance_type")
        return own or self.instance_type

    def uri(self, *parts: str) -> str:
        """Return an address in the project's bucket."""
        return "/".join([f"s3://{self.bucket}", *(part.strip("/") for part in parts)])


def read(environment: Mapping[str, str]) -> Settings:
    """Read settings from variables; an unset or empty one keeps its default."""
    environment = {name: value for name, value in environment.items() if value}
    given = [f for f in fields(Settings) if f.metadata["variable"] in environment]
    result = Settings(**{f.name: _parsed(f, environment[f.metadata["variable"]]) for f in given})
    # Two Airflows of one name in one account would stop each other's jobs.
    if result.role_arn != Settings.role_arn and "PRODML_DEPLOYMENT" not in environment:
        raise SettingsError(
            f"PRODML_DEPLOYMENT is not set. Set it to a short name that is unique in "
            f"account {result.account}."
        )
    return result


@cache
def settings() -> Settings:
    """Return the settings of this process; raise ValueError for an invalid variable."""
    return read(os.environ)


def _parsed(setting: Field[Any], text: str) -> Any:
    variable = setting.metadata["variable"]
    if isinstance(setting.default, bool):
        _check(variable, text.lower(), FLAG, "true or false")
        return text.lower() == "true"
    if isinstance(setting.default, int):
        _check(variable, text, WHOLE, "a whole number")
        return int(text)
    return Path(text) if isinstance(setting.default, Path) else text


def _check(variable: str, value: str, pattern: re.Pattern[str], wanted: str) -> None:
    if not pattern.fullmatch(value):
        raise SettingsError(f"{variable} is {value!r}. Set it to {wanted}.")
