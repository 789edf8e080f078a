"""A question that somebody asked in Slack → an answer, as data; ``notify`` puts it into words.

Questions read from a store of their own and hold nobody up; only ``mute``, ``unmute`` and the letter's subscriptions
write, each in one short transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from watcher.core.alert import Alert
from watcher.core.question import Ask, Question
from watcher.core.review import Mute, Person, Review, Ruling
from watcher.core.source import Source
from watcher.core.vendor import Vendor
from watcher.usecases import answer
from watcher.usecases.answer import AlertLine, Chapter, SourceLine, Standing
from watcher.usecases.mute import mute, unmute
from watcher.usecases.ports import Store
from watcher.usecases.review import Pending, Ruled, pending, rule

WEEK = timedelta(days=7)
SNOOZES = {"snooze-7": timedelta(days=7), "snooze-30": timedelta(days=30)}
ACTIONS = frozenset({*Ruling, "history", "snooze", *SNOOZES, "snooze-until"})  # what buttons are called
WRITES = frozenset({*Ruling, *SNOOZES, "snooze-until"})

Opens = Callable[[], AbstractContextManager[Store]]


class Letters(Protocol):
    """Who gets the weekly letter. Each method answers in a sentence for the one who asked."""

    def subscribe(self, address: str, by: Person, now: datetime) -> str:
        """Send the letter to an address from now on."""

    def unsubscribe(self, address: str, by: Person, now: datetime) -> str:
        """Send it there no more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked, when, and what the question came with (so that a repeated one has no second effect)."""

    by: Person
    at: datetime
    request: str


@dataclass(frozen=True, slots=True)
class Office:
    """What answers need. ``reading`` and ``writing`` open the record; ``letters`` None: none are sent here."""

    vendors: Mapping[str, Vendor]
    sources: Sequence[Source]
    reading: Opens
    writing: Opens
    letters: Letters | None = None

    def name(self, vendor: str) -> str:
        """A vendor's name for people."""
        return self.vendors[vendor].name if vendor in self.vendors else vendor


@dataclass(frozen=True, slots=True)
class Press:
    """A button beneath an alert. ``day``: what a date picker says."""

    action: str
    alert_key: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Help:
    """What can be asked."""


