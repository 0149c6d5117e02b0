"""The notebook's cells in order, with links that work from the tutorial."""

from __future__ import annotations

import json

from include.documentation.notebook_page import NOTEBOOK, page


def test_notebook_is_a_page() -> None:
    text = page()
    assert "](../how-to/call-an-endpoint.md" in text
    assert "](../docs/" not in text
    cells = json.loads(NOTEBOOK.read_text())["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert len(code) == text.count("```python\n")
    places = [text.index(f"```python\n{source}\n```") for source in code]
    assert places == sorted(places)
    assert any("ModelTrainer" in source for source in code)
