"""Columns of texts in which a shift could not be seen."""

from __future__ import annotations

from collections import Counter

import pytest

from include.jobs.drift.columns import Column
from include.jobs.drift.statistics import Profile
from include.jobs.drift.summaries import Texts
from include.jobs.drift.texts import mixed, undecided, unjudged, unread


def texts(values: list[str]) -> Column:
    return Column("c", as_text=True, texts=Texts(Counter(values)))


def test_a_column_of_different_values_is_named() -> None:
    different = texts([f"order-{n}" for n in range(200)])
    alike = texts(["a", "b"] * 100)
    for was, now in ((different, alike), (alike, different)):
        (note,) = unjudged(Profile({"c": was}), Profile({"c": now}))
        assert note.startswith("Nearly every value of c is different")
    assert unjudged(Profile({"c": alike}), Profile({"c": alike})) == []


def test_rows_beyond_those_counted_one_by_one_are_different() -> None:
    column = Column("c", texts=Texts(Counter({"a": 100}), other=900))
    assert unjudged(Profile(), Profile({"c": column}))


def test_a_column_of_mostly_numbers_names_what_is_not_one() -> None:
    assert mixed(texts(["1", "2", "3", "(unbekannt)"] * 30)) == (0.75, "(unbekannt)")
    assert mixed(texts(["1", "a", "b"] * 30)) is None
    assert mixed(texts(["1", "2"] * 30)) is None


READ_BY_PEOPLE = [
    *("{}.5 kg", "{}.25D+00", "~{}.5", "{} kg", "ca. {}.5", "{} minutes", "{}.5 kilograms"),
    *("about {}.5", "{}.5k"),
]


@pytest.mark.parametrize("form", READ_BY_PEOPLE)
def test_numbers_that_are_not_read_are_seen_by_their_form(form: str) -> None:
    assert unread(texts([form.format(n) for n in range(100)]))


@pytest.mark.parametrize("form", ["order-{}", "{}-01-31", "name {}", "A{}", "10.0.0.{}", "1.2.{}"])
def test_other_texts_with_digits_are_not(form: str) -> None:
    assert unread(texts([form.format(n) for n in range(100)])) is None


def test_numbers_before_many_different_words_are_no_units() -> None:
    streets = ["Main", "Oak", "Elm", "Hill", "Park", "Lake", "Mill", "Pine", "Ash", "Bay", "Fox"]
    assert unread(texts([f"{n} {streets[n % 11]} Street" for n in range(100)])) is None


@pytest.mark.parametrize("form", ["0:{:02}:00", "0x{:x}", "2024-01-{}", "[{}, 1]", "order-{}"])
def test_texts_with_digits_of_which_none_is_frequent_are_not_decided(form: str) -> None:
    many = texts([form.format(n) for n in range(200)] * 3)
    assert undecided(many, many) == form.format(0)
    assert undecided(many, texts(["a", "b"] * 300)) is None
    frequent = texts([form.format(n % 3) for n in range(200)])
    assert undecided(frequent, frequent) is None


def test_texts_without_digits_are_left_to_a_note() -> None:
    names = texts([f"{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(200)])
    assert undecided(names, names) is None
    assert unjudged(Profile({"c": names}), Profile({"c": names}))
