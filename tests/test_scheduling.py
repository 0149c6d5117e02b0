"""The order of files among the workers."""

from __future__ import annotations

import pytest

from tests.scheduling import next_file

FILES = ["tests/a/test_1.py", "tests/b/c/test_2.py", "tests/b/d/test_3.py", "tests/test_4.py"]


@pytest.mark.parametrize(
    ("last", "elsewhere", "file"),
    [
        ("", [], "tests/a/test_1.py"),
        ("", ["tests/a/test_0.py"], "tests/b/c/test_2.py"),
        ("tests/b/d/test_0.py", ["tests/b/d/e/test_0.py"], "tests/b/d/test_3.py"),
        ("tests/b/e/test_0.py", ["tests/b/c/test_0.py"], "tests/b/d/test_3.py"),
        ("tests/e/test_0.py", ["tests/a/test_0.py", "tests/b/c/test_0.py"], "tests/test_4.py"),
    ],
)
def test_next_file(last: str, elsewhere: list[str], file: str) -> None:
    assert next_file(FILES, last, elsewhere) == file
