"""Evaluate the references of a template: variables, members, methods, elements."""

from __future__ import annotations

from typing import Any

from . import values
from .budget import TemplateFailure, current
from .engine import Namespace, base, engine


class Stream(base("StoppableStream")):  # type: ignore[misc]
    """Collects the text of a template up to its limit."""

    def write(self, text: str) -> None:
        super().write(current().write(text))


class Name(base("NameOrCall")):  # type: ignore[misc]
    """A variable, a member or a method; never an attribute of Python."""

    def calculate(self, value: Any, loader: Any, namespace: Namespace) -> Any:
        current().step()
        if isinstance(value, engine.LocalNamespace):
            return self._variable(value, loader, namespace)
        if self.parameters is not None:
            arguments = self.parameters.calculate(namespace, loader)
            return values.call(value, self.name, arguments)
        return self._indexed(values.property_of(value, self.name), loader, namespace)

    def _variable(self, scope: Any, loader: Any, namespace: Namespace) -> Any:
        try:
            value = scope[self.name]
        except KeyError:
            return None
        if isinstance(value, engine._FunctionDefinition):
            arguments = self.parameters.calculate(namespace, loader) if self.parameters else []
            stream = Stream()
            value.execute_function(stream, namespace, arguments, loader)
            return stream.getvalue()
        if self.parameters is not None:
            raise TemplateFailure(f"${self.name} is not a method.")
        return self._indexed(value, loader, namespace)

    def _indexed(self, value: Any, loader: Any, namespace: Namespace) -> Any:
        if self.index is None:
            return value
        return values.element(value, self.index.calculate(namespace, loader))


class Member(base("SubExpression")):  # type: ignore[misc]
    """An access to a value: to a member by its name, or to an element by its index."""

    def calculate(self, value: Any, loader: Any, namespace: Namespace) -> Any:
        if not isinstance(self.expression, engine.ArrayIndex):
            return self.expression.calculate(value, loader, namespace)
        result = values.element(value, self.expression.calculate(namespace, loader))
        if self.subexpression:
            return self.subexpression.calculate(result, loader, namespace)
        return result


class Reference(base("FormalReference")):  # type: ignore[misc]
    """A reference in the text; one to a missing value is empty, as API Gateway has it."""

    def evaluate_raw(self, stream: Any, namespace: Namespace, loader: Any) -> None:
        current().step()
        if self.expression is None:
            stream.write(self.my_text())
            return
        value = self.expression.calculate(namespace, loader)
        if value is None and self.alternate is not None:
            value = self.alternate.calculate(namespace, loader)
        stream.write("" if value is None else values.text_of(value))
