"""The Velocity Template Language: airspeed parses a template, and our classes evaluate it.

airspeed's own evaluation reaches every attribute of a Python object, and has no limit. Its module
is loaded a second time, and the classes that do so are replaced in that copy alone.
"""

from __future__ import annotations

from typing import Any

from . import directives, expressions, references
from .budget import TemplateFailure, limited
from .engine import count_parsing, engine

PARSING = 100_000  # steps
LONGEST = 300_000  # characters of a template, as on AWS


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


def _replace_classes() -> None:
    count_parsing()
    for name, replacement in {
        "StoppableStream": references.Stream,
        "NameOrCall": references.Name,
        "SubExpression": references.Member,
        "FormalReference": references.Reference,
        "StringLiteral": expressions.Literal,
        "InterpolatedStringLiteral": expressions.Interpolated,
        "Range": expressions.Range,
        "FallthroughHashText": directives.Hash,
        "Condition": directives.Condition,
        "SetDirective": directives.Set,
        "ForeachDirective": directives.Foreach,
        "BinaryOperator": expressions.Binary,
        "UnaryOperatorValue": expressions.Unary,
        **{
            directive: directives.closed(directive)
            for directive in ("EvaluateDirective", "IncludeDirective", "ParseDirective")
        },
    }.items():
        setattr(engine, name, replacement)


_replace_classes()
