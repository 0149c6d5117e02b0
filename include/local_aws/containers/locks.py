"""Compile the locks of the images: `python -m include.local_aws.containers.locks`.

A lock has the versions of the dependencies of an image's packages, which the image itself pins.
Without it, a new release of a dependency would change, or break, environments built later.
"""

from __future__ import annotations

import asyncio
import re

from .environments import uv_output
from .image import LOCKS, Packages
from .images import KNOWN, TOOLKIT

# Dependencies of PyTorch on GPUs, which its builds for CPUs do not have.
ON_GPUS = re.compile(r"(nvidia|cuda|triton)")


async def compiled(packages: Packages) -> list[str]:
    """Return a line `name==version` for each package that *packages* do not pin themselves."""
    pinned = {_name(requirement) for requirement in packages.requirements}
    options = ("--quiet", "--python-version", "3.11", "--no-header", "--no-annotate")
    given = "\n".join(packages.requirements)
    lines = (await uv_output("pip", "compile", *options, "-", given=given)).splitlines()
    return [line for line in lines if _name(line) not in pinned and not ON_GPUS.match(line)]


def _name(line: str) -> str:
    return re.split(r"[=<>\[; ]", line, maxsplit=1)[0].lower().replace("_", "-")


async def main() -> None:
    """Write a lock for each image and for the toolkit."""
    LOCKS.mkdir(exist_ok=True)
    wanted = {name.replace(":", "-"): image.packages for name, image in KNOWN.items()}
    for name, packages in (wanted | {"toolkit": TOOLKIT}).items():
        (LOCKS / f"{name}.txt").write_text("\n".join([*await compiled(packages), ""]))
        print(f"Wrote {name}.txt.")


if __name__ == "__main__":
    asyncio.run(main())
