"""A request as bytes, its response, and the command that repeats it."""

from __future__ import annotations

import json
import re
import shlex
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from include.local_aws.wire import codecs

Headers = dict[str, str]
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # S3 writes keys as they are


@dataclass(frozen=True)
class Request:
    """One request; *service* and *operation* are those in it, if any."""

    method: str = "POST"
    target: str = "/"
    headers: Headers = field(default_factory=dict)
    body: bytes = b""
    service: str = ""
    operation: str = ""

    def scope(self, host: str) -> dict[str, Any]:
        """Return the request's ASGI scope."""
        path, _, query = self.target.partition("?")
        fields = {"host": host, "content-length": str(len(self.body)), **self.headers}
        return {
            "type": "http",
            "method": self.method,
            "path": unquote(path),
            "raw_path": path.encode("ascii"),
            "query_string": query.encode("ascii"),
            "headers": [(n.encode(), v.encode("latin-1")) for n, v in fields.items()],
        }

    def command(self, url: str) -> str:
        """Return a shell command that sends it to the server at *url*."""
        headers = " ".join(f"-H {_quoted(f'{n}: {v}')}" for n, v in self.headers.items())
        body = b64encode(self.body).decode()
        return (
            f"base64 -d <<< {shlex.quote(body)} | curl --path-as-is -isS -X {self.method} "
            f"{headers} --data-binary @- {shlex.quote(url + self.target)}"
        )


def _quoted(text: str) -> str:
    if text.isascii() and text.isprintable():
        return shlex.quote(text)
    escaped = "".join(rf"\x{byte:02x}" for byte in text.encode("latin-1"))
    return f"$'{escaped}'"


@dataclass(frozen=True)
class Answer:
    """A response; status 0 is a connection that was closed without one."""

    status: int
    headers: Headers
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    def document(self) -> Any:
        """Return the body, decoded by its content type; raise ValueError if that fails."""
        if not self.body:
            return b""
        if "json" in self.content_type:
            return json.loads(self.body, parse_constant=_refuse_constant)
        if "cbor" in self.content_type:
            return codecs.CBOR.parsed(self.body)
        if "xml" in self.content_type:
            try:
                return ET.fromstring(CONTROL.sub(b"", self.body))
            except ET.ParseError as error:
                raise ValueError(f"{error} in {self.body[:200]!r}") from None
        return self.body

    def error(self) -> tuple[str, str]:
        """Return the code and message of an error body; "" for a missing one."""
        document = self.document()
        if isinstance(document, dict):
            code = document.get("__type", "") or self.headers.get("x-amzn-errortype", "")
            return code, document.get("message", "")
        if isinstance(document, ET.Element):
            texts = {node.tag.rpartition("}")[2]: node.text or "" for node in document.iter()}
            return texts.get("Code", ""), texts.get("Message", "")
        return self.headers.get("x-amzn-errortype", ""), ""


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON.")
