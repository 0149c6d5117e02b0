"""The type of a JSON document: a request, an answer, a stored resource."""

from __future__ import annotations

from typing import Any

Doc = dict[str, Any]