@dataclass(frozen=True, slots=True)
class Sorry:
    """Why there is no answer; ``instead`` is what could be typed."""

    reason: str
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """An answer in a sentence."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Stances:
    """What held on a day; ``vendor`` is a name for people, None for all."""

    on: date
    found: tuple[Standing, ...]
    vendor: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """A vendor's ledger, oldest first."""

    vendor: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class Fares:
    """How the sources fare, at a moment."""

    found: tuple[SourceLine, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits for a yes or no, and what is kept from people; ``names`` of the vendors in it."""

    found: Pending
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Week:
    """What was told in the seven days before ``at``; ``sick`` counts the sources that need a person's eye."""

    at: datetime
    told: tuple[AlertLine, ...]
    waiting: int
    sources: int
    sick: int


@dataclass(frozen=True, slots=True)
class Muted:
    """A vendor is silent from now on."""

    vendor: str
    mute: Mute


@dataclass(frozen=True, slots=True)
class Heard:
    """A vendor is heard again; ``held`` came meanwhile. ``before`` None: it was not muted."""

    vendor: str
    before: Mute | None
    held: tuple[Alert, ...]


@dataclass(frozen=True, slots=True)
class Choose:
    """How long is the vendor of this alert to be silent?"""

    alert: Alert


Reply = Help | Sorry | Said | Stances | History | Fares | Waits | Week | Muted | Heard | Choose | Ruled


def reply(office: Office, question: Question, asked: Asked) -> Reply:
    """Answer a question.

    Raises:
        StorageError: the record cannot be read, or written.
    """
    return _ANSWERS[question.ask](office, question, asked)


def pressed(office: Office, press: Press, asked: Asked) -> Reply:
    """Do what a button beneath an alert stands for.

    Raises:
        StorageError: the record cannot be read, or written.
    """
    with office.reading() as store, store.begin() as work:
        alert = work.alerts.get(press.alert_key)
    if alert is None:
        return Sorry("this alert is not on the record of this watcher")
    if press.action in set(Ruling):
        review = Review(alert.key, Ruling(press.action), asked.by, asked.at, asked.request)
        with office.writing() as store:
            return rule(store, review) or Sorry("this alert is not on record any more")
    if press.action == "history":
        with office.reading() as store:
            return History(office.name(alert.vendor), tuple(answer.history(store, alert.vendor)))
    return _snooze(office, alert, press, asked)


def _snooze(office: Office, alert: Alert, press: Press, asked: Asked) -> Reply:
    if press.action == "snooze":
        return Choose(alert)
    until = _until(press, asked.at)
    if until is None or until <= asked.at:
        return Sorry("a vendor can only be muted until a day to come", f"mute {alert.vendor} for 7 days")
    with office.writing() as store:
        made = mute(store, alert.vendor, until, asked.by, asked.at, asked.request)
    return Muted(office.name(alert.vendor), made)


def _until(press: Press, now: datetime) -> datetime | None:
    if press.action in SNOOZES:
        return now + SNOOZES[press.action]
    return datetime.combine(press.day, time.max, UTC) if press.day else None


def _help(office: Office, question: Question, asked: Asked) -> Reply:
    del office, question, asked
    return Help()


def _status(office: Office, question: Question, asked: Asked) -> Reply:
    on = question.day or asked.at.date()
    with office.reading() as store:
        who = _vendor(office, question, store) if question.about else None
        if isinstance(who, Sorry):
            return who
        found = answer.status(store, office.vendors, on, vendor=who)
    return Stances(on, tuple(found), office.name(who) if who else None)


def _history(office: Office, question: Question, asked: Asked) -> Reply:
    del asked
    with office.reading() as store:
        who = _vendor(office, question, store)
        if isinstance(who, Sorry):
            return who
        return History(office.name(who), tuple(answer.history(store, who)))


def _sources(office: Office, question: Question, asked: Asked) -> Reply:
    del question
    with office.reading() as store:
        return Fares(tuple(answer.sources(store, office.sources)), asked.at)


def _pending(office: Office, question: Question, asked: Asked) -> Reply:
    del question
    with office.reading() as store:
        found = pending(store, asked.at)
    return Waits(found, {one.mute.vendor: office.name(one.mute.vendor) for one in found.silences})


def _digest(office: Office, question: Question, asked: Asked) -> Reply:
    del question
    with office.reading() as store:
        told = [line for line in answer.alerts(store, since=asked.at - WEEK) if not line.taken_back]
        waiting = len(pending(store, asked.at).alerts)
        lines = answer.sources(store, office.sources)
    return Week(asked.at, tuple(told), waiting, len(lines), sum(not line.healthy for line in lines))


def _mute(office: Office, question: Question, asked: Asked) -> Reply:
    until = datetime.combine(question.day, time.max, UTC) if question.day else None
    if until and until <= asked.at:
        return Sorry(f"{question.day} has passed already", f"mute {question.about} for 7 days")
    with office.reading() as store:
        who = _vendor(office, question, store)
    if isinstance(who, Sorry):
        return who
    with office.writing() as store:
        return Muted(office.name(who), mute(store, who, until, asked.by, asked.at, asked.request))


def _unmute(office: Office, question: Question, asked: Asked) -> Reply:
    with office.reading() as store:
        who = _vendor(office, question, store)
    if isinstance(who, Sorry):
        return who
    with office.writing() as store:
        ended = unmute(store, who, asked.by, asked.at, asked.request)
    return Heard(office.name(who), ended.mute, ended.held)


def _subscribe(office: Office, question: Question, asked: Asked) -> Reply:
    if office.letters is None:
        return Sorry("no weekly letter is sent from here: an administrator sets WATCHER_SMTP_URL")
    change = office.letters.subscribe if question.ask is Ask.SUBSCRIBE else office.letters.unsubscribe
    return Said(change(question.about or "", asked.by, asked.at))


def _vendor(office: Office, question: Question, store: Store) -> str | Sorry:
    text = question.about or ""
    named = answer.vendor_named(text, office.vendors, answer.vendors_on_record(store))
    if named.vendor:
        return named.vendor
    instead = f"{question.ask} {named.suggestions[0]}" if named.suggestions else None
    return Sorry(f"no vendor is known as {text!r}", instead)


_ANSWERS: dict[Ask, Callable[[Office, Question, Asked], Reply]] = {
    Ask.HELP: _help,
    Ask.STATUS: _status,
    Ask.HISTORY: _history,
    Ask.SOURCES: _sources,
    Ask.PENDING: _pending,
    Ask.DIGEST: _digest,
    Ask.MUTE: _mute,
    Ask.UNMUTE: _unmute,
    Ask.SUBSCRIBE: _subscribe,
    Ask.UNSUBSCRIBE: _subscribe,
}
