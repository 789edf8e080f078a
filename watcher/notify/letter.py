"""The weekly letter laid out: as HTML that mail programs can show, and as plain text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from watcher.core.digest import Chapter, Digest, Ending, Month, News, Trouble
from watcher.core.letter import Letter
from watcher.notify.mail import MailServer
from watcher.notify.plain import clean, cut, host_of, web_link
from watcher.notify.wording import MONTHS, after, also, before, day, event, speaker, term_facts

if TYPE_CHECKING:
    from jinja2 import Environment

IN_FULL = 25  # changes; the next are told in a line each, so that no mail program cuts the letter (Gmail: 102 kB)
IN_LINES = 60
_QUOTE, _TERM, _TITLE = 500, 300, 200
_HIGHEST = 48  # pixels of the tallest bar
_LISTED = 30  # names in one row


@dataclass(frozen=True, slots=True)
class Told:
    """One change as the letter tells it; all of it is text for people, nothing is escaped yet."""

    headline: str
    before: str
    after: str
    terms: tuple[tuple[str, str], ...]
    quote: str
    speaker: str
    title: str
    url: str | None
    host: str | None
    also: tuple[str, ...]
    reports: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One month in the picture of the year: heights in pixels."""

    label: str
    total: int
    stricter: int
    looser: int
    other: int


@dataclass(frozen=True, slots=True)
class Section:
    """A vendor's changes."""

    name: str
    changes: tuple[Told, ...]


class LetterPost:
    """Lays out letters and hands them to the mail server: a ``Postman``."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def post(
        self, digest: Digest, letter: Letter, zone: str, unsubscribe: str | None, last_step: Callable[[], object]
    ) -> None:
        """Send one letter; ``last_step`` is called right before the final dot.

        Raises:
            DeliveryError: it did not go out, or nobody knows.
        """
        self._server.send(message(digest, letter, zone, unsubscribe, self._server), letter.address, last_step)


def message(
    digest: Digest, letter: Letter, zone: str, unsubscribe: str | None, server: MailServer | None = None
) -> EmailMessage:
    """The whole message, with the headers by which one click ends the letters (RFC 8058)."""
    made = EmailMessage()
    made["From"] = server.sender if server else "watcher@example.org"
    made["To"] = letter.address
    made["Subject"] = subject(digest, zone)
    made["Date"] = format_datetime(letter.due or letter.created)
    made["Message-ID"] = f"<{letter.message_id}@{server.domain if server else 'example.org'}>"
    made["Auto-Submitted"] = "auto-generated"
    if unsubscribe:
        made["List-Unsubscribe"] = f"<{unsubscribe}>"
        if unsubscribe.startswith("https:"):
            made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(as_text(digest, zone, unsubscribe), cte="quoted-printable")
    made.add_alternative(as_html(digest, zone, unsubscribe), subtype="html", cte="quoted-printable")
    return made


def subject(digest: Digest, zone: str) -> str:
    """What stands in the list of letters: the most of it that fits."""
    names = [clean(chapter.name) for chapter in digest.chapters if chapter.news]
    week = span(digest, zone)
    if not names:
        return f"No change in facial-recognition policy, {week}"
    named = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")  # noqa: PLR2004 (three)
    return cut(f"{count(digest.changes, 'change')}: {named}; {week}", 150)


def span(digest: Digest, zone: str) -> str:
    """The week's days by the reader's calendar."""
    begin, end = (moment.astimezone(ZoneInfo(zone)) for moment in (digest.week.begin, digest.week.end))
    if begin.month == end.month:
        return f"{begin.day}–{end.day} {MONTHS[end.month - 1]} {end.year}"
    year = f" {begin.year}" if begin.year != end.year else ""
    return f"{begin.day} {MONTHS[begin.month - 1]}{year} – {end.day} {MONTHS[end.month - 1]} {end.year}"


def as_html(digest: Digest, zone: str, unsubscribe: str | None) -> str:
    """The letter as HTML: tables and inline styles, which is what all mail programs understand."""
    return _templates().get_template("letter.html.j2").render(_filled(digest, zone, unsubscribe))


def as_text(digest: Digest, zone: str, unsubscribe: str | None) -> str:
    """The letter as plain text."""
    return _templates().get_template("letter.txt.j2").render(_filled(digest, zone, unsubscribe))


@cache
def _templates() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape  # noqa: PLC0415  (late: only letters need it)

    return Environment(
        loader=PackageLoader("watcher.notify"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _filled(digest: Digest, zone: str, unsubscribe: str | None) -> dict[str, object]:
    """All that the templates tell, as text for people."""
    sections, lines, left = _sections(digest.chapters)
    return {
        "title": "Facial-recognition policies",
        "span": span(digest, zone),
        "zone": zone,
        "summary": _summary(digest),
        "sections": sections,
        "lines": lines,
        "left": left,
        "repeated": _repeated(digest.chapters),
        "endings": [_ending(one) for one in digest.endings],
        "waiting": [cut(clean(line), _TERM) for line in digest.waiting],
        "troubled": [_trouble(one, zone) for one in digest.sight.troubled],
        "sources": digest.sight.sources,
        "well": digest.sight.well,
        "unchanged": _listed(digest.sight.unchanged),
        "unknown": _listed(digest.sight.unknown),
        "bars": _bars(digest.year),
        "year": _year_in_words(digest.year),
        "interest": ", ".join(map(clean, digest.interest)),
        "unsubscribe": unsubscribe,
        "week": digest.week.key,
    }


def count(number: int, noun: str) -> str:
    """A number with its noun: 1 change, 2 changes."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _summary(digest: Digest) -> str:
    told = f"{count(digest.changes, 'change')}" if digest.changes else "Nothing changed"
    said = f", {count(digest.repeated, 'statement')} that only repeated what was known" if digest.repeated else ""
    return f"{told}{said}; {digest.sight.well} of {count(digest.sight.sources, 'source')} healthy."


