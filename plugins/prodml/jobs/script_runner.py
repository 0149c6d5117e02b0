"""Run a training script, then put its source into the model.

This file travels in the source archive and runs in the container: it imports the standard library
alone. A model that has its code with it can be served where there is no network to fetch code by.
"""

import os
import runpy
import shutil
import sys

MODEL_FOLDER = "/opt/ml/model"
CODE = "code"  # the folder in the model in which AWS serving images expect handlers


def run(script):
    # type: (str) -> None
    """Run *script* as the toolkit would run it; one that fails leaves no code in the model."""
    source = os.path.dirname(os.path.abspath(__file__))
    path = os.path.join(source, script)
    sys.argv[0], sys.path[0] = path, os.path.dirname(path)
    try:
        runpy.run_path(path, run_name="__main__")
    except SystemExit as end:
        if end.code not in (None, 0):
            raise
    if is_leader(os.environ):
        keep(source, os.environ.get("SM_MODEL_DIR", MODEL_FOLDER))


def is_leader(environment):
    # type: (os._Environ[str] | dict[str, str]) -> bool
    """Return whether this process is the one of the cluster that writes the code."""
    host, master = environment.get("SM_CURRENT_HOST"), environment.get("SM_MASTER_HOST", "algo-1")
    ranks = ("LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_RANK")
    return host in (None, master) and all(environment.get(r, "0") == "0" for r in ranks)


def keep(source, model):
    # type: (str, str) -> None
    """Copy to the code folder of *model* the files that it lacks; leave an empty model alone."""
    if not os.path.isdir(model) or not os.listdir(model):
        return
    for folder, folders, files in os.walk(source):
        folders[:] = [name for name in folders if name != "__pycache__"]
        target = os.path.join(model, CODE, os.path.relpath(folder, source))
        for name in files:
            copy = os.path.normpath(os.path.join(target, name))
            if not os.path.exists(copy):
                os.makedirs(os.path.dirname(copy), exist_ok=True)
                shutil.copy(os.path.join(folder, name), copy)
