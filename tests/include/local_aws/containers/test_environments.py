"""Environments that cannot be built say why; what is built works where it lies."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest

from include.local_aws.containers.environments import Environments
from include.local_aws.containers.images import Packages
from include.local_aws.containers.requirements import BuildFailed

SMALL = Packages(("pygments==2.19.2", "colorama==0.4.6"))


def test_uv_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRODML_UV", str(tmp_path / "uv"))
    building = Environments(tmp_path / "images").python(Packages(("numpy",)), print)
    with pytest.raises(BuildFailed, match=rf"not found at {tmp_path}/uv\. Run `make setup`"):
        asyncio.run(building)


def prefix_of(program: Path) -> str:
    """Run a console script; return the prefix of the interpreter that it finds."""
    text = program.read_text()
    probe = program.with_name("probe")
    head = text[: text.index("import")]
    probe.write_text(f"{head}import sys; print(sys.prefix)\n")
    probe.chmod(0o755)
    found = subprocess.run([str(probe)], capture_output=True, text=True, check=True).stdout
    subprocess.run([str(program), "-V"], capture_output=True, check=True)
    return found.strip()


def test_console_scripts_run_in_their_own_environment(tmp_path: Path) -> None:
    """Of an environment that more was installed into too: it holds both packages."""
    environments = Environments(tmp_path)
    python = asyncio.run(environments.python(SMALL, print))
    assert prefix_of(python.with_name("pygmentize")) == str(python.parents[1])
    more = asyncio.run(environments.python(SMALL, print, ("iniconfig==2.1.0",)))
    assert more.parents[1] != python.parents[1]
    assert prefix_of(more.with_name("pygmentize")) == str(more.parents[1])
    subprocess.run([str(more), "-c", "import iniconfig, pygments"], check=True)
    assert subprocess.run([str(python), "-c", "import iniconfig"], capture_output=True).returncode


def test_a_lock_decides_on_what_packages_need(tmp_path: Path) -> None:
    """And a build that fails leaves nothing behind."""
    locked = Packages(("jinja2==3.1.6",), lock=("markupsafe==2.1.5",))
    python = asyncio.run(Environments(tmp_path).python(locked, print))
    code = "from importlib.metadata import version; print(version('markupsafe'))"
    found = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "2.1.5"
    broken = Packages(("jinja2==3.1.6",), lock=("markupsafe==0.0.1",))
    with pytest.raises(BuildFailed, match="markupsafe"):
        asyncio.run(Environments(tmp_path).python(broken, print))
    assert [path.name for path in tmp_path.iterdir()] == [python.parents[1].name]
