"""Read a company's rules for everything that is created in its account from the environment.

They are stated once, for every operator, in this project's DAGs and in anyone else's:
:mod:`prodml.aws.rules` merges them into each request.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache, partial

from prodml.naming import TAG

SUBNET = re.compile(r"subnet-[0-9a-f]{8,17}")
SECURITY_GROUP = re.compile(r"sg-[0-9a-f]{8,17}")
_KEY_ID = r"(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_ALIAS = r"alias/[a-zA-Z0-9/_-]{1,250}"
KMS_KEY = re.compile(
    rf"{_KEY_ID}|{_ALIAS}|arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{{12}}:(?:key/{_KEY_ID}|{_ALIAS})"
)
TAG_TEXT = re.compile(r"[\w .:/=+\-@]*")
RESERVED = ("aws:", TAG)  # tag keys that AWS and the operators write themselves
MOST_SUBNETS, MOST_GROUPS, MOST_TAGS = 16, 5, 30  # AWS allows 50 tags; the operators add theirs


class CompanyRulesError(ValueError):
    """Raised when a variable of the environment states a rule that AWS would refuse."""


@dataclass(frozen=True)
class CompanyRules:
    """
    Hold what every create request must contain; empty where the company demands nothing.

    :param subnets: The subnets of jobs and models.
    :param security_groups: The security groups of jobs and models.
    :param volume_kms_key: The KMS key of instances' volumes.
    :param output_kms_key: The KMS key of all objects in S3.
    :param network_isolation: Whether containers get no network at all.
    :param encrypt_traffic: Whether the traffic between a job's instances is encrypted.
    :param tags: Tags of every resource, as pairs.
    """

    subnets: tuple[str, ...] = ()
    security_groups: tuple[str, ...] = ()
    volume_kms_key: str = ""
    output_kms_key: str = ""
    network_isolation: bool = False
    encrypt_traffic: bool = False
    tags: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        """Return whether there is any rule."""
        return any(getattr(self, field.name) for field in fields(self))


@cache
def company_rules() -> CompanyRules:
    """Return the rules of this process, read once."""
    return read(os.environ)


def read(environment: Mapping[str, str]) -> CompanyRules:
    """Return the rules that the variables state; one that is not set, or is empty, states none.

    Raises CompanyRulesError with the variable and its value.
    """
    subnets = _listed(environment, "PRODML_SUBNETS", SUBNET, MOST_SUBNETS, "subnet-0a1b2c3d")
    groups = _listed(
        environment, "PRODML_SECURITY_GROUPS", SECURITY_GROUP, MOST_GROUPS, "sg-0a1b2c3d"
    )
    if bool(subnets) != bool(groups):
        names = ("PRODML_SUBNETS", "PRODML_SECURITY_GROUPS")
        given, missing = names if subnets else names[::-1]
        raise CompanyRulesError(
            f"{given} is {environment[given]!r}, and {missing} is not set. Set both: AWS takes "
            "subnets and security groups only together."
        )
    key = _key(environment, "PRODML_KMS_KEY")
    return CompanyRules(
        subnets=subnets,
        security_groups=groups,
        volume_kms_key=_key(environment, "PRODML_VOLUME_KMS_KEY") or key,
        output_kms_key=_key(environment, "PRODML_OUTPUT_KMS_KEY") or key,
        network_isolation=_switch(environment, "PRODML_NETWORK_ISOLATION"),
        encrypt_traffic=_switch(environment, "PRODML_ENCRYPT_TRAFFIC"),
        tags=_tags(environment, "PRODML_TAGS"),
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _listed(
    environment: Mapping[str, str], variable: str, pattern: re.Pattern[str], most: int, example: str
) -> tuple[str, ...]:
    text = environment.get(variable, "")
    values = _parts(text)
    if len(values) > most or not all(map(pattern.fullmatch, values)):
        raise _wrong(variable, text, f"up to {most} ids such as {example}, with commas between")
    return tuple(values)


def _key(environment: Mapping[str, str], variable: str) -> str:
    text = environment.get(variable, "").strip()
    if text and not KMS_KEY.fullmatch(text):
        raise _wrong(variable, text, "the id, ARN, alias (alias/...) or alias ARN of a KMS key")
    return text


def _switch(environment: Mapping[str, str], variable: str) -> bool:
    text = environment.get(variable, "").strip()
    if text.lower() not in ("", "true", "false"):
        raise _wrong(variable, text, "true or false")
    return text.lower() == "true"


def _tags(environment: Mapping[str, str], variable: str) -> tuple[tuple[str, str], ...]:
    text = environment.get(variable, "")
    values = [tuple(side.strip() for side in part.partition("=")[::2]) for part in _parts(text)]
    wrong = partial(_wrong, variable, text)
    for part, (key, value) in zip(_parts(text), values, strict=True):
        if "=" not in part or not 0 < len(key) <= 128 or len(value) > 256:
            raise wrong("key=value pairs such as team=ml,env=prod")
        if not (TAG_TEXT.fullmatch(key) and TAG_TEXT.fullmatch(value)):
            raise wrong("letters, digits, spaces and any of _ . : / = + - @ in keys and values")
        if key.lower().startswith(RESERVED):
            raise wrong(f"keys that do not begin with {' or '.join(RESERVED)}")
    keys = [key.lower() for key, _ in values]
    if len(values) > MOST_TAGS or len(set(keys)) < len(keys):
        raise wrong(f"up to {MOST_TAGS} pairs, each key once whatever its case")
    return tuple((key, value) for key, value in values)


def _wrong(variable: str, value: str, wanted: str) -> CompanyRulesError:
    return CompanyRulesError(f"{variable} is {value!r}; set it to {wanted}.")
