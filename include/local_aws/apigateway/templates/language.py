"""The Velocity Template Language: airspeed parses a template, and the classes here evaluate it.

airspeed's own evaluation reaches every attribute of a Python object, and has no limit. Its module
is loaded a second time here, and the classes that do so are replaced in that copy alone.
"""

from __future__ import annotations

import importlib.util
import operator
import re
from collections.abc import Callable
from typing import Any, ClassVar

from . import values
from .budget import ITERATIONS, TemplateFailure, current, limited

PARSING = 100_000  # steps
LONGEST = 300_000  # characters of a template, as on AWS
LARGEST = 2**63
Namespace = Any


def _copied() -> Any:
    spec = importlib.util.find_spec("airspeed")
    if spec is None or spec.loader is None:
        raise RuntimeError("airspeed is not installed. Run `make setup`.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


engine = _copied()


def base(name: str) -> Any:
    """Return a class of airspeed."""
    return getattr(engine, name)


class Template:
    """A parsed template; raises TemplateFailure for one that is not of the language."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise TemplateFailure(f"A template has at most {LONGEST} characters.")
        self._template = engine.Template(text)
        with limited(PARSING):
            try:
                self._template.ensure_compiled()
            except (engine.TemplateError, engine.NoMatch, ValueError, RecursionError) as error:
                raise TemplateFailure(f"The template cannot be parsed: {_said(error)}") from error

    def render(self, variables: dict[str, Any]) -> str:
        """Return the text that the template makes; raise TemplateFailure."""
        with limited():
            try:
                text: str = self._template.merge(dict(variables))
            except (engine.TemplateError, TemplateFailure, RecursionError) as error:
                raise TemplateFailure(f"The template failed: {_said(error)}") from error
        return text


def _said(error: BaseException) -> str:
    cause: BaseException = error
    while isinstance(cause, engine.TemplateExecutionError) and cause.__cause__:
        cause = cause.__cause__
    return "it is nested too deeply." if isinstance(cause, RecursionError) else str(cause)


def _count_parsing() -> None:
    parse = engine._Element.__init__

    def counted(self: Any, filename: str, text: str, start: int = 0) -> None:
        current().step(1 + (len(text) - start) // 2_000)
        parse(self, filename, text, start)

    engine._Element.__init__ = counted


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


class Literal(base("StringLiteral")):  # type: ignore[misc]
    """A string in single quotes, in which nothing is escaped."""

    STRING = re.compile(r"'([^']*)'")

    def parse(self) -> None:
        (self.value,) = self.identity_match(self.STRING)


class Interpolated(base("InterpolatedStringLiteral")):  # type: ignore[misc]
    """A string in double quotes, with references; two quotes stand for one."""

    STRING = re.compile(r'"((?:[^"]|"")*)"')

    def parse(self) -> None:
        (text,) = self.identity_match(self.STRING)
        self.value = text.replace('""', '"')
        self.block = engine.Block(self.filename, self.value, 0)


class Range(base("Range")):  # type: ignore[misc]
    """A range of whole numbers."""

    def calculate(self, namespace: Namespace, loader: Any) -> list[int]:
        first = self.value1.calculate(namespace, loader)
        last = self.value2.calculate(namespace, loader)
        if not isinstance(first, int) or not isinstance(last, int):
            raise TemplateFailure("A range has two whole numbers.")
        if abs(last - first) >= ITERATIONS:
            raise TemplateFailure(f"A range has at most {ITERATIONS} numbers.")
        return [*range(first, last + 1)] if first <= last else [*range(first, last - 1, -1)]


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


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TemplateFailure(f"{values.text_of(value)[:40]!r} is not a number.")
    return value


def _arithmetic(apply: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def calculate(left: Any, right: Any) -> Any:
        try:
            result = apply(_number(left), _number(right))
        except (ZeroDivisionError, OverflowError):
            return None
        if isinstance(result, int) and not -LARGEST <= result < LARGEST:
            raise TemplateFailure("A number is out of the range of 64 bits.")
        return result

    return calculate


def _is_equal(left: Any, right: Any) -> bool:
    values.weigh(left)
    return bool(left == right)


def _compared(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def calculate(left: Any, right: Any) -> bool:
        if isinstance(left, str) and isinstance(right, str):
            values.weigh(left)
            return compare(left, right)
        return compare(_number(left), _number(right))

    return calculate


def _added(left: Any, right: Any) -> Any:
    if isinstance(left, str) or isinstance(right, str):
        return current().write(values.text_of(left) + values.text_of(right))
    return _arithmetic(operator.add)(left, right)


def _divided(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        return int(left / right) if abs(left) < 2**53 else left // right
    return left / right


GREATER, LESS = _compared(operator.gt), _compared(operator.lt)
NOT_LESS, NOT_GREATER = _compared(operator.ge), _compared(operator.le)


class Binary(base("BinaryOperator")):  # type: ignore[misc]
    """An operator between two values."""

    OPERATORS: ClassVar = {
        **dict.fromkeys((">", "gt"), GREATER),
        **dict.fromkeys((">=", "ge"), NOT_LESS),
        **dict.fromkeys(("<", "lt"), LESS),
        **dict.fromkeys(("<=", "le"), NOT_GREATER),
        **dict.fromkeys(("==", "eq"), _is_equal),
        **dict.fromkeys(("!=", "ne"), lambda a, b: not _is_equal(a, b)),
        **dict.fromkeys(("||", "or"), lambda a, b: values.is_true(a) or values.is_true(b)),
        **dict.fromkeys(("&&", "and"), lambda a, b: values.is_true(a) and values.is_true(b)),
        "%": _arithmetic(operator.mod),
        "+": _added,
        "-": _arithmetic(operator.sub),
        "*": _arithmetic(operator.mul),
        "/": _arithmetic(_divided),
    }


class Unary(base("UnaryOperatorValue")):  # type: ignore[misc]
    """A negation."""

    OPERATORS: ClassVar = dict.fromkeys(("!", "not"), lambda value: not values.is_true(value))


class Hash(base("FallthroughHashText")):  # type: ignore[misc]
    """A # that begins no directive."""

    BROKEN = re.compile(r"#\{?(if|foreach|set|macro|define)\b\s*\(")

    def parse(self) -> None:
        if match := self.BROKEN.match(self._full_text, self.end):
            raise TemplateFailure(f"#{match[1]} is not complete.")
        super().parse()


def _closed(directive: str) -> type:
    """Return the class of a directive that mapping templates do not have."""

    class Closed(base(directive)):  # type: ignore[misc]
        def parse(self) -> None:
            self.identity_match(self.START)
            name = self.my_text()
            raise TemplateFailure(f"{name} is not available in mapping templates.")

    return Closed


def _replace_classes() -> None:
    _count_parsing()
    for name, replacement in {
        "StoppableStream": Stream,
        "NameOrCall": Name,
        "SubExpression": Member,
        "FormalReference": Reference,
        "StringLiteral": Literal,
        "InterpolatedStringLiteral": Interpolated,
        "Range": Range,
        "FallthroughHashText": Hash,
        "Condition": Condition,
        "SetDirective": Set,
        "ForeachDirective": Foreach,
        "BinaryOperator": Binary,
        "UnaryOperatorValue": Unary,
        **{
            directive: _closed(directive)
            for directive in ("EvaluateDirective", "IncludeDirective", "ParseDirective")
        },
    }.items():
        setattr(engine, name, replacement)


_replace_classes()
