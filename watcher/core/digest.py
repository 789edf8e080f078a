"""A week of changes → what one letter says.

An empty week says so, and claims no calm where nobody was looking: a vendor is called unchanged only if its own sources
could be read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from watcher.core.alert import Alert, Told
from watcher.core.change import Change
from watcher.core.source import Health, Source, SourceState
from watcher.core.stance import Stance
from watcher.core.statement import Position
from watcher.core.week import Week

ENDS_WITHIN = timedelta(days=60)
MONTHS = 12
_TROUBLED = frozenset({Health.FAILING, Health.BLOCKED, Health.GONE, Health.QUIET, Health.PARTIAL})
_BLIND = frozenset({Health.FAILING, Health.BLOCKED, Health.GONE})


class Direction(StrEnum):
    """Where a change leads, seen from those whose faces are looked at."""

    STRICTER = "stricter"
    LOOSER = "looser"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class News:
    """An alert of the week, and how many further reports joined it."""

    alert: Alert
    reports: int = 0


@dataclass(frozen=True, slots=True)
class Chapter:
    """What there is of one vendor: its news, oldest first, and how often it only repeated itself."""

    vendor: str
    name: str
    news: tuple[News, ...] = ()
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class Ending:
    """A stance whose end is near."""

    name: str
    row: Stance
    days: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """A source that a person should look at."""

    name: str
    health: Health
    since: datetime | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class Month:
    """A month's changes, counted."""

    first: date
    stricter: int = 0
    looser: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        """All changes of the month."""
        return self.stricter + self.looser + self.other


@dataclass(frozen=True, slots=True)
class Sight:
    """What could be seen in the week: how many sources there are, how many are well, and which are not.

    ``unchanged``: names of vendors of which nothing changed and whose own sources could be read; ``unknown``: those
    whose own sources could not.
    """

    sources: int
    well: int
    troubled: tuple[Trouble, ...] = ()
    unchanged: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """What one letter says. ``interest``: names of the vendors that the reader chose; empty for all."""

    week: Week
    chapters: tuple[Chapter, ...]
    endings: tuple[Ending, ...]
    waiting: tuple[str, ...]
    sight: Sight
    year: tuple[Month, ...]
    interest: tuple[str, ...] = ()

    @property
    def changes(self) -> int:
        """How many alerts are in it."""
        return sum(len(chapter.news) for chapter in self.chapters)

    @property
    def repeated(self) -> int:
        """How many repetitions there were."""
        return sum(chapter.repeated for chapter in self.chapters)


def chapters(news: Iterable[News], repeated: Mapping[str, int], names: Mapping[str, str]) -> tuple[Chapter, ...]:
    """What there is of each vendor: those with news first, each group by name."""
    by_vendor: dict[str, list[News]] = {}
    for one in news:
        by_vendor.setdefault(one.alert.vendor, []).append(one)
    found = []
    for vendor in by_vendor.keys() | repeated.keys():
        mine = by_vendor.get(vendor, [])
        name = mine[0].alert.vendor_name if mine else names.get(vendor, vendor)
        found.append(Chapter(vendor, name, tuple(sorted(mine, key=lambda one: one.alert.at)), repeated.get(vendor, 0)))
    return tuple(sorted(found, key=lambda chapter: (not chapter.news, chapter.name.casefold())))


def endings(standing: Iterable[Stance], names: Mapping[str, str], today: date) -> tuple[Ending, ...]:
    """The stances that end within sixty days, the nearest end first."""
    near = [row for row in standing if row.until and today <= row.until <= today + ENDS_WITHIN and not row.deal]
    found = [Ending(names.get(row.vendor, row.vendor), row, (row.until - today).days) for row in near if row.until]
    return tuple(sorted(found, key=lambda ending: (ending.days, ending.name.casefold())))


def sight(
    sources: Sequence[Source],
    states: Mapping[str, SourceState],
    watched: Mapping[str, str],
    changed: Iterable[str],
) -> Sight:
    """How the sources fared, and of which vendors it can be said that nothing changed.

    Args:
        sources: what feeds.yaml names.
        states: their states, by id; a source that is missing was never polled.
        watched: the vendors whose own sources count here, and their names.
        changed: the vendors of which there is news.
    """
    health = {one.id: states[one.id].health if one.id in states else Health.NEW for one in sources}
    own = {one.vendor for one in sources if one.vendor}
    blind = {one.vendor for one in sources if one.vendor and (health[one.id] in _BLIND or health[one.id] is Health.NEW)}
    still = {vendor: name for vendor, name in watched.items() if vendor in own and vendor not in set(changed)}
    return Sight(
        sources=len(sources),
        well=sum(one is Health.OK for one in health.values()) + sum(one is Health.QUIET for one in health.values()),
        troubled=tuple(_trouble(one, states[one.id]) for one in sources if health[one.id] in _TROUBLED),
        unchanged=_sorted(name for vendor, name in still.items() if vendor not in blind),
        unknown=_sorted(name for vendor, name in still.items() if vendor in blind),
    )


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=str.casefold))


def _trouble(source: Source, state: SourceState) -> Trouble:
    return Trouble(source.name or state.title or source.id, state.health, state.health_since, state.detail)


def year_of(alerts: Iterable[Alert], until: date) -> tuple[Month, ...]:
    """The changes of the twelve months up to a day, month by month, oldest first; months without any count as well."""
    months = [_months_before(until, back) for back in range(MONTHS - 1, -1, -1)]
    counted = {first: dict.fromkeys(Direction, 0) for first in months}
    for alert in alerts:
        first = alert.at.date().replace(day=1)
        if first in counted:
            counted[first][direction(alert.main)] += 1
    return tuple(
        Month(first, counts[Direction.STRICTER], counts[Direction.LOOSER], counts[Direction.OTHER])
        for first, counts in counted.items()
    )


def _months_before(day: date, back: int) -> date:
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def direction(told: Told) -> Direction:
    """Where a change leads: a way out, a ban or a pause is stricter, a launch or a return looser."""
    if told.change in {Change.WITHDRAWN, Change.LAPSED}:
        return Direction.OTHER if told.position is Position.ALLOW else Direction.LOOSER
    if told.change is Change.LOOSENED or told.position is Position.ALLOW:
        return Direction.LOOSER
    if told.change is Change.AMENDED or told.position is Position.ADVOCATE:
        return Direction.OTHER
    return Direction.STRICTER
