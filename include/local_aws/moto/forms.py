"""Handle bodies that are sent as forms: moto would parse S3 objects and lose binary ones."""

from __future__ import annotations

import io
import threading
from typing import Any

from ..wire.naming import FORM

PLAIN = "binary/octet-stream"


class Sent(threading.local):
    """The content type of this thread's request, if it is hidden from moto."""

    content_type: str | None = None


sent = Sent()


def hide_form(environ: dict[str, Any]) -> None:
    """Hide the content type of an S3 object; query requests go to `/` and stay forms."""
    given = environ.get("CONTENT_TYPE", "")
    is_object = environ["REQUEST_METHOD"] == "PUT" or environ["PATH_INFO"] != "/"
    sent.content_type = given if is_object and given.lower().startswith(FORM) else None
    if sent.content_type:
        environ["CONTENT_TYPE"] = PLAIN


def is_readable(environ: dict[str, Any]) -> bool:
    """Return False for a form that is not UTF-8: moto loses its body and then waits for it."""
    if not environ.get("CONTENT_TYPE", "").lower().startswith(FORM):
        return True
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def keep_form_types() -> None:
    """Store the content type that was sent."""
    from moto.s3 import responses

    original = responses.metadata_from_headers

    def metadata(headers: Any) -> Any:
        metadata = original(headers)
        if sent.content_type and "content-type" in metadata:
            metadata["Content-Type"] = sent.content_type
        return metadata

    responses.metadata_from_headers = metadata
