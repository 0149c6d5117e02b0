"""Compile the locks of the images: `python -m include.local_aws.containers.locks [NAME...]`.

A lock has the versions of the dependencies of an image's packages, which the image itself pins.
Without it, a new release of a dependency would change, or break, environments built later.
There is one for the image's own version of Python, and one for the version of all images.
"""

from __future__ import annotations

import asyncio
import re
import sys

from .image import LOCKS, Packages
from .known_images import LOCKED
from .uv import uv_output

# Dependencies of PyTorch on GPUs, which its builds for CPUs do not have.
ON_GPUS = re.compile(r"(nvidia|cuda|triton==)")


async def compiled(packages: Packages) -> list[str]:
    """Return a line `name==version` for each package that *packages* do not pin themselves."""
    pinned = {_name(line) for line in packages.requirements if "==" in line}
    overrides = LOCKS / "overrides.txt"
    options = ("--quiet", "--python-version", packages.python, "--no-header", "--no-annotate")
    given = "\n".join(packages.requirements)
    listed = await uv_output(
        "pip", "compile", *options, "--overrides", str(overrides), "-", given=given
    )
    lines = listed.splitlines()
    return [line for line in lines if _name(line) not in pinned and not ON_GPUS.match(line)]


def _name(line: str) -> str:
    return re.split(r"[=<>\[; ]", line, maxsplit=1)[0].lower().replace("_", "-")


async def main(names: list[str]) -> None:
    """Write the locks of each image and of the toolkit, or of those in *names*."""
    known = {name.replace(":", "-"): packages for name, packages in LOCKED.items()}
    for name in names or known:
        packages: Packages | None = known[name]
        folder = LOCKS / name
        folder.mkdir(parents=True, exist_ok=True)
        while packages:
            lines = [*await compiled(packages), ""]
            (folder / f"{packages.python}.txt").write_text("\n".join(lines))
            print(f"Wrote {name}/{packages.python}.txt.")
            same = packages.instead and packages.instead.requirements == packages.requirements
            packages = packages.instead if same else None


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
