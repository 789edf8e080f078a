"""Dates in running text: where one stands, and the same date in a form that ``dates.parse`` reads.

Written out in English, French, Spanish, German and Italian, in figures, and as Japanese, Chinese and Korean write them.
"""

import re
import unicodedata
from dataclasses import dataclass

_MONTHS = (
    "jan(?:uary|vier|uar)?|enero|ene|gennaio|feb(?:ruary|ruar|rero|braio)?|févr?(?:ier)?|mar(?:ch|s|zo)?|märz|mrz"
    "|apr(?:il|ile)?|avr(?:il)?|abr(?:il)?|may|mayo|mai|maggio|june?|juni|juin|junio|giugno|july?|juli|juil(?:let)?|julio"
    "|luglio|aug(?:ust)?|août|ago(?:sto)?|sept?(?:ember|embre|iembre)?|settembre|o[ck]t(?:ober|obre|ubre)?|ottobre"
    "|nov(?:ember|embre|iembre)?|noviembre|de[cz](?:ember)?|déc(?:embre)?|dic(?:iembre|embre)?"
)
_MONTH = rf"(?P<month>{_MONTHS})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_OF = r"\s+(?:de\s+|of\s+)?"
_WORDS = tuple(
    re.compile(rf"(?<!\w){shape}(?!\w)", re.IGNORECASE)
    for shape in (
        rf"{_DAY}{_OF}{_MONTH}(?:{_OF}|,?\s*){_YEAR}",
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",
        rf"{_DAY}-{_MONTH}-{_YEAR}",
    )
)
_WITHOUT_YEAR = tuple(
    re.compile(rf"(?<!\w){shape}(?![\w,]*\s*\d{{4}})(?!\w)", re.IGNORECASE)
    for shape in (rf"{_DAY}{_OF}{_MONTH}", rf"{_MONTH}\s+{_DAY}")
)
_FIGURES = (
    re.compile(rf"(?<![\d./-]){_YEAR}(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}})(?![\d/-])"),
    re.compile(rf"(?<![\d./-])(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}(?![\d/-]|\.\d)"),
    re.compile(rf"{_YEAR}\s*[年년]\s*(?P<month>\d{{1,2}})\s*[月월]\s*(?P<day>\d{{1,2}})\s*[日일]?"),
    re.compile(rf"(?<!\d){_YEAR}\.\s(?P<month>\d{{1,2}})\.\s(?P<day>\d{{1,2}})\.?(?!\d)"),
)
_SLASHED = re.compile(rf"(?<![\d/])(?P<first>\d{{1,2}})(?P<sep>[/-])(?P<second>\d{{1,2}})(?P=sep){_YEAR}(?![\d/])")
_MOST_MONTHS = 12
_LONGEST = 20_000  # characters of a page in which the order of its figures shows


@dataclass(frozen=True, slots=True)
class Manner:
    """How a page writes dates: whether 06/08/2026 begins with the day (None: nobody knows), and whose year it is."""

    day_first: bool | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A date in a text: its words as they stand, and the same for ``dates.parse``."""

    words: str
    plain: str


def said_in(text: str, manner: Manner = Manner()) -> Said | None:
    """The first date that stands in a text with its year, or with the year that the manner brings."""
    shown = unicodedata.normalize("NFKC", text)
    found = [match for shape in (*_WORDS, *_FIGURES) if (match := shape.search(shown))]
    if manner.day_first is not None and (match := _SLASHED.search(shown)):
        found.append(match)
    if not found and manner.year:
        found = [match for shape in _WITHOUT_YEAR if (match := shape.search(shown))]
    match = min(found, key=lambda one: one.start(), default=None)
    return Said(match.group(), _plain(match, manner)) if match else None


def order_of_figures(text: str) -> bool | None:
    """Whether dates such as 25/12/2026 on a page begin with the day; None where none of them tells."""
    pairs = [(int(m["first"]), int(m["second"])) for m in _SLASHED.finditer(text[:_LONGEST])]
    day_first = any(first > _MOST_MONTHS for first, _ in pairs)
    month_first = any(second > _MOST_MONTHS for _, second in pairs)
    return None if day_first == month_first else day_first


def _plain(match: re.Match[str], manner: Manner) -> str:
    parts = match.groupdict()
    if "first" in parts:
        day, month = (parts["first"], parts["second"]) if manner.day_first else (parts["second"], parts["first"])
    else:
        day, month = parts["day"], parts["month"]
    year = parts.get("year") or str(manner.year)
    return f"{year}-{int(month):02}-{int(day):02}" if month.isdigit() else f"{int(day)} {month} {year}"
