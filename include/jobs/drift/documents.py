"""The JSON type of a check's documents, and the mark in its report that an action replaces."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
TRIGGERED = "<!--triggered-->"  # in the report; replaced by the action that follows the verdict
