"""Build the environments of images before a job needs them: `make images`.

Without arguments, build all known images except those of deep-learning frameworks, which need
gigabytes; name them to build them, such as `pytorch-training:2.6-cpu-py312`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path

from .containers.environments import Environments
from .containers.image import Image
from .containers.images import image_for
from .containers.known_images import IMAGES, TOOLKIT
from .core.options import Options


def small() -> list[Image]:
    """Return the known images without the deep-learning frameworks, each environment once."""
    images = {image.packages.digest: image for image in IMAGES if not image.large}
    return list(images.values())


async def build(images: list[Image], cache: Path) -> None:
    """Build the environments that *cache* lacks, and the toolkit's; raise BuildFailed."""
    environments = Environments(cache)
    for image in images:
        await environments.of(image, print)
    await environments.python(TOOLKIT, print)


def main() -> None:
    """Build the images that the command line names."""
    parser = argparse.ArgumentParser(prog=f"python -m {__spec__.name}", description=__doc__)
    parser.add_argument("images", nargs="*", help="repository:tag of each")
    default = os.environ.get("PRODML_IMAGE_CACHE", Options().cache_dir)
    parser.add_argument("--cache-dir", type=Path, default=Path(default))
    given = parser.parse_args()
    images = [image_for(name) for name in given.images] or small()
    asyncio.run(build(images, given.cache_dir.resolve()))


if __name__ == "__main__":
    main()
