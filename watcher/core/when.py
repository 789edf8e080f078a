"""Dates and spans as people write them, resolved against the day on which they were written.

A weekday without more is the last such day up to the day of writing (newspaper style: "said Wednesday"). Month names
without a year take the year that puts them last before the day of writing, but not more than eleven months back.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import MAXYEAR, date
from functools import lru_cache

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "eighteen": 18, "twenty-four": 24,
}  # fmt: skip
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = re.compile(
    rf"\b(?=[\dadfjlmnostwy])(?:(?P<iso>\d{{4}}-\d\d-\d\d)"
    rf"|{_MONTH} (?P<dom>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>(?:19|20)\d\d))?(?!\d)"
    rf"|(?P<dom2>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH.replace('month', 'month2')}(?:,? (?P<year2>(?:19|20)\d\d))?"
    r"|(?P<before>the (?:day before|previous day))"
    r"|(?P<today>today|this (?:morning|afternoon|evening)|tonight)"
    r"|(?P<yesterday>yesterday)"
    r"|(?P<weekday>(?:last )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?\b)",
    re.IGNORECASE,
)
_MONTH_YEAR = re.compile(
    rf"\b(?:{_MONTH},? (?P<year>(?:19|20)\d\d)|(?P<next>next) {_MONTH.replace('month', 'month2')})", re.IGNORECASE
)
_SPAN = re.compile(
    r"(?<!\bend )(?<!\brest )\b(?:for|lasts?|last|runs? for|of|is|period of) "
    r"(?:(?:at least|up to|about|the next|another|a further|"
    r"a period of|the coming|an additional) )*"
    r"(?P<n>\d{1,2}|[a-z-]+)?[ -]?(?P<unit>year|month|week)s?\b(?! (?:ago|old|earlier|now))"
    r"|\b(?P<n2>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen)[ -](?P<unit2>year|"
    r"month)(?:-long)?[ -](?:\w+ )?(?:moratorium|pause|ban|freeze|halt|suspension|hold|break|stop)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:(?:last|the previous|that) (?:year|month|week|spring|summer|fall|autumn|winter)|(?:years?|months?|"
    r"weeks?|decades?) (?:ago|earlier|before)"
    rf"|(?:since|in|back in|of|from|by) (?:early |late |"
    rf"mid-?)?(?:(?:{_MONTH.replace('P<month>', ':')}) )?(?P<year>(?:19|20)\d\d)\b"
    rf"|(?:last|in|since|back in) (?P<month>{'|'.join(_MONTHS)})\b(?! \d)|previously|earlier this year|"
    rf"formerly|at the time|for (?:\w+ )?years now|has long)",
    re.IGNORECASE,
)


_MONTH_AHEAD = 31  # days by which a day without a year may lie ahead: "on July 1", written in June
_YEAR_END = re.compile(
    r"\b(?:end|close|rest|remainder) of (?P<which>next|this|the|the current|the coming|the following) year\b",
    re.IGNORECASE,
)
_MONTH_END = re.compile(r"\b(?:end|close) of (?P<which>next|this|the) month\b", re.IGNORECASE)
_NEXT = {"next", "the following", "the coming"}
_TO_COME = re.compile(
    r"\b(?:starting|beginning|effective|as of|will (?!not)[^,;]*)\s+(?:on |from |in )?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day named in a text, and where."""

    day: date
    start: int
    end: int
    spoken: str


def days(text: str, written: date, known: date | None = None, *, ahead: bool = False) -> list[Day]:
    """All days that a text names, resolved against the day of writing; ``known`` is what "the day before" refers to."""
    found: list[Day] = []
    for match in _DAY.finditer(text):
        day = _resolve(
            match,
            written,
            found[-1].day if found else known,
            ahead=ahead or bool(_TO_COME.search(text[: match.start()])),
        )
        if day is not None:
            found.append(Day(day, match.start(), match.end(), match.group()))
    return found


def _resolve(match: re.Match[str], written: date, known: date | None, *, ahead: bool) -> date | None:
    if match["iso"]:
        return _day(*map(int, match["iso"].split("-")))
    if match["month"] or match["month2"]:
        name, dom, year = (
            match["month"] or match["month2"],
            match["dom"] or match["dom2"],
            match["year"] or match["year2"],
        )
        return _month_day(_month(name), int(dom), int(year) if year else None, written, ahead=ahead)
    if match["before"]:
        return _back(known, 1) if known else None
    if match["today"]:
        return written
    if match["yesterday"]:
        return _back(written, 1)
    return _weekday(match["weekday"].casefold(), written)


def _weekday(name: str, written: date) -> date | None:
    wanted = _WEEKDAYS.index(name.removeprefix("last "))
    back = (written.weekday() - wanted) % 7
    return _back(written, back or (7 if name.startswith("last ") else 0))


def _back(written: date, days: int) -> date | None:
    """Some days earlier; None before the first day there is."""
    return date.fromordinal(written.toordinal() - days) if written.toordinal() > days else None


def _month(name: str) -> int:
    return next(number for number, full in enumerate(_MONTHS, 1) if full.startswith(name.casefold()[:3]))


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


def span(text: str) -> tuple[int, str] | None:
    """The first length of time a text names ("for one year", "a one-year moratorium"): number and unit."""
    for match in _SPAN.finditer(text):
        unit = (match["unit"] or match["unit2"]).casefold()
        number = _number(
            match["n"]
            or match["n2"]
            or ("1" if re.search(r"\b(?:the next|another)\b", match.group(), re.IGNORECASE) else "")
        )
        if number is None and re.search(r"\b(?:next|coming)\b", match.group(), re.IGNORECASE):
            number = 1
        if number is not None:
            return number, unit
    return None


def _number(word: str) -> int | None:
    return int(word) if word.isdigit() else _NUMBERS.get(word.casefold())


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


def end_day(text: str, written: date) -> date | None:
    """The day or month's last day that a text names as an end ("until June 10, 2021", "until the end of 2022")."""
    named = [found for found in days(text, written, ahead=True) if found.day > written]
    if named:
        return named[0].day
    month = _MONTH_YEAR.search(text)
    if month:
        number = _month(month["month"] or month["month2"])
        year = int(month["year"]) if month["year"] else written.year + (number <= written.month)
        return _month_end(year, number)
    relative = _relative_end(text, written)
    if relative:
        return relative
    year_only = re.search(r"(?:^\W*|\b(?:end of|through|until|early|late) )(20\d\d)\b", text)
    return date(int(year_only[1]), 12, 31) if year_only else None


def _month_end(year: int, month: int) -> date | None:
    return date(year, month, calendar.monthrange(year, month)[1]) if year <= MAXYEAR else None


def _relative_end(text: str, written: date) -> date | None:
    """The last day of a year or month named by where it lies: "through the end of next year"."""
    month = _MONTH_END.search(text)
    if month:
        ahead = written.month if month["which"].casefold() == "next" else written.month - 1
        return _month_end(written.year + ahead // 12, ahead % 12 + 1)
    year = _YEAR_END.search(text)
    if year:
        return _month_end(written.year + (year["which"].casefold() in _NEXT), 12)
    return None


@lru_cache(maxsize=64)  # asked again for each stance in a sentence
def looks_back(text: str, written: date) -> bool:
    """Whether the text places what it tells in an earlier time ("last year", "in April 2019", "years ago")."""
    for match in _PAST.finditer(text):
        year, month = match["year"], match["month"]
        if year and int(year) >= written.year and "since" not in match.group():
            continue
        if month and _month(month) == written.month:
            continue
        return True
    return False
