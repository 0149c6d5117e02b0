"""The accounts and regions of one server, each assembled at its first request."""

from __future__ import annotations

import asyncio
import logging

from . import account_builder
from .containers.environments import Environments
from .core.account import Aws
from .core.clock import Clock
from .core.options import Options
from .core.role_credentials import RoleCredentials, Unchecked
from .faults.book import Faults
from .wire.credentials import ACCOUNT, Credential, account_of
from .wire.errors import AwsError

log = logging.getLogger(__name__)
# Global services, signed for any region: their resources exist once per account.
GLOBAL = frozenset(
    {
        *("s3", "iam", "sts", "route53", "cloudfront", "organizations", "budgets", "ce"),
        *("support", "account", "globalaccelerator", "shield", "waf"),
    }
)


class Accounts:
    """Holds one `Aws` for each account and region; faults and environments are shared."""

    def __init__(self, options: Options, credentials: RoleCredentials | None = None) -> None:
        """Assemble the default account and every one that has state on disk."""
        self.options = options
        self._credentials = credentials or Unchecked()
        self.faults = Faults()
        self.clock = Clock(options.time_scale)
        self._environments = Environments(options.cache_dir)
        self._all: dict[tuple[str, str], Aws] = {}
        self._starting = asyncio.Lock()
        self._started = False
        self.is_ready = False  # until interrupted work is resumed or has failed
        for place in dict.fromkeys([(options.account, options.region), *self._on_disk()]):
            self._all[place] = self._build(place)

    async def start(self) -> None:
        """Resume the work of every account that a crash or a restart interrupted."""
        async with self._starting:
            self._started = True
            for aws in self._all.values():
                await account_builder.start(aws)
            self.is_ready = True

    async def stop(self) -> None:
        """Stop the processes and tasks of every account."""
        for aws in self._all.values():
            await account_builder.stop(aws)

    def all(self) -> list[Aws]:
        """Return every account and region that is assembled."""
        return list(self._all.values())

    def open(self, account: str, region: str) -> Aws | None:
        """Return an account and region that is assembled; None for another one."""
        return self._all.get((account, region))

    def account(self, credential: Credential) -> str:
        """Return the account that signed a request; the default one for an unknown key."""
        return account_of(credential.key) or self.options.account

    async def of(self, credential: Credential) -> Aws:
        """Return the account and region that a request was signed for; raise AwsError."""
        region = credential.region or self.options.region
        self._check_served(region)  # for every service, since the region names a folder
        place = self.account(credential), region
        return self._all.get(place) or await self._opened(place)

    def check_region(self, credential: Credential) -> None:
        """Raise AwsError for a regional service in a region that the server does not serve."""
        if credential.region and credential.service not in GLOBAL:
            self._check_served(credential.region)

    def _check_served(self, region: str) -> None:
        if region not in self.options.regions:
            raise AwsError(
                "InvalidSignatureException",
                f"Credential should be scoped to a valid region. {region!r} is not served here. "
                f"Served: {', '.join(self.options.regions)}. Start the embedded AWS with "
                f"--region {region}, or use a served region in the client.",
            )

    async def _opened(self, place: tuple[str, str]) -> Aws:
        async with self._starting:
            if place not in self._all:
                aws = self._build(place)
                if self._started:
                    await account_builder.start(aws)
                self._all[place] = aws
            return self._all[place]

    def _build(self, place: tuple[str, str]) -> Aws:
        account, region = place
        return account_builder.build(
            self.options,
            account=account,
            region=region,
            clock=self.clock,
            faults=self.faults,
            environments=self._environments,
            credentials=self._credentials,
        )

    def _on_disk(self) -> list[tuple[str, str]]:
        root = self.options.accounts_dir
        places = [(p.parent.parent.name, p.parent.name) for p in root.glob("*/*/state.sqlite")]
        for account, region in places:
            if region not in self.options.regions:
                log.warning(
                    "Account %s has state in %s, which is not served: start with --region %s.",
                    *(account, region, region),
                )
        return sorted(p for p in places if ACCOUNT.fullmatch(p[0]) and p[1] in self.options.regions)
