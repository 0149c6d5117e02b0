"""The committed front end is what its sources build, and loads nothing from elsewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.root import ROOT

STATIC = ROOT / "plugins" / "prodml" / "ui" / "static"
SOURCES = ("src", "package.json", "package-lock.json", "tsconfig.json", "vite.config.js")
OLDEST = (20, 19)
MOST = 850_000  # bytes of all files
# Addresses in code that nothing loads: names of XML, and links to explanations in messages.
NAMES = {"www.w3.org", "github.com", "echarts.apache.org"}


PATH = f"{os.environ['PATH']}:{ROOT / '.local' / 'tools' / 'bin'}"  # .ci/run installs it there


def node_is_missing() -> str | None:
    """Return why the front end cannot be built here."""
    node = shutil.which("node", path=PATH)
    if not node or not shutil.which("npm", path=PATH):
        return "npm is not installed"
    text = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    version = tuple(map(int, text.strip().lstrip("v").split(".")[:2]))
    return None if version >= OLDEST else f"Node.js {text.strip()} is older than 20.19"


MISSING = node_is_missing()


@pytest.mark.skipif(MISSING is not None, reason=str(MISSING))
def test_the_bundle_is_what_the_sources_build(tmp_path: Path) -> None:
    for name in SOURCES:
        source = ROOT / "ui" / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    environment = os.environ | {"STUDIO_OUT": str(tmp_path / "out"), "PATH": PATH}
    for command in (["npm", "ci", "--no-audit", "--no-fund"], ["npm", "run", "build"]):
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    built = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    committed = {path.name: path.read_bytes() for path in STATIC.iterdir()}
    assert built.keys() == committed.keys()
    assert [name for name in built if built[name] != committed[name]] == [], (
        "run `npm ci && npm run build` in ui/, and commit plugins/prodml/ui/static"
    )


def test_the_bundle_is_small_and_names_no_other_host() -> None:
    files = list(STATIC.iterdir())
    assert sum(path.stat().st_size for path in files) < MOST
    hosts = {
        host
        for path in files
        for host in re.findall(r"https?://([\w.-]+)", path.read_text(encoding="utf-8"))
    }
    assert hosts <= NAMES
