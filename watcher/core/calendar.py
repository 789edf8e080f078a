"""The calendar of the ledger: ends that come near, and ends that passed without a word.

A day is a day in the operator's zone: "until 10 June" holds until that day is over there. An end that somebody moved,
lifted or replaced in the meantime is no end any more: neither its reminders nor its lapse are told.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from watcher.core.alert import Alert, Told, alert_key
from watcher.core.change import Change
from watcher.core.compare import same_product
from watcher.core.event import ONE_EVENT
from watcher.core.notice import Notice, NoticeKind
from watcher.core.place import one_place
from watcher.core.stance import CALENDAR, Ledger, Stance, still_stated
from watcher.core.statement import CORE, Position

AHEAD = (30, 7, 0)  # days before an end on which it is told
LATE = timedelta(days=90)  # after which a lapse is written down and told to nobody
SOURCE = "calendar"  # stands where an alert names the source that set it off
RULE = "calendar"

_ENDING = frozenset({Position.BAN, Position.MORATORIUM, Position.RESTRICT})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Lapse:
    """A stance whose end passed without a word; ``quiet`` says why nobody is told, None that it is told."""

    row: Stance
    until: date
    quiet: str | None = None

    def written(self, now: datetime) -> Stance:
        """The row of the ledger by which the stance has lapsed; its name is made of the row that it ends."""
        row = self.row
        return Stance(
            vendor=row.vendor,
            audience=row.audience,
            position=row.position,
            held_from=self.until + _DAY,
            recorded_at=now,
            origin=f"{CALENDAR}{row.id}",
            product=row.product,
            jurisdiction=row.jurisdiction,
            until=self.until,
            condition=row.condition,
            quote=row.quote,
            url=row.url,
            source=row.source,
            own_voice=row.own_voice,
            note=f"{self.reason}; {self.quiet}" if self.quiet else self.reason,
        )

    @property
    def reason(self) -> str:
        """The verdict in a sentence."""
        row = self.row
        since = f"the {row.position} on record since {row.held_from}"
        return f"{since} was to hold until {self.until}, and nothing newer was said"


@dataclass(frozen=True, slots=True)
class Reminder:
    """An end that comes near: ``stage`` is the mark that was reached, ``left`` the days that are really left."""

    rows: tuple[Stance, ...]
    until: date
    stage: int
    left: int

    @property
    def vendor(self) -> str:
        """Whose end it is."""
        return self.rows[0].vendor

    @property
    def key(self) -> str:
        """One name for one end and mark, whichever rows hold the end by then."""
        return f"reminder-{self.vendor}-{self.until}-{self.stage}d"

    def lapse_alert(self, vendor_name: str, now: datetime, zone: tzinfo) -> Alert:
        """The alert that there will be if nobody says a word: who is to hear of that one is reminded."""
        return alert_of([Lapse(row, self.until) for row in self.rows], vendor_name, now, zone)

    def notice(self, vendor_name: str, now: datetime) -> Notice:
        """The reminder as it is told."""
        row = self.rows[0]
        towards = " and ".join(dict.fromkeys(one.audience.value for one in self.rows))
        voice = "said by the vendor itself" if row.own_voice else "reported by others"
        origin = f"On record since {row.held_from}, {voice}{f' ({row.source})' if row.source else ''}."
        return Notice(
            key=self.key,
            kind=NoticeKind.REMINDER,
            at=now,
            title=f"{vendor_name}: the {row.position} towards {towards} ends {_ahead(self.left)}, on {self.until}",
            lines=(f"“{row.quote}”", origin) if row.quote else (origin,),
            vendor=row.vendor,
            url=row.url,
        )


def _ahead(left: int) -> str:
    return {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")


def standing_ends(ledger: Ledger, vendor: str) -> list[Stance]:
    """A vendor's stances that have an end which nothing that was said later has moved or replaced."""
    rows = still_stated(ledger.history(vendor))
    return [row for place, row in enumerate(rows) if _has_end(row) and not _any_word(rows[place + 1 :], row)]


def _has_end(row: Stance) -> bool:
    named = row.until is not None and row.until < date.max
    return named and row.position in _ENDING and not (row.deal or row.withdrawn)


def _any_word(later: Iterable[Stance], row: Stance) -> bool:
    return any(_is_word(one, row) for one in later)


def _is_word(later: Stance, row: Stance) -> bool:
    """Whether a later row speaks of the stance that ends; what is said of one product alone, only if it goes on."""
    if later.deal or later.position is Position.ADVOCATE or not one_place(row.jurisdiction, later.jurisdiction):
        return False
    if not same_product(row.product, later.product):
        return False
    if later.audience is not row.audience:
        wide = later.audience.covers(row.audience) or row.audience.covers(later.audience)
        return wide and later.held_from > row.held_from and later.position in CORE
    return later.position in CORE or not (later.product and row.product is None)


def first_end(ledger: Ledger) -> date | None:
    """The first end that is still to be written down as passed, once it has; None without any."""
    return min((row.until for row in _open_ends(ledger) if row.until), default=None)


