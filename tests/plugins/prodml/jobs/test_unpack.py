"""A script in the archive runs as it would from its folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from prodml.aws.s3 import read
from prodml.jobs.code_archive import NAME, send_code

MAIN = """
import pathlib, sys
import part
folder = pathlib.Path(__file__).parent
print(sys.argv[1:], part.VALUE, (folder / "data" / "x.txt").read_text(), len(sys.path[0]))
print((folder / "__main__.py").read_text())
sys.exit(3)
"""


def test_a_script_finds_its_modules_files_and_arguments(
    s3: Any, bucket: str, tmp_path: Path
) -> None:
    source, job = tmp_path / "source", tmp_path / "job"
    (source / "data").mkdir(parents=True)
    job.mkdir()
    files = {"main.py": MAIN, "part.py": "VALUE = 7", "data/x.txt": "x", "__main__.py": "own"}
    for name, text in files.items():
        (source / name).write_text(text)
    uri = send_code(s3, source, f"s3://{bucket}/unpacked")
    (job / NAME).write_bytes(read(s3, f"{uri}{NAME}"))
    command = [sys.executable, str(job / NAME), "main.py", "--rows", "a b"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 3, ended.stderr
    assert ended.stdout == f"['--rows', 'a b'] 7 x {len(str(job))}\nown\n"
    assert {path.name for path in job.iterdir()} >= {*files, NAME} - {"data/x.txt"}
