"""The entry point of Processing jobs: the folder is a package under whatever name it arrives."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from include.settings import ROOT


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "run.py"), *arguments]
    return subprocess.run(command, cwd="/", env={}, capture_output=True, text=True, check=False)


def test_a_folder_called_as_a_standard_module_still_runs(tmp_path: Path) -> None:
    """SageMaker puts the scripts into `code`, and modules there import each other."""
    code = tmp_path / "code"
    code.mkdir()
    shutil.copy(ROOT / "include" / "jobs" / "run.py", code)
    (code / "part").mkdir()
    (code / "part" / "__init__.py").touch()
    (code / "part" / "names.py").write_text("GREETING = 'hello'\n")
    script = "import sys\nfrom .names import GREETING\nprint(GREETING, sys.argv[1:], __name__)\n"
    (code / "part" / "job.py").write_text(script)
    done = run(code, "part.job", "--raw", "x")
    assert (done.returncode, done.stdout) == (0, "hello ['--raw', 'x'] __main__\n"), done.stderr


def test_a_module_that_does_not_exist_fails_the_job_by_its_name() -> None:
    done = run(ROOT / "include" / "jobs", "churn.preprocessing", "split")
    assert done.returncode == 1
    assert "churn.preprocessing" in done.stderr.splitlines()[-1]