def _open_ends(ledger: Ledger) -> list[Stance]:
    written = {row.ends for row in ledger.rows if row.ends}
    vendors = dict.fromkeys(row.vendor for row in ledger.rows)
    return [row for vendor in vendors for row in standing_ends(ledger, vendor) if row.id not in written]


def reminders(ledger: Ledger, now: datetime, zone: tzinfo) -> list[Reminder]:
    """The ends that are to be told of as near, each at the nearest mark that was reached since it is known.

    A mark that was missed is told late, as long as the next one is not reached; an end that became known after a mark
    is not told for it: who heard of it a moment ago needs no reminder.
    """
    today = now.astimezone(zone).date()
    found: dict[tuple[str, date, int], list[Stance]] = {}
    for row in _open_ends(ledger):
        if row.until is not None and (stage := _stage(row, row.until, today, zone)) is not None:
            found.setdefault((row.vendor, row.until, stage), []).append(row)
    return [
        Reminder(tuple(rows), until, stage, (until - today).days)
        for (_, until, stage), rows in sorted(found.items(), key=lambda one: one[0])
    ]


def _stage(row: Stance, until: date, today: date, zone: tzinfo) -> int | None:
    left, known = (until - today).days, row.recorded_at.astimezone(zone).date()
    reached = [ahead for ahead in AHEAD if left <= ahead] if left >= 0 else []
    stage = min(reached, default=None)
    return stage if stage is not None and known < until - timedelta(days=stage) else None


def lapses(ledger: Ledger, told: Sequence[Alert], now: datetime, zone: tzinfo) -> list[Lapse]:
    """The stances whose end has passed, and that are not yet written down as lapsed, the earliest end first.

    ``told`` holds at least the alerts of the last weeks: a second row of an event whose end was told is told to nobody.
    """
    today = now.astimezone(zone).date()
    passed = [(row.until, row) for row in _open_ends(ledger) if row.until is not None and row.until < today]
    passed.sort(key=lambda one: (one[0], one[1].vendor, -(one[1].position.strictness or 0)))
    return [Lapse(row, until, _quiet(row, until, told, today, zone)) for until, row in passed]


def _quiet(row: Stance, until: date, told: Sequence[Alert], today: date, zone: tzinfo) -> str | None:
    if row.recorded_at.astimezone(zone).date() > until:
        return "it was over when it became known: told to nobody"
    if today - until > LATE:
        return f"found out {(today - until).days} days later: told to nobody"
    alert = next((one for one in told if _told_already(one, row, until)), None)
    return f"another account of what alert {alert.key} told" if alert else None


def _told_already(alert: Alert, row: Stance, until: date) -> bool:
    if alert.vendor != row.vendor:
        return False
    return any(
        one.change is Change.LAPSED
        and (one.audience.covers(row.audience) or row.audience.covers(one.audience))
        and one_place(one.jurisdiction, row.jurisdiction)
        and one.until is not None
        and abs(until - one.until) <= ONE_EVENT
        for one in alert.changes
    )


def alerts_of(found: Sequence[Lapse], named: Callable[[str], str], now: datetime, zone: tzinfo) -> list[Alert]:
    """The lapses that are told, those of one vendor and one end in one alert."""
    together: dict[tuple[str, date], list[Lapse]] = {}
    for lapse in found:
        if lapse.quiet is None:
            together.setdefault((lapse.row.vendor, lapse.until), []).append(lapse)
    return [alert_of(group, named(vendor), now, zone) for (vendor, _), group in together.items()]


def over(until: date, zone: tzinfo) -> datetime:
    """The moment at which a day is over in a zone."""
    return datetime.combine(until + _DAY, time(), zone)


def alert_of(group: Sequence[Lapse], vendor_name: str, now: datetime, zone: tzinfo) -> Alert:
    """What is told of the lapses of one vendor and one end, the main one first."""
    main = group[0]
    row = main.row
    return Alert(
        key=alert_key(row.vendor, f"{CALENDAR}{row.id}", 1, row.audience, row.position),
        vendor=row.vendor,
        vendor_name=vendor_name,
        changes=tuple(_told(lapse) for lapse in group),
        reason=main.reason,
        at=now,
        post_id=row.origin.removeprefix("post:").split(".")[0],
        title=f"The end named for this {row.position} has passed",
        url=row.url,
        source_id=SOURCE,
        source_name=row.source or "",
        source_kind=SOURCE,
        published=over(main.until, zone),
        own_voice=row.own_voice,
        rule=RULE,
    )


def _told(lapse: Lapse) -> Told:
    row = lapse.row
    return Told(
        change=Change.LAPSED,
        audience=row.audience,
        position=row.position,
        previous=row.position,
        previous_since=row.held_from,
        product=row.product,
        jurisdiction=row.jurisdiction,
        until=lapse.until,
        condition=row.condition,
        announced=None,
        quote=row.quote or "",
    )
