"""Builds of environments: what is installed from where, and that none is left half made."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from include.local_aws.containers.cpu_builds import CONSTRAINTS
from include.local_aws.containers.environments import Environments
from include.local_aws.containers.image import ROOT, Image, Packages
from include.local_aws.containers.requirements import BuildFailed
from tests.include.local_aws.containers.own_uv import LAST, use_as_uv

SMALL = Packages(("pygments==2.19.2", "colorama==0.4.6"))


def prefix_of(program: Path) -> str:
    """Run a console script; return the prefix of its interpreter."""
    text = program.read_text()
    probe = program.with_name("probe")
    head = text[: text.index("import")]
    probe.write_text(f"{head}import sys; print(sys.prefix)\n")
    probe.chmod(0o755)
    prefix = subprocess.run([str(probe)], capture_output=True, text=True, check=True).stdout
    subprocess.run([str(program), "-V"], capture_output=True, check=True)
    return prefix.strip()


def test_console_scripts_run_in_their_own_environment(tmp_path: Path) -> None:
    """Also in an extended environment, which has both packages."""
    environments = Environments(tmp_path)
    python = asyncio.run(environments.python(SMALL, print))
    assert prefix_of(python.with_name("pygmentize")) == str(python.parents[1])
    more = asyncio.run(environments.python(SMALL, print, ("iniconfig==2.1.0",)))
    assert more.parents[1] != python.parents[1]
    assert prefix_of(more.with_name("pygmentize")) == str(more.parents[1])
    subprocess.run([str(more), "-c", "import iniconfig, pygments"], check=True)
    assert subprocess.run([str(python), "-c", "import iniconfig"], capture_output=True).returncode


def test_a_lock_pins_dependencies(tmp_path: Path) -> None:
    """And a build that fails leaves nothing behind."""
    locked = Packages(("jinja2==3.1.6",), lock=("markupsafe==2.1.5",))
    python = asyncio.run(Environments(tmp_path).python(locked, print))
    code = "from importlib.metadata import version; print(version('markupsafe'))"
    output = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True)
    assert output.stdout.strip() == "2.1.5"
    assert list(python.parents[1].rglob("jinja2/__pycache__/environment.*.pyc"))
    broken = Packages(("jinja2==3.1.6",), lock=("markupsafe==0.0.1",))
    with pytest.raises(BuildFailed, match="markupsafe"):
        asyncio.run(Environments(tmp_path).python(broken, print))
    assert [path.name for path in tmp_path.iterdir()] == [python.parents[1].name]


def test_packages_of_a_job_are_installed_from_wheels_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packages of an image may be built from source, those of a job may not."""
    calls = tmp_path / "calls"
    link = '[ "$1" != venv ] || { mkdir -p "$last/bin"; ln -s /bin/true "$last/bin/python"; }\n'
    use_as_uv(tmp_path, monkeypatch, f'echo "$@" >> {calls}\n{LAST}{link}')
    environments = Environments(tmp_path / "images")
    asyncio.run(environments.python(Packages(("own==1",)), print, ("brought==1",)))
    _, own, brought = calls.read_text().splitlines()
    assert own.endswith(" own==1")
    assert "--only-binary" not in own
    assert "--only-binary :all: --requirement" in brought


TORCH = Packages(("torch==2.6.0", "own==1"))
# uv without PyTorch's index: the wheels for CPUs are in a folder, but torchvision's is not.
WITHOUT_INDEX = (
    'case "$*" in *torch-backend*) echo no index >&2; exit 1;; *vision*) exit 1;; esac\n'
)
VENV = '[ "$1" != venv ] || { mkdir -p "$last/bin"; ln -s /bin/true "$last/bin/python"; }\n'


