"""What a round over the sources came to."""

from dataclasses import dataclass
from datetime import datetime

from watcher.core.errors import FetchTrouble
from watcher.core.health import Transition


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be read in this round."""

    source_id: str
    trouble: FetchTrouble
    detail: str


@dataclass(frozen=True, slots=True)
class Round:
    """What one round came to.

    ``asked`` sources were due or still awaited, ``answered`` of them came back, with or without trouble.
    ``baseline`` counts those of ``new_posts`` that are recorded without alert. ``next_due`` is the earliest due time
    over all sources (None without sources). ``stopped``: the round was cut short between two sources; ``awaited`` ones
    will answer in a later round.
    """

    asked: int = 0
    answered: int = 0
    not_modified: int = 0
    new_posts: int = 0
    baseline: int = 0
    edits: int = 0
    failures: tuple[Failure, ...] = ()
    partial: tuple[str, ...] = ()
    network_down: bool = False
    transitions: tuple[Transition, ...] = ()
    notes: tuple[str, ...] = ()
    next_due: datetime | None = None
    stopped: bool = False
    awaited: int = 0
