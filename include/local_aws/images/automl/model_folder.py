"""Put the scripts that serve a model into its folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path


def add_code(folder: Path, scripts: Iterable[str]) -> None:
    """Copy *scripts*, which lie next to this one, into the model's folder `code`."""
    (folder / "code").mkdir(exist_ok=True)
    for name in scripts:
        shutil.copy(Path(__file__).parent / name, folder / "code" / name)
