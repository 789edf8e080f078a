"""An answer to a question in words; ``pages`` lays it out."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from watcher.core.alert import Alert
from watcher.core.review import ECHO_WINDOW, Mute, Proposal
from watcher.core.stance import Stance
from watcher.notify.pages import Entry, Page
from watcher.notify.wording import day
from watcher.usecases.answer import AlertLine, Chapter, SourceLine, Standing
from watcher.usecases.propose import backtested, exclusion
from watcher.usecases.reply import (
    Choose,
    Fares,
    Heard,
    Help,
    History,
    Muted,
    Reply,
    Said,
    Sorry,
    Stances,
    Waits,
    Week,
)
from watcher.usecases.review import Echo, Ruled, Waiting, remark

HELP = (
    ("help", "what can be asked"),
    ("status [VENDOR] [on 2020-07-01]", "what holds, or held on that day, and the proof"),
    ("history VENDOR", "each stance of a vendor, since when"),
    ("sources", "how each source fares"),
    ("pending", "what waits for a yes or no; who is muted, and what was kept back"),
    ("digest", "what was told in the last seven days"),
    ("mute VENDOR [until 2026-12-01 | for 7 days]", "record a vendor's alerts, but send none"),
    ("unmute VENDOR", "send them again"),
    ("subscribe ADDRESS, unsubscribe ADDRESS", "the weekly letter"),
)


def page(reply: Reply) -> Page:
    """An answer in words."""
    return _PAGES[type(reply)](reply)


def _count(number: int, noun: str, plural: str | None = None) -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def _help(_: Help) -> Page:
    foot = "The same works by mentioning the bot. A line that begins with a vendor's name asks for its status."
    return Page("What can be asked with /stance", tuple(Entry(line, (told,)) for line, told in HELP), foot)


def _sorry(reply: Sorry) -> Page:
    reason = f"{reply.reason[:1].upper()}{reply.reason[1:]}."
    return Page(reason, foot=f"Did you mean: /stance {reply.instead}" if reply.instead else "/stance help tells more.")


def _said(reply: Said) -> Page:
    return Page(reply.sentence)


def _stances(reply: Stances) -> Page:
    of = f" of {reply.vendor}" if reply.vendor else ""
    if not reply.found:
        return Page(f"No stance{of} is on record for {day(reply.on)}.")
    foot = "A single deal, or a stance that a later one covers, is left out." if not reply.vendor else None
    return Page(f"Stances{of} on {day(reply.on)}", tuple(map(_standing, reply.found)), foot)


def _standing(one: Standing) -> Entry:
    who = "said by itself" if one.own_voice else "reported"
    facts = [f"since {day(one.since)}; {who}, {_count(one.evidence, 'source')}", *_terms(one.row, product=one.product)]
    if one.lapsed:
        facts.append("the end that was named has passed, and nothing newer is on record")
    if one.covered_by:
        cover = one.covered_by
        facts.append(f"since {day(cover.held_from)} a {cover.position} for everyone")
    head = f"{one.vendor_name}: {one.position} towards {one.audience}"
    return Entry(head, tuple(facts), one.row.quote, one.row.url)


def _terms(row: Stance, product: str | None = None) -> list[str]:
    terms = [
        ("until", day(row.until) if row.until else None),
        ("condition:", row.condition),
        ("product:", product or row.product),
        ("where:", row.jurisdiction),
        ("its wording was", "withdrawn" if row.withdrawn else None),
    ]
    return [f"{label} {value}" for label, value in terms if value]


def _history(reply: History) -> Page:
    if not reply.chapters:
        return Page(f"No stance of {reply.vendor} is on record.")
    newest_first = tuple(map(_chapter, reversed(reply.chapters)))
    return Page(f"{reply.vendor}: {_count(len(newest_first), 'entry', 'entries')}, newest first", newest_first)


def _chapter(one: Chapter) -> Entry:
    row = one.row
    by = f"{row.source or 'the record'}{', and ' + _count(len(one.evidence), 'more source') if one.evidence else ''}"
    head = f"{day(row.held_from)}: {row.position} towards {row.audience}"
    return Entry(head, (*_terms(row), by), row.quote, row.url)


def _fares(reply: Fares) -> Page:
    sick = [one for one in reply.found if not one.healthy]
    healthy = len(reply.found) - len(sick)
    title = f"{healthy} of {_count(len(reply.found), 'source')} healthy"
    return Page(title, tuple(_source(one, reply.at) for one in sick), None if sick else "Nothing needs your eye.")


def _source(one: SourceLine, now: datetime) -> Entry:
    state = one.state
    last = f"last good {(now - state.last_success).days} days ago" if state.last_success else "never read so far"
    detail = f"{state.trouble}: {state.detail}" if state.trouble else state.detail or ""
    return Entry(f"{one.source.id}: {state.health}", tuple(part for part in (last, detail) if part), url=one.source.url)


def _waits(reply: Waits) -> Page:
    found = reply.found
    entries = [
        *map(_waiting, found.alerts),
        *map(_proposal, found.proposals),
        *(_silence(reply.names.get(one.mute.vendor, one.mute.vendor), one.mute, one.held) for one in found.silences),
        *map(_echo, found.echoes),
    ]
    if not entries:
        return Page("Nothing waits for a yes or no, and nothing is kept back.")
    return Page(f"{_count(len(found.alerts), 'alert')} waiting for a yes or no", tuple(entries))


def _waiting(one: Waiting) -> Entry:
    alert = one.alert
    return Entry(
        f"{alert.vendor_name}: {alert.main.position} towards {alert.main.audience} ({alert.main.change})",
        (f"reported by {alert.source_name} alone, {day(alert.published.date())}", f"alert {alert.key}"),
        alert.main.quote,
        alert.url,
        asks=alert.key,
    )


def _proposal(one: Proposal) -> Entry:
    head = f"Rule {one.rule}: {len(one.rejected)} alerts were taken back as {one.ruling}"
    return Entry(head, (exclusion(one), backtested(one)))


def _silence(name: str, mute: Mute, held: Sequence[Alert]) -> Entry:
    kept = f"{_count(len(held), 'alert')} recorded and sent nowhere"
    head = f"{name} is muted until {day(mute.until.date())}"
    return Entry(head, (f"by {mute.by.name} on {day(mute.at.date())}; {kept}", *map(_brief, held)))


def _echo(one: Echo) -> Entry:
    until = day((one.review.at + ECHO_WINDOW).date())
    head = f"A sentence that is not read again until {until}: seen in {_count(one.posts, 'post')}"
    return Entry(head, (f"taken back by {one.review.by.name}: {one.review.ruling}",), one.alert.main.quote)


def _brief(alert: Alert) -> str:
    told = alert.main
    return f"{day(alert.at.date())}: {told.position} towards {told.audience} ({told.change}), {alert.source_name}"


def _week(reply: Week) -> Page:
    health = f"{reply.sources - reply.sick} of {_count(reply.sources, 'source')} healthy"
    foot = f"{health}; {_count(reply.waiting, 'alert')} waiting for a yes or no."
    title = f"{_count(len(reply.told), 'change')} told in the seven days until {day(reply.at.date())}"
    return Page(title, tuple(map(_change, reply.told)), foot)


def _change(line: AlertLine) -> Entry:
    alert, told = line.alert, line.alert.main
    joined = f"; joined by {_count(len(line.reports), 'report')}" if line.reports else ""
    muted = "" if line.deliveries else "; sent nowhere: the vendor was muted"
    where = f"{day(alert.at.date())}, {alert.source_name}{joined}{muted}"
    head = f"{alert.vendor_name}: {told.position} towards {told.audience} ({told.change})"
    return Entry(head, (where,), told.quote, alert.url)


def _muted(reply: Muted) -> Page:
    until = day(reply.mute.until.date())
    return Page(
        f"{reply.vendor} is muted until {until}.",
        foot=f"Its alerts are recorded and listed in /stance pending; /stance unmute {reply.vendor} ends it.",
    )


def _heard(reply: Heard) -> Page:
    if reply.before is None:
        return Page(f"{reply.vendor} was not muted.")
    came = f"{_count(len(reply.held), 'alert')} came meanwhile" if reply.held else "nothing came meanwhile"
    entries = tuple(Entry(_brief(alert), url=alert.url) for alert in reply.held)
    return Page(f"{reply.vendor} is heard again; {came}.", entries)


def _ruled(reply: Ruled) -> Page:
    if not reply.new:
        return Page("That was on record already.")
    rows = f"{_count(reply.rows, 'entry', 'entries')} of the ledger"
    moved = (f"{rows} taken back." if reply.review.ruling.rejects else f"{rows} put back.") if reply.rows else None
    return Page(f"{remark(reply.review)}.", (Entry(_brief(reply.alert), url=reply.alert.url),), moved)


def _choose(reply: Choose) -> Page:
    return Page(f"Send no alerts of {reply.alert.vendor_name} for how long?")


_PAGES: dict[type, Callable[[Any], Page]] = {
    Help: _help,
    Sorry: _sorry,
    Said: _said,
    Stances: _stances,
    History: _history,
    Fares: _fares,
    Waits: _waits,
    Week: _week,
    Muted: _muted,
    Heard: _heard,
    Ruled: _ruled,
    Choose: _choose,
}
