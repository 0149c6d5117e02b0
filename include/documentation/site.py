"""Hooks of the site's build: pages made from the code, and files outside of `docs/`.

A page in `docs/` may link any file of the repository, as it does where the repository is shown.
The site holds a copy of each such file below `project/`, so that no link leaves it or is broken.
"""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path
from typing import Any

from properdocs.structure.files import File
from pygments.formatters import HtmlFormatter

from include.documentation import (
    commands_page,
    forms_page,
    notebook_page,
    operators_page,
    rules_page,
    runbooks_page,
    settings_page,
)
from include.settings import ROOT

PAGES = {
    "how-to/runbooks.md": runbooks_page.page,
    "tutorial/notebook.md": notebook_page.page,
    "reference/commands.md": commands_page.page,
    "reference/operator-parameters.md": operators_page.page,
    "reference/rules.md": rules_page.page,
    "reference/settings.md": settings_page.page,
    "reference/dag-forms.md": forms_page.page,
}
PROJECT = "project"
ALWAYS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
LINK = re.compile(r"\]\((?![a-z]+:|#|/)([^)#\s]+)")


def on_files(files: Any, config: Any) -> Any:
    """Add the pages made from the code, the colours of code blocks, and every linked file."""
    for uri, page in PAGES.items():
        files.append(File.generated(config, uri, content=page()))
    colours = HtmlFormatter(style="default").get_style_defs(".codehilite")
    files.append(File.generated(config, "css/code.css", content=colours))
    pending = [*(f.abs_src_path for f in files.documentation_pages() if f.abs_src_path)]
    pending += [str(ROOT / name) for name in ALWAYS]
    for path in map(Path, pending):
        uri = _uri(path)
        if uri not in files.src_uris:
            files.append(File.generated(config, uri, abs_src_path=str(path)))
        if path.suffix == ".md":
            links = LINK.findall(path.read_text())
            targets = [Path(os.path.normpath(path.parent / link)) for link in links]
            pending += [str(t) for t in targets if t.is_file() and str(t) not in pending]
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Point links of *page* at the files' places in the site."""
    if page.file.abs_src_path is None:
        return markdown
    source = Path(page.file.abs_src_path)

    def placed(link: re.Match[str]) -> str:
        target = Path(os.path.normpath(source.parent / link[1]))
        if not target.is_file():
            return link[0]
        here = posixpath.dirname(page.file.src_uri)
        return f"]({posixpath.relpath(_uri(target), here or '.')}"

    return LINK.sub(placed, markdown)


def _uri(path: Path) -> str:
    """Return the address in the site of a file of the repository."""
    docs = ROOT / "docs"
    if path.is_relative_to(docs):
        return path.relative_to(docs).as_posix()
    return f"{PROJECT}/{path.relative_to(ROOT).as_posix()}"
