"""A person's word on an alert, confirmed or taken back; a vendor silenced for a while; what rules should learn of it.

Nothing here is ever changed: of several reviews of one alert the last one counts, and of several mutes of one vendor.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.core.alert import Alert, Report
from watcher.core.calendar import SOURCE
from watcher.core.stance import CALENDAR, Stance

MUTED_FOR = timedelta(days=30)  # where nobody names an end: a silence without one hides what is true
LONGEST_MUTE = timedelta(days=366)
ECHO_WINDOW = timedelta(days=30)  # in which a sentence that was rejected is not read as a statement again
WAITS_FOR = timedelta(days=30)  # after which nobody is asked about an alert any more
ENOUGH = 2  # sources without the vendor's own voice, or rejections of one kind
_SHORTEST_PHRASE = 3  # words; fewer say nothing of a sentence


class Ruling(StrEnum):
    """What a person says of an alert."""

    CONFIRM = "confirm"
    NOT_A_CHANGE = "not-a-change"
    NOT_THIS_VENDOR = "not-this-vendor"

    @property
    def rejects(self) -> bool:
        """Whether it takes the alert back."""
        return self is not Ruling.CONFIRM


@dataclass(frozen=True, slots=True)
class Person:
    """Who says so: ``name`` for people, ``id`` as Slack has it, None on the command line."""

    name: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """One word on one alert. ``request`` names what it came with, so that a repeated one counts once."""

    alert_key: str
    ruling: Ruling
    by: Person
    at: datetime
    request: str
    note: str | None = None

    @property
    def id(self) -> str:
        """A stable name: the same press delivered twice is one review."""
        return _hash(self.alert_key, self.ruling, self.by.id or self.by.name, self.request)


@dataclass(frozen=True, slots=True)
class Mute:
    """A vendor whose alerts are recorded and sent to no channel, from ``at`` to ``until``.

    One whose ``until`` is its ``at`` ends the mute before it.
    """

    vendor: str
    at: datetime
    until: datetime
    by: Person
    request: str

    @property
    def id(self) -> str:
        """A stable name, as that of a review."""
        return _hash(self.vendor, self.by.id or self.by.name, self.request)

    def holds(self, now: datetime) -> bool:
        """Whether it silences an alert of this moment."""
        return self.at <= now < self.until


@dataclass(frozen=True, slots=True)
class Proposal:
    """What could be left out of a rule after several rejections of one kind, and what that would have done.

    ``phrase``: words that the rejected sentences share; None: nothing but the rule itself. ``rejected`` are the keys of
    the alerts that were taken back. The back-test read ``posts`` stored posts: ``removed`` are the keys of the alerts
    that would not have come, ``added`` how many others would have, and ``confirmed`` the keys of those removed that a
    person had confirmed.
    """

    rule: str
    ruling: Ruling
    phrase: str | None
    rejected: tuple[str, ...]
    at: datetime
    posts: int = 0
    removed: tuple[str, ...] = ()
    added: int = 0
    confirmed: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """A stable name: the same rejections propose once."""
        return _hash(self.rule, self.ruling, self.phrase, *sorted(self.rejected))


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A rule that is not heard where a phrase stands in the sentence (None: not at all)."""

    rule: str
    phrase: str | None

    def drops(self, rule: str, quote: str) -> bool:
        """Whether a statement of a rule would not have been read."""
        return rule == self.rule and (self.phrase is None or f" {self.phrase} " in f" {' '.join(words(quote))} ")


def _hash(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:16]


def standing(reviews: Iterable[Review]) -> dict[str, Review]:
    """The review that counts, by alert: the last one."""
    return {review.alert_key: review for review in reviews}


def rejected(reviews: Iterable[Review]) -> dict[str, Review]:
    """The reviews by which alerts are taken back, by alert."""
    return {key: review for key, review in standing(reviews).items() if review.ruling.rejects}


def muted(mutes: Iterable[Mute], vendor: str, now: datetime) -> Mute | None:
    """The mute that silences a vendor now: the last one, if it holds."""
    last = next((mute for mute in reversed(list(mutes)) if mute.vendor == vendor), None)
    return last if last and last.holds(now) else None


def waits(alert: Alert, reports: Sequence[Report], now: datetime) -> bool:
    """Whether an alert that nobody has reviewed should be: one outlet says so, and the vendor has not."""
    own = alert.own_voice or any(report.own_voice for report in reports)
    sources = {alert.source_id, *(report.source_id for report in reports)}
    return not own and len(sources) < ENOUGH and now - alert.at <= WAITS_FOR


