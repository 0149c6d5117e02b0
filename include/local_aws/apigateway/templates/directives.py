"""Evaluate the directives of a template, and refuse those that mapping templates do not have."""

from __future__ import annotations

import re
from typing import Any

from . import values
from .budget import ITERATIONS, TemplateFailure, current
from .engine import Namespace, base, engine


class Condition(base("Condition")):  # type: ignore[misc]
    """The condition of an #if."""

    def parse(self) -> None:
        super().parse()
        calculate: Any = self.__dict__["calculate"]
        self.calculate = lambda namespace, loader: values.is_true(calculate(namespace, loader))


class Set(base("SetDirective")):  # type: ignore[misc]
    """An assignment to a variable, or to a member of a map."""

    def evaluate_raw(self, stream: Any, namespace: Namespace, loader: Any) -> None:
        value = self.value.calculate(namespace, loader)
        *path, last = self.terms
        if not path:
            namespace.set_inherited(last, value)
            return
        target = _variable_of(namespace, path[0])
        for term in path[1:]:
            target = values.property_of(target, term)
        if not isinstance(target, dict):
            raise TemplateFailure(f"${'.'.join(path)} is not a map.")
        target[last] = value


def _variable_of(namespace: Namespace, name: str) -> Any:
    try:
        return namespace[name]
    except KeyError:
        return None


class Foreach(base("ForeachDirective")):  # type: ignore[misc]
    """A loop over a list, or over the values of a map."""

    def evaluate_raw(self, stream: Any, namespace: Namespace, loader: Any) -> None:
        items = self.value.calculate(namespace, loader)
        if items is None:
            return
        items = list(items.values()) if isinstance(items, dict) else items
        if not isinstance(items, list):
            raise TemplateFailure(f"${self.loop_var_name} has no list to take values from.")
        if len(items) > ITERATIONS:
            raise TemplateFailure(f"#foreach has at most {ITERATIONS} iterations.")
        for index, item in enumerate(items):
            current().step()
            local = engine.LocalNamespace(namespace)
            local[self.loop_var_name] = item
            local["velocityCount"] = index + 1
            local["velocityHasNext"] = has_next = index + 1 < len(items)
            local["foreach"] = {
                "count": index + 1,
                "index": index,
                "hasNext": has_next,
                "first": index == 0,
                "last": not has_next,
            }
            self.block.evaluate(stream, local, loader)


class Hash(base("FallthroughHashText")):  # type: ignore[misc]
    """A # that begins no directive."""

    BROKEN = re.compile(r"#(if|foreach|set|macro|define)\b\s*\(")
    IN_BRACES = re.compile(r"#\{(if|elseif|foreach|set|macro|define)\b\}?\s*\(")

    def parse(self) -> None:
        if match := self.BROKEN.match(self._full_text, self.end):
            raise TemplateFailure(f"#{match[1]} is not complete.")
        if match := self.IN_BRACES.match(self._full_text, self.end):
            raise TemplateFailure(f"#{{{match[1]}}} is not supported. Write #{match[1]}.")
        super().parse()


def closed(directive: str) -> type:
    """Return the class of a directive that mapping templates do not have."""

    class Closed(base(directive)):  # type: ignore[misc]
        def parse(self) -> None:
            self.identity_match(self.START)
            name = self.my_text()
            raise TemplateFailure(f"{name} is not available in mapping templates.")

    return Closed
