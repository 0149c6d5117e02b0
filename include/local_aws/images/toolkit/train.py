"""The entry point of a script's container: the toolkit's `train` without MPI's imports."""

from __future__ import annotations

import sys
from types import ModuleType

# Only MPI needs paramiko, which takes a third of the toolkit's start; there is one machine here.
UNUSED = ("paramiko",)

if __name__ == "__main__":
    sys.modules.update({name: ModuleType(name) for name in UNUSED})
    from sagemaker_training import trainer

    trainer.train()
