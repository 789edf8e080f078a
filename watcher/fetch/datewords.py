"""Dates in running text: where one stands, and the same date in a form that ``dates.parse`` reads.

In figures, as Japanese, Chinese and Korean write them, and written out in the languages of the table. What names no day
of a known year ("3 days ago", "June 2026", "8 June") is a hint that something is dated, and no date.
"""

import re
import unicodedata
from dataclasses import dataclass

# Of each month the names that texts use with a day, and what they are shortened to. English, French, Spanish, German,
# Italian, Portuguese, Dutch, Scandinavian, Polish, Czech, Russian, Turkish; where two agree, once.
_TABLE = (
    "january jan januar januari janvier enero ene gennaio gen janeiro stycznia ledna января янв ocak",
    "february feb februar februari février févr fév febrero febbraio fevereiro lutego února февраля фев şubat",
    "march mar märz mrz mars marzo março maart mrt marts marca března марта мар mart",
    "april apr avril avr abril abr aprile kwietnia dubna апреля апр nisan",
    "may mai mayo maggio mag maio mei maj maja května мая mayıs",
    "june jun juni juin junio giugno giu junho czerwca června июня июн haziran",
    "july jul juli juillet juil julio luglio lug julho lipca července июля июл temmuz",
    "august aug août agosto ago augustus augusti sierpnia srpna августа авг ağustos",
    "september sept sep septembre septiembre settembre set setembro września září сентября сен eylül",
    "october oct oktober okt octobre octubre ottobre ott outubro października října октября окт ekim",
    "november nov novembre noviembre novembro listopada listopadu ноября ноя kasım",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro desember grudnia prosince декабря aralık",
)
_MONTHS = {name: number for number, names in enumerate(_TABLE, 1) for name in names.split()}
_ANY_MONTH = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_MONTH = rf"(?P<month>{_ANY_MONTH})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_OF = r"\s+(?:d[eo]\s+|of\s+)?"


def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE)


_WORDS = (
    _shape(rf"{_DAY}{_OF}{_MONTH}(?:{_OF}|,?\s*){_YEAR}"),
    _shape(rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}"),
    _shape(rf"{_DAY}-{_MONTH}-{_YEAR}"),
)
_WITHOUT_YEAR = (
    _shape(rf"{_DAY}{_OF}{_MONTH}(?![\w,]*\s*\d{{4}})"),
    _shape(rf"{_MONTH}\s+{_DAY}(?![\w,]*\s*\d{{4}})"),
)
_HINTS = (
    *_WITHOUT_YEAR,
    _shape(rf"{_MONTH},?\s+{_YEAR}"),
    _shape(r"(?:\d{1,3}|an?|one)\s*(?:s|sec|m|min|h|hr|d|w|mo|second|minute|hour|day|week|month|year)s?\s+ago"),
    _shape(r"vor\s+(?:\d{1,3}|eine[mr]?)\s+(?:minute|stunde|tag|woche|monat|jahr)\w{0,2}"),
    _shape(r"il y a\s+(?:\d{1,3}|une?)\s+(?:minute|heure|jour|semaine|mois|an)s?"),
    _shape(r"hace\s+(?:\d{1,3}|una?)\s+(?:minuto|hora|día|semana|mes|año)\w{0,2}"),
    _shape(r"yesterday|today|gestern|heute|hier|aujourd'hui|ayer|hoy"),
)
_FIGURES = (
    re.compile(rf"(?<![\d./-]){_YEAR}(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}})(?![\d/-])"),
    re.compile(rf"(?<![\d./-])(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}(?![\d/-]|\.\d)"),
    re.compile(rf"{_YEAR}\s*[年년]\s*(?P<month>\d{{1,2}})\s*[月월]\s*(?P<day>\d{{1,2}})\s*[日일]?"),
    re.compile(rf"(?<!\d){_YEAR}\.\s(?P<month>\d{{1,2}})\.\s(?P<day>\d{{1,2}})\.?(?!\d)"),
)
_SLASHED = re.compile(
    r"(?<![\d/])(?P<first>\d{1,2})(?P<sep>[/-])(?P<second>\d{1,2})(?P=sep)(?P<year>(?:19|20)?\d{2})(?![\d/-])"
)
_DOTTED = re.compile(r"(?<![\d./-])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{2})(?![\d/-]|\.\d)")
_DAY_DOT_MONTH = frozenset({"de", "ru", "tr", "pl", "cs", "sk", "fi", "da", "no", "nb", "fr", "it", "uk", "ro", "bg"})
_MOST_MONTHS = 12
_LONGEST = 20_000  # characters of a page in which the order of its figures shows


@dataclass(frozen=True, slots=True)
class Manner:
    """How a page writes dates.

    ``day_first``: whether 06/08/2026 begins with the day; None: nobody knows. ``year`` is that of dates without one.
    ``short_years``: whether 08.06.26 ends with the year, as in German; elsewhere it may begin with it.
    """

    day_first: bool | None = None
    year: int | None = None
    short_years: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A date in a text: its words as they stand, and the same for ``dates.parse``; empty where they are only a hint."""

    words: str
    plain: str = ""


def said_in(text: str, manner: Manner = Manner()) -> Said | None:
    """The first date that stands in a text with its year, or with the year that the manner brings."""
    shown = _shown(text)
    found = [match for shape in (*_WORDS, *_FIGURES) if (match := shape.search(shown))]
    match = _SLASHED.search(shown) if manner.day_first is not None else None
    # Two figures for the year are read as Americans write them only: elsewhere 26/06/08 begins with it.
    if match and (len(match["year"]) == len("2026") or manner.day_first is False):
        found.append(match)
    if not found and manner.short_years and (match := _DOTTED.search(shown)):
        found.append(match)
    if not found and manner.year:
        found = [match for shape in _WITHOUT_YEAR if (match := shape.search(shown))]
    first = min(found, key=lambda one: one.start(), default=None)
    return Said(first.group(), _plain(first, manner)) if first else None


def hinted_in(text: str) -> Said | None:
    """What says that something is dated without naming the day."""
    shown = _shown(text)
    match = next((match for shape in (*_HINTS, _SLASHED) if (match := shape.search(shown))), None)
    return Said(match.group()) if match else None


def short_years(language: str | None) -> bool:
    """Whether a language writes dates as 08.06.26, day first."""
    return (language or "").partition("-")[0].lower() in _DAY_DOT_MONTH


def order_of_figures(text: str) -> bool | None:
    """Whether dates such as 25/12/2026 on a page begin with the day; None where none of them tells."""
    pairs = [(int(match["first"]), int(match["second"])) for match in _SLASHED.finditer(text[:_LONGEST])]
    day_first = any(first > _MOST_MONTHS for first, _ in pairs)
    month_first = any(second > _MOST_MONTHS for _, second in pairs)
    return None if day_first == month_first else day_first


def _shown(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _plain(match: re.Match[str], manner: Manner) -> str:
    parts = match.groupdict()
    if "first" in parts:
        day, month = (parts["first"], parts["second"]) if manner.day_first else (parts["second"], parts["first"])
    else:
        day, month = parts["day"], parts["month"]
    number = int(month) if month.isdigit() else _MONTHS[month.lower()]
    year = parts.get("year") or str(manner.year)
    return f"{year if len(year) == len('2026') else f'20{year}'}-{number:02}-{int(day):02}"
