"""Convert paths inside of a container to paths in the folder of a job."""

from __future__ import annotations

from ...containers.command import OPT_ML
from ...core.untrusted_files import BadPath, parts_of
from ...wire.errors import validation


def below_opt_ml(path: str, member: str, base: str = OPT_ML) -> str:
    """Return *path* relative to /opt/ml; raise AwsError unless it is below *base*."""
    try:
        if not path.startswith(f"{base}/"):
            raise BadPath(f"{path!r} is not below {base}.")
        parts = parts_of(path.removeprefix(f"{OPT_ML}/").lstrip("/"))
    except BadPath as error:
        raise validation(f"{member} {error} Give a folder below {base}.") from None
    return "/".join(parts)
