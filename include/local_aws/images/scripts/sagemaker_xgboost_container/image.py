"""Import modules of the image, also where the script's own modules have the same names."""

from __future__ import annotations

import importlib
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).resolve().parents[2] / "xgboost"


@cache
def module(name: str) -> ModuleType:
    """Import a module of the image's folder, and hide it from the script again."""
    names = {path.stem for path in FOLDER.glob("*.py")}
    hidden = {other: sys.modules.pop(other) for other in names & sys.modules.keys()}
    sys.path.insert(0, str(FOLDER))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(FOLDER))
        for other in names & sys.modules.keys():
            del sys.modules[other]
        sys.modules.update(hidden)
