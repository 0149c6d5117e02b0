"""The JSONPath of batch transform's filters: a small, strict subset of the language."""

from __future__ import annotations

import re
from typing import Any

STEP = re.compile(
    r"\.(?P<name>[A-Za-z0-9-]+)"
    r"|\[\s*(?P<names>'[^'\]]*'(?:\s*,\s*'[^'\]]*')*)\s*\]"
    r"|\[\s*(?P<indexes>-?\d+(?:\s*,\s*-?\d+)*)\s*\]"
    r"|\[(?P<start>-?\d+)?:\]"
    r"|(?P<all>\.\*|\[\*\])"
)
LONGEST = 63


class JsonPath:
    """A parsed path; raises ValueError for a path that AWS refuses.

    A slice with an end is refused: AWS's guide and the library it uses disagree about the end.
    """

    def __init__(self, text: str) -> None:
        if not text.startswith("$") or len(text) > LONGEST:
            raise ValueError(f"it must begin with $ and have at most {LONGEST} characters.")
        self._steps: list[re.Match[str]] = []
        position = 1
        while position < len(text):
            if not (step := STEP.match(text, position)):
                raise ValueError(
                    f"Unexpected {text[position:]!r} in JsonPath. Here $, .name, ['a','b'], [0,2], "
                    "[1:] and * are supported."
                )
            self._steps.append(step)
            position = step.end()

    @property
    def by_index(self) -> bool:
        """Return whether the path selects by index only, as CSV requires."""
        return all(step["indexes"] or step[0].endswith(":]") for step in self._steps)

    def of(self, value: Any) -> Any:
        """Return the part of *value* at the path; raise ValueError if it is missing."""
        for step in self._steps:
            try:
                value = _picked(step, value)
            except (KeyError, IndexError, TypeError):
                raise ValueError(f"{step[0]} does not fit the record") from None
        return value


def _picked(step: re.Match[str], value: Any) -> Any:
    if step["name"]:
        return value[step["name"]]
    if step["names"]:
        names = [name.strip().strip("'") for name in step["names"].split(",")]
        return value[names[0]] if len(names) == 1 else {name: value[name] for name in names}
    if step["indexes"]:
        indexes = [int(index) for index in step["indexes"].split(",")]
        return value[indexes[0]] if len(indexes) == 1 else [value[index] for index in indexes]
    if step["all"]:
        return list(value.values()) if isinstance(value, dict) else list(value)
    return value[int(step["start"] or 0) :]
