"""Mappings of parameters: from a method's request to its integration, and back to its response."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ..core.store import Doc
from .errors import bad_request

TO_INTEGRATION = re.compile(
    r"integration\.request\.(?P<place>header|querystring|path)\.(?P<name>.+)"
)
TO_CLIENT = re.compile(r"method\.response\.header\.(?P<name>.+)")
FROM_METHOD = re.compile(r"method\.request\.(?P<place>header|querystring|path)\.(?P<name>.+)")
FROM_REQUEST_BODY = re.compile(r"method\.request\.body(?P<path>\..+)?")
FROM_HEADER = re.compile(r"integration\.response\.header\.(?P<name>.+)")
FROM_BODY = re.compile(r"integration\.response\.body(?P<path>\..+)?")
STATIC = re.compile(r"'(?P<value>.*)'", re.DOTALL)
ANYWHERE = re.compile(r"(?P<kind>context|stageVariables)\.(?P<name>.+)")


def check_request(parameters: Mapping[str, str], method: Doc) -> None:
    """Raise AwsError for a mapping of a request that cannot be evaluated."""
    declared = method.get("requestParameters", {})
    for target, source in parameters.items():
        if not TO_INTEGRATION.fullmatch(target):
            raise _invalid(target)
        if FROM_METHOD.fullmatch(source):
            if source not in declared:
                raise _invalid(source)
        elif not _is_plain(source) and not FROM_REQUEST_BODY.fullmatch(source):
            raise _invalid(source)


def check_response(parameters: Mapping[str, str], declared: Mapping[str, bool]) -> None:
    """Raise AwsError for a mapping of a response that cannot be evaluated."""
    for target, source in parameters.items():
        if target not in declared or not TO_CLIENT.fullmatch(target):
            raise _invalid(target)
        if not (_is_plain(source) or FROM_HEADER.fullmatch(source) or FROM_BODY.fullmatch(source)):
            raise _invalid(source)


def check_gateway(parameters: Mapping[str, str]) -> None:
    """Raise AwsError for a mapping of one of API Gateway's own responses."""
    for target, source in parameters.items():
        if not target.startswith("gatewayresponse.header.") or not _is_plain(source):
            raise _invalid(target if _is_plain(source) else source)


def _is_plain(source: str) -> bool:
    return bool(STATIC.fullmatch(source) or ANYWHERE.fullmatch(source))


def _invalid(expression: str) -> Exception:
    return bad_request(
        "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
        f"[Invalid mapping expression parameter specified: {expression}]"
    )


class Sources:
    """The values that mappings read."""

    def __init__(
        self,
        context: Mapping[str, object],
        stage_variables: Mapping[str, str],
        in_place: Callable[[str, str], str | None],
        in_body: Callable[[str], str | None],
    ) -> None:
        """Read parameters by place and name, and the payload by JSONPath."""
        self._context = context
        self._variables = stage_variables
        self._in_place = in_place
        self._in_body = in_body

    def value(self, source: str) -> str | None:
        """Return the value of an expression; None for a missing one."""
        if static := STATIC.fullmatch(source):
            return static["value"]
        if plain := ANYWHERE.fullmatch(source):
            if plain["kind"] == "stageVariables":
                return self._variables.get(plain["name"])
            return context_value(self._context, plain["name"])
        if place := FROM_METHOD.fullmatch(source):
            return self._in_place(place["place"], place["name"])
        if header := FROM_HEADER.fullmatch(source):
            return self._in_place("header", header["name"])
        if body := FROM_BODY.fullmatch(source) or FROM_REQUEST_BODY.fullmatch(source):
            return self._in_body(f"${body['path'] or ''}")
        return None


def context_value(context: Mapping[str, object], name: str) -> str | None:
    """Return a variable of `$context` by its dotted name; None for a missing one."""
    value: object = context
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return None if value is None or isinstance(value, Mapping) else str(value)