def _sections(chapters: Sequence[Chapter]) -> tuple[list[Section], list[str], int]:
    """The first changes in full, the next in a line each, and how many are left."""
    sections: list[Section] = []
    lines: list[str] = []
    taken = left = 0
    for chapter in chapters:
        full = chapter.news[: max(0, IN_FULL - taken)]
        if full:
            sections.append(Section(clean(chapter.name), tuple(map(_told, full))))
        for news in chapter.news[len(full) :]:
            if len(lines) < IN_LINES:
                lines.append(_line(news))
            else:
                left += 1
        taken += len(chapter.news)
    return sections, lines, left


def _told(news: News) -> Told:
    alert = news.alert
    url = web_link(alert.url)
    return Told(
        headline=event(alert.main),
        before=before(alert.main),
        after=after(alert.main),
        terms=tuple((label, cut(value, _TERM)) for label, value in term_facts(alert.main)),
        quote=cut(clean(alert.main.quote), _QUOTE),
        speaker=speaker(alert),
        title=cut(clean(alert.title), _TITLE) or "untitled",
        url=url,
        host=host_of(url) if url else None,
        also=tuple(cut(also(told), _TERM) for told in alert.changes[1:]),
        reports=news.reports,
    )


def _line(news: News) -> str:
    told = news.alert.main
    return cut(f"{clean(news.alert.vendor_name)}: {event(told)}, {before(told)} → {after(told)}", _TERM)


def _repeated(chapters: Sequence[Chapter]) -> str:
    """Who only said again what was known, and how often."""
    said = sorted((one for one in chapters if one.repeated), key=lambda one: -one.repeated)
    return _listed([f"{clean(one.name)} ({one.repeated})" for one in said])


def _ending(ending: Ending) -> tuple[str, str, str]:
    row = ending.row
    when = "today" if ending.days == 0 else f"in {count(ending.days, 'day')}"
    terms = f"{row.position} towards {row.audience}" + (f", {cut(clean(row.product), _TITLE)}" if row.product else "")
    return clean(ending.name), terms, f"{day(row.until)}, {when}" if row.until else when


def _trouble(trouble: Trouble, zone: str) -> tuple[str, str]:
    since = f" since {day(trouble.since.astimezone(ZoneInfo(zone)).date())}" if trouble.since else ""
    detail = f": {cut(clean(trouble.detail), _TERM)}" if trouble.detail else ""
    return clean(trouble.name), f"{trouble.health}{since}{detail}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(map(clean, names[:_LISTED])) + more


def _bars(year: Sequence[Month]) -> list[Bar]:
    """Heights in proportion to the busiest month; a single change can still be seen."""
    most = max((month.total for month in year), default=0)
    return [
        Bar(
            label=MONTHS[month.first.month - 1][:3],
            total=month.total,
            stricter=_height(month.stricter, most),
            looser=_height(month.looser, most),
            other=_height(month.other, most),
        )
        for month in year
    ]


def _height(changes: int, most: int) -> int:
    return max(3, round(_HIGHEST * changes / most)) if changes else 0


def _year_in_words(year: Sequence[Month]) -> str:
    """The picture of the year for those who do not see it."""
    stricter, looser, other = (
        sum(counts) for counts in zip(*((m.stricter, m.looser, m.other) for m in year), strict=True)
    )
    return f"{stricter} stricter, {looser} looser, {other} other in twelve months"
