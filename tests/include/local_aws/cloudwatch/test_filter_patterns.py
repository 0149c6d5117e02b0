from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from include.local_aws.cloudwatch import filter_patterns
from include.local_aws.cloudwatch.filter_conditions import InvalidPatternError

Unique = Callable[[str], str]

EVENT = json.dumps(
    {
        "type": "Update",
        "n": 12.5,
        "on": True,
        "gone": None,
        "user": {"id": 1, "a-b": "x"},
        "list": [{"e": "a"}, {"e": "b"}],
    }
)
LINE = '127.0.0.1 - alice [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ('{ $.type = "Update" }', True),
        ("{ $.type = Up*e }", True),
        ("{ $.type != Up* }", False),
        ("{ $.type = %^Up% }", True),
        ("{ $.n > 12 && $.n <= 1.25e1 }", True),
        ("{ $.n < 12 || $.on IS TRUE }", True),
        ("{ ($.n < 12 || $.on IS TRUE) && $.user.id = 2 }", False),
        ("{ $.gone IS NULL }", True),
        ("{ $.missing IS NULL }", False),
        ("{ $.missing NOT EXISTS }", True),
        ('{ $.missing != "x" }', False),
        ("{ $.on > 0 }", False),
        ("{ $.gone < 1 }", False),
        ("{ $.type >= 1 }", False),
        ("{ $.list[0].e = a }", True),
        ("{ $.list[*].e = b }", True),
        ("{ $.list[2].e = b }", False),
        ('{ $.user["a-b"] = x }', True),
        ("{ $.user.a-b = x }", True),
        ("{ $.user = 1 }", False),
    ],
)
def test_json_events(pattern: str, matches: bool) -> None:
    assert (filter_patterns.parse(pattern).match(EVENT) is not None) is matches


@pytest.mark.parametrize("message", ["no JSON", "[1]", "17", '{"type": ', "[" * 100_000])
def test_other_messages_match_no_json_pattern(message: str) -> None:
    assert filter_patterns.parse('{ $.type = "*" }').match(message) is None


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("[ip, user, name, at, request, status, bytes]", True),
        ("[ip, user, name]", False),
        ("[ip, ..., bytes > 1500]", True),
        ("[..., status = 404 || status = 410, bytes]", True),
        ("[..., status != 4*, bytes]", False),
        ("[ip = 127.0.*, ..., request = *html*, status, bytes]", True),
        ("[ip = %^10%, ...]", False),
        ("[a, b, c, d, e, f, ..., g, h]", False),
    ],
)
def test_space_delimited_events(pattern: str, matches: bool) -> None:
    assert (filter_patterns.parse(pattern).match(LINE) is not None) is matches


def test_words_in_brackets_and_quotes_are_one() -> None:
    fields = filter_patterns.parse("[..., at, request, status, bytes]").match(LINE)
    assert fields is not None
    assert fields["$at"] == "10/Oct/2000:13:25:15 -0700"
    assert fields["$request"] == "GET /index.html HTTP/1.0"


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("", True),
        ("ERROR", True),
        ("error", False),
        ("ERROR 401", True),
        ("ERROR 402", False),
        ("?WARN ?ERROR", True),
        ("?WARN ?INFO", False),
        ("ERROR -DEBUG", True),
        ("ERROR -401", False),
        ("-DEBUG", True),
        ('"[ERROR 401]"', True),
        ('-"ERROR 401"', False),
        (r"%4\d+%", True),
        ("?WARN ERROR", True),
    ],
)
def test_terms(pattern: str, matches: bool) -> None:
    fields = filter_patterns.parse(pattern).match("[ERROR 401] UNAUTHORIZED")
    assert (fields is not None) is matches


@pytest.mark.parametrize(
    "pattern",
    [
        *("{ $.a }", "{ $.a = ", "{ = 1 }", "[a, a]", "[a", "a:b", '"open', "%(a)%"),
        *("[..., a, ...]", "{ $.a = 1 $.b }", "{ ($.a = 1 }", "{ $.a IS MAYBE }", "{ $.a = && }"),
        *("{ $.a > x }", "[a = 1 && b = 2, c]", "%a**%", "{ $.a = %[% }", "-"),
    ],
)
def test_unreadable_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidPatternError):
        filter_patterns.parse(pattern)
