"""State where ProdML runs, in one frozen object: what DAGs and pipelines read of the environment.

A company's rules for what is created are read by `prodml.company_rules` alone: the operators have
them in anyone's DAG. A wrong one is refused here too, when a DAG file is parsed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from prodml.company_rules import company_rules

ROOT = Path(__file__).resolve().parents[1]
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/.+")
DEPLOYMENT = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9-]{0,15}")


class SettingsError(ValueError):
    """Raised when a variable of the environment has a value that cannot be right."""


@dataclass(frozen=True)
class Settings:
    """One Airflow's place in the world; the defaults are the laptop's."""

    bucket: str = "prodml-local"
    region: str = "us-east-1"
    role_arn: str = "arn:aws:iam::000000000000:role/prodml"
    deployment: str = "local"
    aws_conn_id: str = "aws_default"
    landing_dir: Path = ROOT / ".local" / "landing"
    instance_type: str = "ml.m5.large"
    capture_lag_minutes: int = 5
    target_invocations: int = 1000  # per instance and minute; autoscaling holds it
    prices: Path = ROOT / "include" / "data" / "prices.json"  # USD an hour by instance type
    fail_on_alert: bool = (
        False  # whether a drift alert fails its run, unless the form says otherwise
    )
    mnist_uri: str = ""  # an S3 prefix with MNIST's .npy files; empty: those shipped are uploaded

    def __post_init__(self) -> None:
        _check("PRODML_BUCKET", self.bucket, BUCKET, "an S3 bucket name")
        _check("PRODML_ROLE_ARN", self.role_arn, ROLE, "the ARN of SageMaker's execution role")
        _check(
            "PRODML_DEPLOYMENT", self.deployment, DEPLOYMENT, "up to 16 letters, digits, hyphens"
        )

    @property
    def account(self) -> str:
        """The AWS account, which the role's ARN names."""
        return self.role_arn.split(":")[4]

    @property
    def slice_dirs(self) -> tuple[Path, ...]:
        """Where dated slices of raw data lie; a later folder wins over an earlier one."""
        return (ROOT / "include" / "data", self.landing_dir)

    def uri(self, *parts: str) -> str:
        """An address in the project's bucket."""
        return "/".join([f"s3://{self.bucket}", *(part.strip("/") for part in parts)])


def read(environment: Mapping[str, str]) -> Settings:
    """Settings from variables; what is not set, or empty, keeps its default."""
    environment = {name: value for name, value in environment.items() if value}
    default = Settings()
    found = Settings(
        bucket=environment.get("PRODML_BUCKET", default.bucket),
        region=environment.get("AWS_DEFAULT_REGION", default.region),
        role_arn=environment.get("PRODML_ROLE_ARN", default.role_arn),
        deployment=environment.get("PRODML_DEPLOYMENT", default.deployment),
        aws_conn_id=environment.get("PRODML_AWS_CONN_ID", default.aws_conn_id),
        landing_dir=Path(environment.get("PRODML_LANDING_DIR", default.landing_dir)),
        instance_type=environment.get("PRODML_INSTANCE_TYPE", default.instance_type),
        capture_lag_minutes=_whole(
            environment, "PRODML_CAPTURE_LAG_MINUTES", default.capture_lag_minutes
        ),
        target_invocations=_whole(
            environment, "PRODML_TARGET_INVOCATIONS", default.target_invocations
        ),
        prices=Path(environment.get("PRODML_PRICES", default.prices)),
        fail_on_alert=_flag(environment, "PRODML_FAIL_ON_ALERT", default.fail_on_alert),
        mnist_uri=environment.get("PRODML_MNIST_URI", default.mnist_uri),
    )
    # Two Airflows of one name in one account would stop each other's jobs.
    if found.role_arn != default.role_arn and "PRODML_DEPLOYMENT" not in environment:
        raise SettingsError(
            f"PRODML_DEPLOYMENT is not set; set it to a short name that no other Airflow of "
            f"account {found.account} has."
        )
    return found


@cache
def settings() -> Settings:
    """Return the settings of this process; raises ValueError for a variable that is wrong."""
    company_rules()
    return read(os.environ)


def _whole(environment: Mapping[str, str], variable: str, default: int) -> int:
    text = environment.get(variable, str(default))
    if not text.isdigit():
        raise SettingsError(f"{variable} is {text!r}; set it to a whole number.")
    return int(text)


def _flag(environment: Mapping[str, str], variable: str, default: bool) -> bool:
    text = environment.get(variable, str(default)).lower()
    if text not in ("true", "false"):
        raise SettingsError(f"{variable} is {environment[variable]!r}; set it to true or false.")
    return text == "true"


def _check(variable: str, value: str, pattern: re.Pattern[str], wanted: str) -> None:
    if not pattern.fullmatch(value):
        raise SettingsError(f"{variable} is {value!r}; set it to {wanted}.")
