"""The documentation site, built as `make docs` does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from properdocs.commands.build import build
from properdocs.config import load_config
from properdocs.exceptions import Abort

from tests.root import ROOT

PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
MARKUP = re.compile(r"^\s*([-*] |\d+\. |\|.*\|$|```)", re.MULTILINE)
LOADED = re.compile(r'(?:<(?:script|img|iframe)[^>]*src|<link[^>]*href)="(?:https?:)?//')


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the text of each page by its address."""
    folder = tmp_path_factory.mktemp("site")
    path = os.pathsep.join([str(ROOT), str(ROOT / "plugins")])
    ended = subprocess.run(
        [sys.executable, "-m", "properdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": path, "AIRFLOW_HOME": str(folder.parent / "airflow")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    pages = sorted(folder.rglob("*.html"))
    return {page.relative_to(folder).as_posix(): page.read_text() for page in pages}


def test_forms_of_all_dags_are_documented(site: dict[str, str]) -> None:
    page = site["reference/dag-forms.html"]
    titles = set(re.findall(r'<h2 id="\w+">(\w+)<', page))
    assert titles >= {path.stem for path in (ROOT / "dags").glob("*.py")}
    assert "<code>min_gain</code>" in page
    assert "number, ≥ 0" in page


def test_nothing_is_loaded_from_elsewhere(site: dict[str, str]) -> None:
    assert [page for page, text in site.items() if LOADED.search(text)] == []


def test_no_markup_is_left_in_paragraphs(site: dict[str, str]) -> None:
    """GitHub takes some lists and blocks that the builder takes for text."""
    texts = [(page, text) for page, html in site.items() for text in PARAGRAPH.findall(html)]
    assert len(texts) > 300
    assert [(page, text[:80]) for page, text in texts if MARKUP.search(text)] == []


@pytest.mark.parametrize("link", ["nowhere.md", "index.md#nowhere", "/absolute.md"])
def test_broken_link_fails_the_build(tmp_path: Path, link: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(f"# Home\n\n[broken]({link})\n")
    places: Any = {"docs_dir": str(tmp_path / "docs"), "site_dir": str(tmp_path / "site")}
    own: Any = {"nav": ["index.md"], "hooks": [], "extra_css": [], "strict": True}
    with pytest.raises(Abort, match="Aborted with 1 warnings in strict mode"):
        build(load_config(str(ROOT / "properdocs.yml"), **places, **own))
