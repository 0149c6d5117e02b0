"""The documents that a check writes and others read: their type, and the place of a late entry."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
TRIGGERED = "<!--triggered-->"  # in the report; replaced by the action that follows the verdict
