"""A program in a process of tests/preloaded.py, which spares it the imports of the SageMaker SDK.

The arguments are its file and what it finds in `sys.argv[1:]`; it runs in the folder of its file.
"""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path


def main() -> None:
    del sys.argv[0]
    os.chdir(Path(sys.argv[0]).parent)
    runpy.run_path(sys.argv[0], run_name="__main__")