# --- the ledger


def lapsed_rows(alert: Alert, rows: Sequence[Stance]) -> list[Stance]:
    """The rows by which the calendar wrote down what an alert tells: stances that lapsed. Of other alerts, none."""
    if alert.source_id != SOURCE:
        return []
    told = {(change.audience, change.position, change.until) for change in alert.changes}
    mine = (row for row in rows if row.vendor == alert.vendor and row.origin.startswith(CALENDAR))
    return [row for row in mine if (row.audience, row.position, row.until) in told]


def still_holds(row: Stance, review: Review) -> Stance:
    """A stance that did not lapse: from the day after the end that was named it holds without one.

    The calendar's own row stays: taken back, it would be written, and told, again.
    """
    note = f"did not lapse, says {review.by.name}" + (f": {review.note}" if review.note else "")
    return replace(row, recorded_at=review.at, origin=_source(review), until=None, note=note)


def rows_of(alert: Alert, reports: Sequence[Report], rows: Sequence[Stance]) -> list[Stance]:
    """The rows of the ledger that stand on an alert: those of its post, of reports that completed them, of reviews.

    With them go the rows by which they lapsed.
    """
    if alert.source_id == SOURCE:
        return [row for row in rows if _origin(row) == f"review:{alert.key}"]
    told = {(change.audience, change.position) for change in alert.changes}
    own = [row for row in rows if _origin(row) in _own(alert) and (row.audience, row.position) in told]
    tracks = {(row.audience, row.held_from) for row in own}
    joined = {f"post:{report.post_id}" for report in reports}
    completed = [row for row in rows if _origin(row) in joined and (row.audience, row.held_from) in tracks]
    ended = {f"{CALENDAR}{row.id}" for row in (*own, *completed)}
    lapsed = [row for row in rows if row.origin in ended]
    mine = [row for row in (*own, *completed, *lapsed) if row.vendor == alert.vendor]
    return [row for row in rows if row in mine]


def _own(alert: Alert) -> set[str]:
    return {f"post:{alert.post_id}", f"review:{alert.key}"}


def _origin(row: Stance) -> str:
    """Where a row came from, without the version of an edited post."""
    return row.origin.split(".")[0]


def retraction(row: Stance, review: Review) -> Stance:
    """The row that takes another one back."""
    note = f"{review.ruling}, says {review.by.name}" + (f": {review.note}" if review.note else "")
    return replace(row, recorded_at=review.at, origin=_source(review), note=note, retracts=row.id)


def reinstated(row: Stance, review: Review) -> Stance:
    """A row that was taken back, on record again: as a new row."""
    return replace(row, recorded_at=review.at, origin=_source(review), note=f"confirmed by {review.by.name}")


def _source(review: Review) -> str:
    return f"review:{review.alert_key}.{review.id}"


# --- what rules should learn


def exclusions_due(alerts: Mapping[str, Alert], reviews: Iterable[Review]) -> list[tuple[Ruling, list[Alert]]]:
    """Rejections of one kind, two or more: one rule, one reason. Each with the alerts that were taken back."""
    groups: dict[tuple[str, Ruling], list[Alert]] = {}
    for key, review in rejected(reviews).items():
        if key in alerts:
            groups.setdefault((alerts[key].rule, review.ruling), []).append(alerts[key])
    return [(ruling, found) for (_, ruling), found in groups.items() if len(found) >= ENOUGH]


def shared_phrase(quotes: Sequence[str]) -> str | None:
    """The longest run of words that stands in all sentences, if it is three words or longer."""
    first, *rest = [words(quote) for quote in quotes]
    others = [f" {' '.join(one)} " for one in rest]
    for length in range(len(first), _SHORTEST_PHRASE - 1, -1):
        for start in range(len(first) - length + 1):
            run = " ".join(first[start : start + length])
            if all(f" {run} " in other for other in others):
                return run
    return None


def words(text: str) -> list[str]:
    """The words of a sentence, in small letters and without punctuation."""
    return "".join(char if char.isalnum() or char in "'’-" else " " for char in text.casefold()).split()


def same_sentence(one: str, other: str) -> bool:
    """Whether two quotes are one sentence, as outlets copy it."""
    return words(one) == words(other)


def kinds(reviews: Iterable[Review]) -> Counter[Ruling]:
    """How many alerts stand confirmed, and how many taken back for which reason."""
    return Counter(review.ruling for review in standing(reviews).values())
