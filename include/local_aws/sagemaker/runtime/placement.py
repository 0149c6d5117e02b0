"""The placement of copies of models on the instances of a variant, by what each has and needs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from ...containers.instance_types import Resources

NO_ROOM = (
    "There is not enough hardware resources on the instances for this endpoint to create a copy of "
    "the inference component. Please update resource requirements for this inference component, "
    "remove existing inference components, or increase the number of instances for this endpoint."
)
SPREAD, BINPACK = "SPREAD", "BINPACK"


class NoRoomError(RuntimeError):
    """No instance has room for a copy; the message is AWS's FailureReason."""

    def __init__(self) -> None:
        super().__init__(NO_ROOM)


@dataclass(frozen=True)
class Seat:
    """The place of one copy."""

    host: str
    needs: Resources


class Placement:
    """The copies on the instances of one variant.

    :param capacity: Returns what each of the present instances has; an update changes it.
    :param hosts: Returns the ids of the present instances.
    :param grow: Adds an instance and returns whether it did.
    """

    def __init__(
        self,
        capacity: Callable[[], Resources],
        hosts: Callable[[], list[str]],
        grow: Callable[[], Awaitable[bool]],
    ) -> None:
        self._capacity = capacity
        self._hosts = hosts
        self._grow = grow
        self._seats: dict[str, Seat] = {}
        self._seating = asyncio.Lock()

    @property
    def capacity(self) -> Resources:
        """Return what each of the present instances has."""
        return self._capacity()

    async def take(self, copy: str, needs: Resources, strategy: str = SPREAD) -> str:
        """Reserve a place and return its instance; add one where no instance has room.

        :raises NoRoomError: No instance has room, and none can be added.
        """
        async with self._seating:
            self._move_from_gone_hosts()
            while (host := self._host_for(needs, strategy)) is None:
                if not needs.fits(self.capacity) or not await self._grow():
                    raise NoRoomError
            self._seats[copy] = Seat(host, needs)
            return host

    def release(self, copy: str) -> None:
        self._seats.pop(copy, None)

    def idle(self) -> list[str]:
        """Return the instances without a copy."""
        self._move_from_gone_hosts()
        used = {seat.host for seat in self._seats.values()}
        return [host for host in self._hosts() if host not in used]

    def _move_from_gone_hosts(self) -> None:
        """Give the copies of removed instances a place on others: an update replaced those."""
        hosts = self._hosts()
        for copy, seat in list(self._seats.items()):
            if seat.host not in hosts and hosts:
                del self._seats[copy]
                host = self._host_for(seat.needs, SPREAD) or hosts[0]
                self._seats[copy] = Seat(host, seat.needs)

    def _host_for(self, needs: Resources, strategy: str) -> str | None:
        """Return the instance with room that has the fewest copies, or with BINPACK the most."""
        rooms = {host: self._room(host) for host in self._hosts()}
        fitting = [host for host, room in rooms.items() if needs.fits(room)]
        if not fitting:
            return None
        return (max if strategy == BINPACK else min)(fitting, key=self._copies)

    def _room(self, host: str) -> Resources:
        room = self.capacity
        for seat in self._seats.values():
            if seat.host == host:
                room = room - seat.needs
        return room

    def _copies(self, host: str) -> int:
        return sum(seat.host == host for seat in self._seats.values())


def fit(needs: Iterable[Resources], capacity: Resources, hosts: int) -> bool:
    """Return whether all copies have room on *hosts* instances, the largest ones placed first."""
    rooms = [capacity] * hosts
    for need in sorted(needs, key=lambda n: (n.memory, n.cpus), reverse=True):
        index = next((i for i, room in enumerate(rooms) if need.fits(room)), None)
        if index is None:
            return False
        rooms[index] = rooms[index] - need
    return True
