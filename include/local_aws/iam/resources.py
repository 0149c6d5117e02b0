"""The ARNs of what an operation works on, filled in from its parameters."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .actions import Action, Template

PARAMETER = "ParameterNameWithoutLeadingSlash"
# Placeholders of the reference whose parameter has another name.
PARAMETERS = {
    "AutoMLJobJobName": ("AutoMLJobName",),
    "ClusterId": ("ClusterName",),
    "Alias": ("AliasName",),
    "TopicName": ("Name",),
    "QueueName": ("QueueName", "QueueUrl"),
    "RuleName": ("Rule", "Name"),
    "LogGroupName": ("logGroupName", "logGroupIdentifier", "logGroupNames"),
    "RepositoryName": ("repositoryName", "repositoryNames"),
    PARAMETER: ("Name", "Names", "Path"),
    "SecretId": ("SecretId", "Name"),
    "PolicyNameWithPath": ("PolicyName",),
}
OPAQUE = frozenset({"ResourceId"})  # made by AWS, and in no request
# Actions on the one resource of a parameter, in whose requests other ARNs are mere values.
SUBJECTS = {"iam:SimulatePrincipalPolicy": "PolicySourceArn"}
KEEPS_CASE = ":pipeline/"  # in the ARN of a pipeline or an execution, unlike others of SageMaker
WITH_PATH, KEY = "WithPath", "KeyId"  # KMS takes an id, an alias, or an ARN of either
BLOB, ID_IN_BLOB = "CiphertextBlob", re.compile(rb"[0-9a-z-]{36}")  # moto's blob begins with the id
TAGGING = re.compile(r"logs:(Tag|Untag|ListTags).*")


@dataclass(frozen=True)
class Place:
    """Account and region of a request, and lookups of what other services know.

    :param arn_of: The ARN of an identity or a KMS key, by its kind and name.
    :param key_of: The KMS key of a bucket or an endpoint configuration, by its kind and name.
    """

    account: str
    region: str
    arn_of: Callable[[str, str], str | None] = lambda kind, name: None
    key_of: Callable[[str, str], str | None] = lambda kind, name: None


def resources(action: Action, parameters: Mapping[str, Any], place: Place) -> list[str]:
    """Return the ARNs that *action* has to be allowed on; ["*"] where it has none."""
    if subject := SUBJECTS.get(action.name):
        parameters = {name: value for name, value in parameters.items() if name == subject}
    if action.takes_arn:
        return [_finished(action, arn) for arn in _arns(parameters)] or ["*"]
    if not action.templates:
        return [_whole(action.name, place)]
    filled = [list(_filled(t, action, parameters, place)) for t in action.templates]
    chosen = filled[: action.required] or filled
    arns = [arn for entry in chosen for arn in entry]
    arns += [arn for entry in filled[len(chosen) :] for arn in entry]
    return list(dict.fromkeys(arns)) or [_unnamed(action, place)]


def _whole(name: str, place: Place) -> str:
    if name == "logs:DescribeLogGroups":
        return f"arn:aws:logs:{place.region}:{place.account}:log-group::log-stream:"
    return "*"


def _unnamed(action: Action, place: Place) -> str:
    if not action.required:
        return "*"
    template = action.templates[0]
    return _written(action, template, dict.fromkeys(template.names, "*"), place)


def _filled(
    template: Template, action: Action, parameters: Mapping[str, Any], place: Place
) -> Iterator[str]:
    named = [arn for arn in _arns(parameters) if template.pattern.fullmatch(arn.split("*")[0])]
    values = {name: _values(name, parameters) for name in template.names}
    if template.names and not any(values.values()):
        yield from (_finished(action, arn) for arn in named)
        return
    last = template.names[-1] if template.names else ""
    others = {name: (_values(name, parameters) or ["*"])[0] for name in template.names}
    for value in values.get(last) or ["*"]:
        if value.startswith("arn:") and last != KEY:
            yield _finished(action, value)
        elif arn := _looked_up(last, value, place):
            yield arn
        else:
            names = others | {last: _with_path(last, value, parameters)}
            yield _written(action, template, names, place)


def _written(action: Action, template: Template, names: dict[str, str], place: Place) -> str:
    known = {"Partition": "aws", "Region": place.region, "Account": place.account} | names
    arn = re.sub(r"\$\{(\w+)\}", lambda match: known.get(match[1], "*"), template.text)
    return _finished(action, arn)


def _finished(action: Action, arn: str) -> str:
    """Return *arn* as AWS writes it: SageMaker in lower case, groups with an empty stream."""
    if action.name.startswith("sagemaker:"):
        return arn if KEEPS_CASE in arn else arn.lower()
    is_group = ":log-group:" in arn and ":log-stream:" not in arn
    if is_group and not TAGGING.fullmatch(action.name):
        return f"{arn.removesuffix(':*')}:log-stream:"
    return arn


def _values(name: str, parameters: Mapping[str, Any]) -> list[str]:
    if name in OPAQUE:
        return []
    known = {key.lower(): value for key, value in parameters.items()}
    plain = name.removesuffix(WITH_PATH)
    for candidate in (*PARAMETERS.get(name, ()), plain, f"{plain}s", f"{plain}List"):
        value = known.get(candidate.lower())
        values = value if isinstance(value, list) else [value]
        if texts := [text for text in values if isinstance(text, str) and text]:
            return [_last_part(name, candidate, text) for text in texts]
    return _key_in_blob(parameters.get(BLOB)) if name == KEY else []


def _key_in_blob(blob: Any) -> list[str]:
    """Return the id of the key that encrypted a ciphertext, if KMS made the ciphertext."""
    try:
        match = ID_IN_BLOB.match(base64.b64decode(blob))
    except (TypeError, ValueError):
        return []
    return [match[0].decode()] if match else []


def _last_part(name: str, parameter: str, value: str) -> str:
    if name == PARAMETER and not value.startswith("arn:"):
        return value.removeprefix("/").partition(":")[0]  # without a version or a label
    if parameter == "QueueUrl":
        return value.rpartition("/")[2]
    return value.removeprefix("alias/") if parameter == "AliasName" else value


def _with_path(name: str, value: str, parameters: Mapping[str, Any]) -> str:
    path = parameters.get("Path", "/") if name.endswith(WITH_PATH) else "/"
    return f"{path}{value}".removeprefix("/")


def _looked_up(name: str, value: str, place: Place) -> str | None:
    if name == KEY and value.startswith("arn:"):
        key = value.split(":", 5)[-1].removeprefix("key/")
        return place.arn_of("key", key) or value
    kind = name.removesuffix(WITH_PATH).removesuffix("Name").removesuffix("Id").lower()
    return place.arn_of(kind, value) if kind in ("role", "user", "group", "key") else None


def _arns(parameters: Mapping[str, Any]) -> list[str]:
    """Return the ARNs among the values of *parameters* and of their lists."""
    values: list[Any] = []
    for value in parameters.values():
        values += value if isinstance(value, list) else [value]
    return [value for value in values if isinstance(value, str) and value.startswith("arn:")]