@pytest.mark.parametrize(
    ("fails", "logged"),
    [
        ("", []),
        (WITHOUT_INDEX, ["mine:1 has no torchvision==0.21.0+cpu here: it cannot be installed."]),
        ('case "$*" in *backend*) ;; *+cpu*) exit 1;; esac\n', []),
    ],
    ids=["folder", "folder-without-torchvision", "index"],
)
def test_pytorch_is_installed_for_cpus(
    fails: str, logged: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build of PyPI is CUDA's, of gigabytes."""
    calls, lines = tmp_path / "calls", list[str]()
    use_as_uv(tmp_path, monkeypatch, f'echo "$@" >> {calls}\n{LAST}{VENV}{fails}')
    image = Image("mine", "1", tmp_path, TORCH, own=True, stands_for="mine:2")
    environments = Environments(tmp_path / "images")
    python = asyncio.run(environments.of(image, lines.append))
    assert lines[0].startswith("WARNING: mine:2 is not known here: mine:1, the nearest known")
    assert [line for line in lines if "torchvision" in line] == logged
    installed = [call for call in calls.read_text().splitlines() if "torch==" in call]
    assert installed
    assert all("torch==2.6.0+cpu" in call for call in installed)
    assert "torch==2.6.0+cpu" in (python.parents[1] / CONSTRAINTS).read_text()


def test_pytorch_without_a_wheel_or_an_index_names_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = 'case "$*" in *torch==*) echo no index >&2; exit 1;; esac\n'
    use_as_uv(tmp_path, monkeypatch, f"{LAST}{VENV}{fails}")
    building = Environments(tmp_path / "images").python(TORCH, print)
    with pytest.raises(BuildFailed, match=r"no index(.|\n)*set PIP_FIND_LINKS to the folder"):
        asyncio.run(building)
    assert list((tmp_path / "images").iterdir()) == []


def test_packages_over_pytorch_leave_its_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = tmp_path / "calls"
    fails = 'case "$*" in *--constraint*) echo no version of lightning >&2; exit 1;; esac\n'
    use_as_uv(tmp_path, monkeypatch, f'echo "$@" >> {calls}\n{LAST}{VENV}{fails}')
    building = Environments(tmp_path / "images").python(TORCH, print, ("lightning",))
    with pytest.raises(BuildFailed, match=r"cannot be installed over the image's PyTorch.*of ligh"):
        asyncio.run(building)
    without, by_index = calls.read_text().splitlines()[-2:]
    assert "--constraint" in without
    assert "--torch-backend cpu" in by_index


def test_the_older_toolkit_is_corrected_apart_from_uvs_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = "import collections\n\nclass Mapping(collections.Mapping): ...\n"
    cached = tmp_path / "cached.py"
    cached.write_text(old)
    folder = '"$last/lib/python3.11/site-packages/sagemaker_containers"'
    link = f'[ "$1" != venv ] || {{ mkdir -p {folder}; ln {cached} {folder}/_mapping.py; }}\n'
    use_as_uv(tmp_path, monkeypatch, f"{LAST}{VENV}{link}")
    python = asyncio.run(Environments(tmp_path / "images").python(Packages(("own==1",)), print))
    (corrected,) = python.parents[1].rglob("_mapping.py")
    assert corrected.read_text() == old.replace("collections", "collections.abc")
    assert cached.read_text() == old


def test_a_build_ends_with_its_server_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Processes of uv end too; the next server removes partial builds of a killed one."""
    start = f'mkdir -p "$last"; setsid sleep 98765 &\necho $$ > {tmp_path}/up; sleep 98765\n'
    use_as_uv(tmp_path, monkeypatch, LAST + start)
    root = tmp_path / "images"
    code = (
        "import asyncio, pathlib, sys\n"
        "from include.local_aws.containers.environments import Environments\n"
        "from include.local_aws.containers.image import Packages\n"
        "asyncio.run(Environments(pathlib.Path(sys.argv[1])).python(Packages(('a',)), print))\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(root)], cwd=ROOT) as server:
        wait_for(lambda: (tmp_path / "up").exists() and len(sleeping()) == 2)
        server.kill()
    wait_for(lambda: not sleeping())
    assert [path.name.partition(".")[1] for path in root.iterdir()] == ["."]
    Environments(root)
    assert list(root.iterdir()) == []


def test_a_build_that_is_cancelled_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_as_uv(tmp_path, monkeypatch, f'{LAST}mkdir -p "$last"; sleep 98765\n')
    root = tmp_path / "images"

    async def cancelled() -> None:
        building = asyncio.create_task(Environments(root).python(Packages(("a",)), print))
        while not sleeping():
            await asyncio.sleep(0.05)
        building.cancel()
        with pytest.raises(asyncio.CancelledError):
            await building

    asyncio.run(cancelled())
    assert sleeping() == []
    assert list(root.iterdir()) == []


def sleeping() -> list[int]:
    processes = psutil.process_iter(["cmdline"])
    return [p.pid for p in processes if p.info["cmdline"] == ["sleep", "98765"]]


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
