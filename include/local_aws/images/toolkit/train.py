"""What a script's container executes: the toolkit's `train`, without what only MPI needs."""

from __future__ import annotations

import sys
from types import ModuleType

# MPI's way to other machines, and a third of the toolkit's start: there is one machine here.
UNUSED = ("paramiko",)

if __name__ == "__main__":
    sys.modules.update({name: ModuleType(name) for name in UNUSED})
    from sagemaker_training import trainer

    trainer.train()
