"""The reference of settings, from the fields of `include.settings.Settings`."""

from __future__ import annotations

from dataclasses import Field, fields
from typing import Any

from include.documentation.tables import code, table
from include.settings import ROOT, Settings

PAGE = """\
# Settings

Environment variables that DAGs and pipelines read; made from `include/settings.py`. A value that
cannot be right is refused when a DAG file is parsed, with the variable and what to set.
[A company's rules](../how-to/company-rules.md) on VPC, encryption, isolation and tags have
variables of their own, and so have [notifications](../how-to/notifications.md).

{settings}
## `.env.example`

`docker-compose.yaml` and `make distributed` read them, and some more, from a file `.env`, which
begins as a copy of this one:

```
{example}```
"""


def page() -> str:
    """Return the page's Markdown."""
    settings = table(("variable", "default", "meaning"), map(_row, fields(Settings)))
    return PAGE.format(settings=settings, example=(ROOT / ".env.example").read_text())


def _row(setting: Field[Any]) -> tuple[str, str, str]:
    about = setting.metadata
    return code(about["variable"]), code(_shown(setting.default)), about["meaning"]


def _shown(default: Any) -> Any:
    is_path = str(default).startswith(f"{ROOT}/")
    return str(default).removeprefix(f"{ROOT}/") if is_path else default
