"""The dates of feeds and pages, read by ourselves.

feedparser reads many dates wrongly and says nothing: ``2016/6/29`` takes today's month, a Unix timestamp becomes the
year 1759, ``08:18 PM`` loses the PM, CEST and IST pass for UTC. What cannot be read here is None, never a guess: only
a missing or unknown zone is taken as UTC, which is wrong by hours at most.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=48)

_LONGEST = 100  # characters
_ZONE_TABLE = (
    "z 0 ut 0 utc 0 gmt 0 wet 0 bst 1 west 1 cet 1 met 1 cest 2 mest 2 eet 2 sast 2 eest 3 msk 3 gst 4 pkt 5 ist 5.5 "
    "wib 7 ict 7 sgt 8 hkt 8 awst 8 jst 9 kst 9 acst 9.5 aest 10 acdt 10.5 aedt 11 nzst 12 nzdt 13 ndt -2.5 adt -3 "
    "brt -3 nst -3.5 ast -4 edt -4 est -5 et -5 cdt -5 cst -6 ct -6 mdt -6 mst -7 mt -7 pdt -7 pst -8 pt -8 akdt -8 "
    "akst -9 hst -10"
)
_ZONES = {name: timedelta(hours=float(hours)) for name, hours in re.findall(r"(\w+) (\S+)", _ZONE_TABLE)}
# English, then where they differ German, French, Spanish and Italian.
_MONTH_NAMES = (
    "jan ene gen",
    "feb fév",
    "mar mär mrz",
    "apr avr abr",
    "may mai mag",
    "jun juin giu",
    "jul juil lug",
    "aug aoû ago",
    "sep set",
    "oct okt ott",
    "nov",
    "dec dez déc dic",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_TIME = (
    r"(?:[T,\s]+(?:at\s+)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?)?"
)
_ZONE = r"\s*(?P<zone>(?:(?:GMT|UTC|UT)?\s?[+-]\d{1,2}:?(?:\d{2})?)|[A-Za-z]{1,5})?(?:\s*[(\[][^)\]]*[)\]])?"
_DAY_NAME = r"(?:[^\W\d]{2,10}(?:[.,]+\s*|\s+))?"
_MONTH = r"(?P<month>[^\W\d]{3,10})\.?"
_YEAR = r"(?P<year>\d{4}|\d{2})"


def _shape(pattern: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(pattern, re.IGNORECASE).fullmatch


_SHAPES = (
    _shape(rf"(?P<year>\d{{4}})(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}}){_TIME}{_ZONE}"),
    _shape(rf"{_DAY_NAME}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?[\s-]+(?:of\s+)?{_MONTH},?[\s-]+{_YEAR}{_TIME}{_ZONE}"),
    _shape(rf"{_DAY_NAME}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_TIME}{_ZONE}"),
    _shape(  # C's asctime: "Wed Jun 10 12:00:00 EDT 2020"
        rf"{_DAY_NAME}{_MONTH}\s+(?P<day>\d{{1,2}})\s+(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}}):(?P<second>\d{{2}})"
        r"(?:\s+(?P<zone>[A-Za-z]{1,5}|[+-]\d{4}))?\s+(?P<year>\d{4})"
    ),
    _shape(rf"{_DAY_NAME}(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}){_TIME}{_ZONE}"),
    _shape(rf"(?P<year>\d{{4}})-(?P<month>\d{{2}}){_ZONE}"),  # W3C-DTF allows a month alone
)
_COMPACT = _shape(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?"
    + _ZONE
    + ")?"
)
_STAMP = _shape(r"(?P<seconds>\d{9,10})(?:\d{3})?(?:\.\d+)?")
_OFFSET = re.compile(r"(?:GMT|UTC|UT)?\s?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?", re.IGNORECASE)


def parse(raw: str | None, now: datetime) -> datetime | None:
    """The moment that a feed's date names, in UTC; a day without a time is its midnight.

    None where there is none, it cannot be read, or it cannot be true: before 1990, or more than 48 hours after ``now``.
    """
    text = " ".join((raw or "").split())
    if not text or len(text) > _LONGEST:
        return None
    try:
        moment = _read(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment and EARLIEST <= moment <= now + AHEAD else None


def _read(text: str) -> datetime | None:
    compact = _COMPACT(text)
    if compact and text[:2] in {"19", "20"} and len(text) != len("1591776000"):
        return _moment(compact.groupdict())
    stamp = _STAMP(text)
    if stamp:
        return datetime.fromtimestamp(int(stamp["seconds"]), UTC)
    for shape in _SHAPES:
        match = shape(text)
        if match:
            return _moment(match.groupdict())
    return None


def _moment(parts: dict[str, str | None]) -> datetime | None:
    month = _month(parts["month"] or "")
    if month is None:
        return None
    day = datetime(_year(parts["year"] or ""), month, int(parts.get("day") or 1), tzinfo=_zone(parts.get("zone")))
    hour = _hour(int(parts.get("hour") or 0), parts.get("half"))
    minute, second = int(parts.get("minute") or 0), min(int(parts.get("second") or 0), 60)
    if hour > 24 or minute > 59:  # noqa: PLR2004  (24:00 is the next midnight, and a leap second the next minute)
        return None
    return (day + timedelta(hours=hour, minutes=minute, seconds=second)).astimezone(UTC)


def _year(text: str) -> int:
    year = int(text)
    if len(text) == len("2020"):
        return year
    return year + (1900 if year >= 70 else 2000)  # noqa: PLR2004  (POSIX: 69 is 2069, 70 is 1970)


def _month(name: str) -> int | None:
    if name.isdigit():
        return int(name)
    folded = name.casefold()
    return next((_MONTHS[folded[:size]] for size in (4, 3) if folded[:size] in _MONTHS), None)


def _hour(hour: int, half: str | None) -> int:
    if not half or hour > 12:  # noqa: PLR2004  ("18:30 PM" is written by programs that mean 18:30)
        return hour
    return hour % 12 + (12 if half.casefold().startswith("p") else 0)


def _zone(name: str | None) -> timezone:
    offset = _OFFSET.fullmatch((name or "").strip())
    if offset is None:
        return timezone(_ZONES.get((name or "").strip().casefold(), timedelta()))
    size = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
    return timezone(-size if offset["sign"] == "-" else size)
