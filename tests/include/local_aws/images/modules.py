"""Modules of an image, imported from their own folder as in its containers."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

Load = Callable[[str], ModuleType]


@contextmanager
def modules_of(folder: Path) -> Iterator[Load]:
    """Import modules of *folder* by their names; forget them and what they imported afterwards."""
    before, own = set(sys.modules), {path.stem for path in folder.glob("*.py")}
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield importlib.import_module
    for name in own & (sys.modules.keys() - before):
        del sys.modules[name]
