"""The reference of the training debugger's rules, from their fields and docstrings."""

from __future__ import annotations

import dataclasses
import inspect
import re

from prodml.debugger.rules import RULES, Rule

from include.documentation.tables import code, table

HEAD = """\
# Rules for training jobs

Made from the code of `plugins/prodml/debugger`. [Debug a training job](../how-to/debug-training.md)
shows how to use them: `from prodml.debugger.rules import ...`. A parameter without a default is
required; `stop` is set by its name.
"""
PARAMETER = re.compile(r"^:param (\w+):\s*", re.MULTILINE)


def page() -> str:
    """Return the page's Markdown."""
    return "\n".join([HEAD, *map(_section, RULES)])


def _section(rule: type[Rule]) -> str:
    text, *pieces = PARAMETER.split(inspect.cleandoc(rule.__doc__ or ""))
    _, *shared = PARAMETER.split(inspect.cleandoc(Rule.__doc__ or ""))
    meanings = dict(zip(pieces[::2], pieces[1::2], strict=True))
    meanings |= dict(zip(shared[::2], shared[1::2], strict=True))
    rows = [
        (code(field.name), _default(field), " ".join(meanings[field.name].split()))
        for field in sorted(dataclasses.fields(rule), key=lambda field: field.name == "stop")
    ]
    parameters = table(("parameter", "default", "meaning"), rows).replace("``", "`")
    advice = f"What to do: {rule.advice}"
    return "\n\n".join([f"## {rule.__name__}", text.strip(), parameters, advice, ""])


def _default(field: dataclasses.Field[object]) -> str:
    return "" if field.default is dataclasses.MISSING else f"`{field.default!r}`"
