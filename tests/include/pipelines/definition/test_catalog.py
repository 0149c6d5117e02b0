"""Pipelines are found by what their files state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prodml.endpoints.component import Component

from include.pipelines import churn
from include.pipelines.churn import PIPELINE
from include.pipelines.definition import catalog
from include.pipelines.definition.catalog import find, names, resource_names
from include.pipelines.definition.serving import Fleet


def test_the_catalog_finds_what_the_folder_states() -> None:
    assert "churn" in names()
    assert find("churn") is PIPELINE
    with pytest.raises(ValueError, match=r"No pipeline 'chrun'\. Available: .*churn"):
        find("chrun")


def test_resources_are_named_by_the_pipelines_and_by_their_fleets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert resource_names() == names()
    need = Component(memory_mb=512)
    shared = replace(PIPELINE, component=need, fleet=Fleet("shared"))
    monkeypatch.setattr(catalog, "find", lambda name: shared)
    assert resource_names() == ("churn", "shared")


@pytest.mark.parametrize("module", ["mnist", "errors"])
def test_a_file_without_a_pipeline_is_left_out(module: str) -> None:
    assert module not in names()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of pipelines in place of the project's."""
    (tmp_path / "definition").mkdir()
    monkeypatch.setattr(catalog, "__file__", str(tmp_path / "definition" / "catalog.py"))
    names.cache_clear()
    yield tmp_path
    names.cache_clear()


def test_a_statement_within_other_code_is_no_pipeline(folder: Path) -> None:
    (folder / "b.py").write_text("# one\nPIPELINE = Pipeline(\n")
    (folder / "a.py").write_text("# two\nPIPELINE = Pipeline(name='a')\n")
    (folder / "helper.py").write_text("def make():\n    PIPELINE = Pipeline()\n")
    assert names() == ("a", "b")


def test_a_file_that_states_another_name_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "shop.py").write_text("# one\nPIPELINE = Pipeline(\n")
    monkeypatch.setitem(__import__("sys").modules, "include.pipelines.shop", churn)
    with pytest.raises(ValueError, match=r"pipelines/shop\.py defines 'churn'\. Use the same name"):
        find("shop")
