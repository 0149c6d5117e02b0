"""The variables of a mapping template: `$input` and `$util`; `$context` is a plain map."""

from __future__ import annotations

import base64
import binascii
import functools
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from . import jsonpath
from .budget import TemplateFailure, current
from .values import Method, Variable, text_of

ESCAPES = {
    "\\": "\\\\",
    '"': '\\"',
    "'": "\\'",
    "/": "\\/",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}
PLACES = ("path", "querystring", "header")  # in the order in which a name is looked up


class Input:
    """The payload and the parameters that a template reads by `$input`."""

    def __init__(self, body: str, parameters: Mapping[str, Mapping[str, str]]) -> None:
        self._body = body
        self._parameters = parameters

    def variable(self) -> Variable:
        methods: dict[str, Method] = {
            "path": self._path,
            "json": self._json,
            "params": self._params,
        }
        return Variable(methods, {"body": self._body or "{}"})

    @functools.cached_property
    def _document(self) -> Any:
        try:
            return json.loads(self._body) if self._body else {}
        except (ValueError, RecursionError):
            raise TemplateFailure("The payload is not JSON.") from None

    def _path(self, path: str) -> Any:
        return jsonpath.find(self._document, path)

    def _json(self, path: str) -> str:
        value = jsonpath.find(self._document, path)
        return current().write(_json_of(value)) if value is not None else '""'

    def _params(self, name: str | None = None) -> Any:
        if name is None:
            return {place: dict(self._parameters[place]) for place in PLACES}
        for place in PLACES:
            known = self._parameters[place]
            key = name if name in known else _same(name, known if place == "header" else {})
            if key is not None:
                return known[key]
        return ""


def _same(name: str, known: Mapping[str, str]) -> str | None:
    return next((key for key in known if key.lower() == name.lower()), None)


def _json_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _escape(value: Any) -> str:
    text = text_of(value)
    return current().write("".join(ESCAPES.get(character, character) for character in text))


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise TemplateFailure("$util.parseJson() was given text that is not JSON.") from None


def _encode(text: str) -> str:
    return current().write(base64.b64encode(text.encode()).decode())


def _decode(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise TemplateFailure("$util.base64Decode() was given invalid text.") from None


UTIL = Variable(
    {
        "escapeJavaScript": _escape,
        "parseJson": _parse,
        "urlEncode": lambda text: current().write(quote_plus(text_of(text))),
        "urlDecode": lambda text: current().write(unquote_plus(text)),
        "base64Encode": _encode,
        "base64Decode": _decode,
    }
)
