"""The reference of operators, from the signatures and docstrings of `prodml.operators`."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

from airflow.sdk import BaseOperator

from include.documentation.tables import code, table

PACKAGE = "prodml.operators"
HEAD = """\
# Operators: parameters

Made from the code of `plugins/prodml/operators`. [The operators by example](operators.md) shows
them in DAGs. A parameter without a default is required; *(templated)* ones take Jinja. Every
operator takes Airflow's own parameters too (`task_id`, `retries`, ...).
"""
PARAMETER = re.compile(r"^:param (\w+):\s*", re.MULTILINE)
ROLE = re.compile(r":\w+:`[~.]?([^`]+)`")


def page() -> str:
    """Return the page's Markdown."""
    return "\n".join([HEAD, *map(_section, public_operators())])


def public_operators() -> list[type[BaseOperator]]:
    """Return the operators that a DAG can use, by name."""
    package = importlib.import_module(PACKAGE)
    modules = {f"{PACKAGE}.{module.name}" for module in pkgutil.iter_modules(package.__path__)}
    classes = {
        value
        for module in modules
        for value in vars(importlib.import_module(module)).values()
        if inspect.isclass(value) and value.__module__ == module and issubclass(value, BaseOperator)
    }
    usable = [v for v in classes if not v.__name__.startswith("_") and not _is_base(v)]
    return sorted(usable, key=lambda value: value.__name__)


def _is_base(value: type) -> bool:
    return inspect.cleandoc(value.__doc__ or "").startswith("Base of ")


def _section(operator: type[BaseOperator]) -> str:
    text, meanings = _documented(operator)
    rows = [
        (_name(operator, parameter), _default(parameter), meanings.get(parameter.name, ""))
        for parameter in _parameters(operator)
    ]
    source = f"`from {operator.__module__} import {operator.__name__}`"
    parts = [f"## {operator.__name__}", source, text]
    return "\n\n".join([*parts, table(("parameter", "default", "meaning"), rows)])


def _documented(operator: type) -> tuple[str, dict[str, str]]:
    """Return the docstring's text, and the meaning of each parameter, inherited ones too."""
    meanings: dict[str, str] = {}
    for base in reversed(operator.__mro__):
        if base.__module__.startswith("prodml."):
            pieces = PARAMETER.split(inspect.getdoc(base) or "") if base.__doc__ else [""]
            meanings |= dict(zip(pieces[1::2], map(_markdown, pieces[2::2]), strict=True))
    return _markdown(PARAMETER.split(inspect.getdoc(operator) or "")[0]), meanings


def _markdown(text: str) -> str:
    return ROLE.sub(r"`\1`", text).replace("``", "`").strip()


def _parameters(operator: type) -> Iterator[inspect.Parameter]:
    """Yield the keyword parameters of *operator* and of its bases in this package."""
    seen: set[str] = set()
    for base in operator.__mro__:
        own: Any = vars(base).get("__init__")
        if own is None or not base.__module__.startswith("prodml."):
            continue
        for parameter in inspect.signature(inspect.unwrap(own)).parameters.values():
            if parameter.kind is parameter.KEYWORD_ONLY and parameter.name not in seen:
                seen.add(parameter.name)
                yield parameter


def _name(operator: type[BaseOperator], parameter: inspect.Parameter) -> str:
    templated = parameter.name in operator.template_fields
    return code(parameter.name) + (" *(templated)*" if templated else "")


def _default(parameter: inspect.Parameter) -> str:
    return "" if parameter.default is parameter.empty else f"`{parameter.default!r}`"
