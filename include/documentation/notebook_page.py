"""The notebook of `examples/` as a page, without the outputs that it has once it is executed."""

from __future__ import annotations

import json

from include.settings import ROOT

NOTEBOOK = ROOT / "examples" / "churn_end_to_end.ipynb"


def page() -> str:
    """Return the page's Markdown; its links are those of a page in `docs/tutorial/`."""
    cells = json.loads(NOTEBOOK.read_text())["cells"]
    text = "\n\n".join(_shown(cell["cell_type"], _joined(cell["source"])) for cell in cells)
    return text.replace("](../docs/", "](../")


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _shown(kind: str, source: str) -> str:
    return source if kind == "markdown" else f"```python\n{source}\n```"
