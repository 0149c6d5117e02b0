"""Write what Amazon MWAA reads from its bucket: `python -m include.mwaa [FOLDER] [--env FILE]`.

MWAA protects PYTHONPATH, and puts the DAGs folder and the unpacked plugins.zip on the path. The
operators go to plugins.zip, whose changes need an update of the MWAA environment; the pipelines
that they run go to the DAGs folder, whose changes arrive within a minute.
"""

from __future__ import annotations

import argparse
import re
import shlex
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

from include.settings import ROOT

FOLDER = ROOT / ".local" / "mwaa"
# Not part of a production Airflow: the embedded AWS, the demo, the documentation, this file.
OMITTED = ("local_aws", "demo", "documentation", "mwaa.py")
IGNORED = "# Imported by DAGs; no file in it is a DAG.\ninclude/\n"
FIXED = (1980, 1, 1, 0, 0, 0)  # the same files make the same plugins.zip
VARIABLE = re.compile(r"(?P<off># )?(?P<name>PRODML_\w+)=(?P<value>.*?)(?P<comment>\s+# .*)?")
OF_COMPOSE = "# --- Airflow in docker-compose.yaml"
STARTUP = """#!/bin/bash
# Executed by Amazon MWAA before each Airflow process starts. Its region and role come from MWAA.
# A waiting task occupies no worker.
export AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE=true
"""


def write(folder: Path, variables: Path) -> None:
    """Write dags/, plugins.zip, requirements.txt and startup.sh into *folder*, anew.

    :param variables: An environment file with settings, such as `.env`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    dags = folder / "dags"
    shutil.rmtree(dags, ignore_errors=True)
    pycache = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "dags", dags, ignore=pycache)
    shutil.copytree(ROOT / "include", dags / "include", ignore=_omitted)
    shutil.copytree(ROOT / "infra" / "policies", dags / "infra" / "policies")
    (dags / ".airflowignore").write_text(IGNORED)
    _zip(ROOT / "plugins", folder / "plugins.zip")
    shutil.copy(ROOT / "requirements-mwaa.txt", folder / "requirements.txt")
    (folder / "startup.sh").write_text(STARTUP + "".join(_exports(variables.read_text())))


def _omitted(folder: str, names: list[str]) -> set[str]:
    omitted = OMITTED if Path(folder) == ROOT / "include" else ()
    return {name for name in names if name in omitted or name == "__pycache__"}


def _zip(source: Path, target: Path) -> None:
    files = sorted(path for path in source.rglob("*") if path.is_file())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            if "__pycache__" in path.parts:
                continue
            entry = zipfile.ZipInfo(str(path.relative_to(source)), FIXED)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


def _exports(text: str) -> Iterator[str]:
    """Yield the exports of the settings in *text*; a commented one stays a comment."""
    for line in text.partition(OF_COMPOSE)[0].splitlines():
        if setting := VARIABLE.fullmatch(line):
            export = f"export {setting['name']}={shlex.quote(setting['value'])}"
            yield f"{setting['off'] or ''}{export}{setting['comment'] or ''}\n"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m include.mwaa", description=__doc__)
    own = ROOT / ".env"
    default = own if own.exists() else ROOT / ".env.example"
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--env", type=Path, default=default, help="file of settings")
    given = parser.parse_args(arguments)
    write(given.folder, given.env)
    print(f"Wrote dags/, plugins.zip, requirements.txt and startup.sh to {given.folder}.")


if __name__ == "__main__":
    main()
