"""The scripts of an AutoML job, imported from their folder as in its containers."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from include.local_aws.containers.image import FOLDER

Load = Callable[[str], ModuleType]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Iterator[Load]:
    """Import a script by its name; forget it and what it imported after the test."""
    folder = FOLDER / "automl"
    names = {path.stem for path in folder.glob("*.py")}
    monkeypatch.syspath_prepend(str(folder))
    yield importlib.import_module
    for name in names & sys.modules.keys():
        del sys.modules[name]
