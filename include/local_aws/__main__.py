"""`python -m include.local_aws`: the embedded AWS on one port."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
import tempfile
from pathlib import Path

from .containers.nearest_images import NEAREST_IMAGE
from .core.garbage import collect_seldom
from .core.options import Options, region
from .iam.organization import service_control_policies
from .iam.policies import MalformedPolicy
from .moto.process import MotoProcess

log = logging.getLogger(__name__)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def parsed(arguments: list[str] | None = None) -> Options:
    """Return the options of a command line."""
    default = Options()
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}", description=__doc__)
    _add_places(parser, default)
    _add_execution(parser, default)
    _add_authorization(parser, default)
    given = vars(parser.parse_args(arguments))
    if given.pop("nearest_image"):
        os.environ[NEAREST_IMAGE] = "1"
    given["regions"] = tuple(dict.fromkeys(given["regions"] or default.regions))
    given["scps"] = tuple(given["scps"] or ())
    if given["scps"] and given["iam"] != "enforce":
        parser.error("--scp decides nothing without --iam enforce. Add it.")
    given["allowed_hosts"] = tuple(given["allowed_hosts"] or ())
    given["data_dir"] = given["data_dir"].resolve()
    given["cache_dir"] = given["cache_dir"].resolve()
    return Options(**given)


def _add_places(parser: argparse.ArgumentParser, default: Options) -> None:
    """Add the options for addresses, regions and folders."""
    parser.add_argument("--host", default=default.host, help="default: loopback")
    parser.add_argument("--port", type=int, default=default.port)
    parser.add_argument("--data-dir", type=Path, default=default.data_dir)
    parser.add_argument(
        "--cache-dir",
        type=Path,
        default=Path(os.environ.get("PRODML_IMAGE_CACHE", default.cache_dir)),
        help="folder of image environments, shared by all data directories",
    )
    parser.add_argument(
        "--region",
        type=_region,
        action="append",
        dest="regions",
        help="can be repeated; the first is used for unsigned requests and pages",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        dest="allowed_hosts",
        metavar="NAME",
        help="host name of this server, such as a compose service; can be repeated",
    )


def _add_execution(parser: argparse.ArgumentParser, default: Options) -> None:
    """Add the options for waits, and for the processes of jobs and endpoints."""
    parser.add_argument(
        "--time-scale", type=_positive, default=1.0, help="divides waits: periods, cooldowns"
    )
    parser.add_argument(
        "--sandbox",
        choices=["auto", "bubblewrap", "none"],
        default=os.environ.get("PRODML_SANDBOX", default.sandbox),
    )
    parser.add_argument(
        "--nearest-image",
        action="store_true",
        help=f"run unknown tags of known frameworks on the nearest known image ({NEAREST_IMAGE}=1)",
    )


def _add_authorization(parser: argparse.ArgumentParser, default: Options) -> None:
    """Add the options for the policies that requests are checked against."""
    parser.add_argument(
        "--iam",
        choices=["off", "record", "enforce"],
        default=default.iam,
        help="record what each principal does, or have policies decide about it",
    )
    parser.add_argument(
        "--scp",
        type=_policies,
        action="append",
        dest="scps",
        metavar="FILE",
        help="a service control policy, or a list of them, that --iam enforce applies; repeatable",
    )


def _positive(text: str) -> float:
    number = float(text)
    if number <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not positive; use 1 for real time")
    return number


def _policies(name: str) -> Path:
    try:
        service_control_policies([Path(name)])
    except MalformedPolicy as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return Path(name).resolve()


def _region(name: str) -> str:
    try:
        return region(name)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _refuse_unwritable(folder: Path) -> None:
    """End the program with a sentence when nothing can be stored in *folder*."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return
    except OSError as error:
        why = f"Cannot write to the data folder {folder}: {error.strerror}."
        print(f"{why} Choose another one with --data-dir.", file=sys.stderr)
        sys.exit(2)


def main() -> None:
    collect_seldom()
    options = parsed()
    _refuse_unwritable(options.data_dir)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("botocore").setLevel(logging.WARNING)
    if options.host not in LOOPBACK and options.iam != "enforce":
        log.warning(
            "Listening on %s: signatures are not checked, so anyone who reaches port %s is admin.",
            options.host,
            options.port,
        )
    # uvicorn raises the signal again after a clean shutdown.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt), MotoProcess(options) as moto:
        from .server import serve

        asyncio.run(serve(options, moto))


if __name__ == "__main__":
    main()
