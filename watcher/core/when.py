"""Dates and spans as people write them, resolved against the day on which they were written.

A weekday without more is the last such day up to the day of writing (newspaper style: "said Wednesday"). Month names
without a year take the year that puts them last before the day of writing, but not more than eleven months back. The
words for all this are a language's own: a ``Calendar`` holds them.
"""

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, date
from functools import lru_cache

from watcher.core.pattern import compiled

_NEVER = "(?!)"
_MONTH_AHEAD = 31  # days by which a day without a year may lie ahead: "on July 1", written in June


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The words of a language for days and spans, and the expressions in which they stand.

    ``months`` and ``weekdays``: in their order; ``numbers``: words to numbers; ``units``: words to year, month or week.
    ``since``: the word after which a year of writing is past all the same. See ``syntax.yaml`` for the expressions.
    """

    months: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    since: str = "since"
    day: str = _NEVER
    month_year: str = _NEVER
    end_of_month: str = _NEVER
    end_of_year: str = _NEVER
    year_alone: str = _NEVER
    span: str = _NEVER
    one_more: str = _NEVER
    coming: str = _NEVER
    past: str = _NEVER
    to_come: str = _NEVER

    def month(self, name: str) -> int:
        """The number of a month by its name or the beginning of it; 0 for a name that is none."""
        wanted = name.casefold()
        return next((number for number, full in enumerate(self.months, 1) if full.startswith(wanted)), 0)

    def weekday(self, name: str) -> int | None:
        """The number of a day, Monday being 0; None for a name that is none."""
        wanted = name.casefold()
        return self.weekdays.index(wanted) if wanted in self.weekdays else None


def _named(match: re.Match[str]) -> dict[str, str]:
    """The groups of an expression that took something."""
    return {name: text for name, text in match.groupdict().items() if text}


def _first(named: Mapping[str, str], *groups: str) -> str:
    return next((named[group] for group in groups if group in named), "")


@dataclass(frozen=True, slots=True)
class Day:
    """A day named in a text, and where."""

    day: date
    start: int
    end: int
    spoken: str


Known = Callable[[], date | None]
"""What "the day before" refers to. It is asked for only where that stands, since it may be dear to tell."""


def days(words: Calendar, text: str, written: date, known: Known = lambda: None, *, ahead: bool = False) -> list[Day]:
    """All days that a text names, resolved against the day of writing; ``known``: the day named before the text."""
    found: list[Day] = []

    def before() -> date | None:
        return found[-1].day if found else known()

    for match in compiled(words.day).finditer(text):
        to_come = ahead or bool(compiled(words.to_come).search(text[: match.start()]))
        day = _resolve(words, match, written, before, ahead=to_come)
        if day is not None:
            found.append(Day(day, match.start(), match.end(), match.group()))
    return found


@dataclass(slots=True)
class LastDay:
    """The day that the sentences so far named last, up to the day of writing; looked for only when it is asked for."""

    words: Calendar
    written: date
    day: date | None = None
    unread: list[str] = field(default_factory=list)

    def __call__(self) -> date | None:
        """The day; None where none was named."""
        for text in self.unread:
            found = days(self.words, text, self.written, lambda: self.day)
            self.day = next((one.day for one in reversed(found) if one.day <= self.written), self.day)
        self.unread.clear()
        return self.day


def _resolve(words: Calendar, match: re.Match[str], written: date, known: Known, *, ahead: bool) -> date | None:
    named = _named(match)
    if "iso" in named:
        return _day(*map(int, named["iso"].split("-")))
    if "month" in named or "month2" in named:
        behind = "2" if "month2" in named else ""
        year = named.get(f"year{behind}")
        month, dom = words.month(named[f"month{behind}"]), int(named[f"dom{behind}"])
        return _month_day(month, dom, int(year) if year else None, written, ahead=ahead)
    if "before" in named:
        day = known()
        return _back(day, 1) if day else None
    if "today" in named:
        return written
    if "yesterday" in named:
        return _back(written, 1)
    weekday = words.weekday(named.get("weekday", ""))
    return None if weekday is None else _weekday(weekday, written, last="last" in named)


def _weekday(wanted: int, written: date, *, last: bool) -> date | None:
    back = (written.weekday() - wanted) % 7
    return _back(written, back or (7 if last else 0))


def _back(written: date, days: int) -> date | None:
    """Some days earlier; None before the first day there is."""
    return date.fromordinal(written.toordinal() - days) if written.toordinal() > days else None


def _month_day(month: int, dom: int, year: int | None, written: date, *, ahead: bool) -> date | None:
    if year is not None:
        return _day(year, month, dom)
    this = _day(written.year, month, dom)
    if ahead:
        return this if this is None or this > written else _day(written.year + 1, month, dom)
    if this is not None and this.toordinal() > written.toordinal() + _MONTH_AHEAD:
        return _day(written.year - 1, month, dom)
    return this


def _day(year: int, month: int, dom: int) -> date | None:
    try:
        return date(year, month, dom)
    except ValueError:
        return None


def span(words: Calendar, text: str) -> tuple[int, str] | None:
    """The first length of time a text names ("for one year", "a one-year moratorium"): number and unit."""
    lower = text.casefold()
    if not any(unit in lower for unit in words.units):
        return None
    for match in compiled(words.span).finditer(text):
        named = _named(match)
        unit = words.units.get(_first(named, "unit", "unit2", "unit3").casefold())
        spoken = _first(named, "n", "n2", "n3") or ("1" if compiled(words.one_more).search(match.group()) else "")
        number = _number(words, spoken)
        if number is None and compiled(words.coming).search(match.group()):
            number = 1
        if number is not None and unit is not None:
            return number, unit
    return None


def _number(words: Calendar, spoken: str) -> int | None:
    return int(spoken) if spoken.isdigit() else words.numbers.get(spoken.casefold())


def after(start: date, length: tuple[int, str]) -> date:
    """The day that lies a span after another: a year after 29 February is 28 February."""
    number, unit = length
    if unit == "week":
        return date.fromordinal(min(start.toordinal() + 7 * number, date.max.toordinal()))
    months = start.month - 1 + number * (12 if unit == "year" else 1)
    year, month = start.year + months // 12, months % 12 + 1
    if year > MAXYEAR:
        return date.max
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def end_day(words: Calendar, text: str, written: date) -> date | None:
    """The day or month's last day that a text names as an end ("until June 10, 2021", "until the end of 2022")."""
    to_come = [found for found in days(words, text, written, ahead=True) if found.day > written]
    if to_come:
        return to_come[0].day
    month = compiled(words.month_year).search(text)
    if month:
        named = _named(month)
        number = words.month(_first(named, "month", "month2"))
        year = int(named["year"]) if "year" in named else written.year + (number <= written.month)
        return _month_end(year, number) if number else None
    relative = _relative_end(words, text, written)
    if relative:
        return relative
    year_only = compiled(words.year_alone).search(text)
    return date(int(year_only[1]), 12, 31) if year_only else None


def _month_end(year: int, month: int) -> date | None:
    return date(year, month, calendar.monthrange(year, month)[1]) if year <= MAXYEAR else None


def _relative_end(words: Calendar, text: str, written: date) -> date | None:
    """The last day of a year or month named by where it lies: "through the end of next year"."""
    month = compiled(words.end_of_month).search(text)
    if month:
        ahead = written.month if "next" in _named(month) else written.month - 1
        return _month_end(written.year + ahead // 12, ahead % 12 + 1)
    year = compiled(words.end_of_year).search(text)
    if year:
        return _month_end(written.year + ("next" in _named(year)), 12)
    return None


@lru_cache(maxsize=64)  # asked again for each stance in a sentence
def looks_back(words: Calendar, text: str, written: date) -> bool:
    """Whether the text places what it tells in an earlier time ("last year", "in April 2019", "years ago")."""
    for match in compiled(words.past).finditer(text):
        year, month = (_named(match).get(name) for name in ("year", "month"))
        if year and int(year) >= written.year and words.since not in match.group():
            continue
        if month and words.month(month) == written.month:
            continue
        if month and compiled(words.to_come).search(text[: match.start()]):
            continue
        return True
    return False
