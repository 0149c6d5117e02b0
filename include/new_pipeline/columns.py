"""Guess what a column holds, from its texts and its name."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from include.new_pipeline.sample import NUMBER

MOST_VALUES = 60  # of a vocabulary
LONGEST_VALUE = 60  # characters of a value of a vocabulary
CODES = 5  # distinct whole numbers that may be codes of something
BLANKS = frozenset({"na", "n/a", "nan", "null", "none", "?", "-"})
CODE = re.compile(r"0\d+")  # digits that a number would lose
WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
IDENTIFIERS = frozenset({"id", "ids", "key", "uuid", "guid"})
PERSONAL = frozenset(
    {
        *("address", "age", "birth", "birthdate", "birthday", "city", "customer", "dob", "email"),
        *("employee", "ethnicity", "fax", "firstname", "gender", "iban", "income", "ip"),
        *("lastname", "latitude", "longitude", "mail", "member", "mobile", "name", "nationality"),
        *("passport", "patient", "person", "phone", "postal", "postcode", "race", "religion"),
        *("salary", "sex", "ssn", "street", "surname", "tel", "telephone", "user", "username"),
        *("zip", "zipcode"),
    }
)


class Kind(StrEnum):
    """The kinds of a column of a schema, and what no schema takes."""

    NUMBER = "number"
    FLAG = "flag"
    CATEGORY = "category"
    LEFT_OUT = "left out"


@dataclass(frozen=True)
class Column:
    """A guess: the kind of a column, its vocabulary, and what a person should know or check."""

    name: str
    kind: Kind
    remark: str = ""
    values: tuple[str, ...] = ()
    is_date: bool = False


def guess(name: str, texts: Sequence[str], is_boolean: bool = False) -> Column:
    """Return what the column *name* with *texts* may hold."""
    filled = [text for text in texts if text]
    values = sorted(set(filled))
    if len(values) < 2:
        return _left(name, f"every cell is {values[0][:40]!r}" if values else "every cell is empty")
    if is_boolean or set(values) <= {"no", "yes"}:
        return _flag(name, len(filled) < len(texts))
    if is_identifier(name) and len(values) > len(filled) / 2:
        return _left(name, "an identifier, by its name")
    if are_numbers(value for value in values if value.lower() not in BLANKS):
        return _number(name, values)
    if all(map(is_date, values)):
        return Column(
            name, Kind.LEFT_OUT, "dates: derive numbers from them, such as days since", (), True
        )
    return _category(name, values, texts)


def _left(name: str, why: str) -> Column:
    return Column(name, Kind.LEFT_OUT, why)


def _flag(name: str, has_blanks: bool) -> Column:
    remark = "check: some cells are empty, and a flag is yes or no" if has_blanks else ""
    return Column(name, Kind.FLAG, remark)


def _number(name: str, values: Sequence[str]) -> Column:
    if blanks := [value for value in values if value.lower() in BLANKS]:
        remark = f"check: {blanks[0]!r} is refused as a number; export it as an empty cell"
    elif len(values) <= CODES and all(value.lstrip("+-").isdigit() for value in values):
        remark = f"guess: or a category, of {', '.join(values)}"
    else:
        remark = ""
    return Column(name, Kind.NUMBER, remark)


def _category(name: str, values: Sequence[str], texts: Sequence[str]) -> Column:
    if max(map(len, values)) > LONGEST_VALUE or "\n" in "".join(values):
        return _left(name, "free text")
    if len(values) > min(MOST_VALUES, max(2, len(texts) / 2)):
        return _left(name, f"{len(values)} different texts, too many for a vocabulary")
    if "" not in texts:
        return Column(name, Kind.CATEGORY, "guess: the sample's values; add others", tuple(values))
    remark = 'guess: the sample\'s values, "" for an empty cell; add others'
    return Column(name, Kind.CATEGORY, remark, ("", *values))


def are_numbers(texts: Iterable[str]) -> bool:
    """Return whether there are *texts*, and all are finite numbers; 007 is a code."""
    listed = list(texts)
    return bool(listed) and all(map(_is_number, listed))


def _is_number(text: str) -> bool:
    fits = NUMBER.fullmatch(text.strip()) and not CODE.fullmatch(text)
    return bool(fits) and math.isfinite(float(text))


def is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def words(name: str) -> set[str]:
    """Return the words of a name such as `CustomerId` or `customer_id`."""
    return {word.lower() for word in WORDS.findall(name)}


def is_identifier(name: str) -> bool:
    return bool(words(name) & IDENTIFIERS)


def is_personal(name: str) -> bool:
    """Return whether a name suggests personal data."""
    return bool(words(name) & PERSONAL) or name.lower().replace("_", "") in PERSONAL
