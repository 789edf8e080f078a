"""An alert in words for people, the same on every channel. Nothing here is escaped for any channel yet."""

from datetime import UTC, date, datetime, timedelta

from watcher.core.alert import Alert, Told
from watcher.core.calendar import RULE
from watcher.core.change import Change
from watcher.core.message import Bulletin, Reply
from watcher.core.modality import Shift
from watcher.core.source import SourceKind
from watcher.notify.plain import clean

NO_STANCE = "no stance on record"
_MOST_NAMED = 5
# Not strftime's %B, which speaks the language of the process.
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SPEAKERS: dict[str, str] = {
    SourceKind.VENDOR: "a company's own pages",
    SourceKind.NEWS: "press",
    SourceKind.ADVOCACY: "advocacy",
    SourceKind.GOVERNMENT: "government",
    SourceKind.NEWSLETTER: "newsletter",
}
_SHIFTS = {
    Shift.WEAKER: "weaker than before",
    Shift.STRONGER: "stronger than before",
    Shift.TERMS: "other terms than before",
}


def day(moment: date) -> str:
    """A date that reads the same on both sides of the Atlantic: 9 June 2020."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def clock(moment: datetime) -> str:
    """A moment to the minute, in UTC: 10 June 2020, 21:05 UTC."""
    at = moment.astimezone(UTC)
    return f"{day(at)}, {at:%H:%M} UTC"


def span(length: timedelta) -> str:
    """A length of time in its largest whole unit: 25 minutes, 3 hours, 2 days."""
    minutes = int(length.total_seconds() // 60)
    for unit, size in (("day", 24 * 60), ("hour", 60)):
        if minutes >= 2 * size or (unit == "hour" and minutes >= size):
            return count(minutes // size, unit)
    return count(minutes, "minute")


def count(number: int, noun: str) -> str:
    """A number and what is counted: 1 source, 2 sources."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def glance(alert: Alert) -> str:
    """Who, towards whom, from what to what, in one line: what a telephone shows of a message."""
    main = alert.main
    return f"{clean(alert.vendor_name)} towards {main.audience}: {before(main)} → {after(main)} ({main.change})"


def headline(alert: Alert) -> str:
    """The whole alert in one line: Amazon: moratorium towards police (announced)."""
    return f"{clean(alert.vendor_name)}: {event(alert.main)}"


def event(told: Told) -> str:
    """One change in a few words: moratorium towards police (announced)."""
    return f"{told.position} towards {told.audience} ({told.change})"


def before(told: Told) -> str:
    """The stance that was on record, and since when."""
    if told.previous is None:
        return NO_STANCE
    return f"{told.previous} since {day(told.previous_since)}" if told.previous_since else str(told.previous)


def after(told: Told) -> str:
    """The stance as the statement has it; a stance that ended without a successor is not given one."""
    if told.change is Change.WITHDRAWN:
        return f"{told.position} no longer stated"
    if told.change is Change.LAPSED:
        return f"{told.position} ended, nothing said since"
    return f"{told.position} until {day(told.until)}" if told.until else str(told.position)


def stance_facts(told: Told) -> list[tuple[str, str]]:
    """Label and value, in our own words only."""
    facts = [("Before", before(told)), ("After", after(told)), ("Towards", str(told.audience))]
    return [*facts, ("Announced", day(told.announced))] if told.announced else facts


def term_facts(told: Told) -> list[tuple[str, str]]:
    """Label and value of the terms, which may hold words of the article."""
    terms = (("Condition", told.condition), ("Product", told.product), ("Where", told.jurisdiction))
    return [(label, clean(value)) for label, value in (*terms, *_edit_facts(told)) if value and clean(value)]


def _edit_facts(told: Told) -> list[tuple[str, str]]:
    """Of a policy page: the sentence that stood there, what became of its force, and whether the page owns up to it."""
    facts = []
    if told.before and told.before != told.quote:
        facts.append(("It said", f"“{clean(told.before)}”"))
    if told.shift:
        facts.append(("Wording", _SHIFTS[told.shift]))
    if told.page_dated:
        facts.append(("Page date", f"still {day(told.page_dated)}: the edit was not dated"))
    return facts


def also(told: Told) -> str:
    """A further change of the same alert, in one line."""
    terms = "".join(f"; {label.lower()}: {value}" for label, value in term_facts(told))
    return f"{event(told)}: {before(told)} → {after(told)}{terms}"


def speaker(alert: Alert) -> str:
    """Who says so, and where: the difference between a vendor's own voice and a report."""
    source = clean(alert.source_name) or alert.source_id
    if alert.main.change is Change.WITHDRAWN:
        return f"Stood on {clean(alert.vendor_name)}'s own page, {source}; confirmed gone {day(alert.published)}"
    if alert.rule == RULE:
        named = f"{clean(alert.vendor_name)} itself" if alert.own_voice else clean(alert.source_name) or "a report"
        end = day(alert.main.until) if alert.main.until else "the last day"
        return f"The end was named by {named}; nothing newer was known when {end} was over"
    if alert.own_voice:
        return f"Said by {clean(alert.vendor_name)} itself, {source}, {day(alert.published)}"
    return f"Reported by {source} ({_SPEAKERS.get(alert.source_kind, alert.source_kind)}), {day(alert.published)}"


def standing(bulletin: Bulletin) -> list[str]:
    """How well it is founded by now: who confirms it, and how many tell of it."""
    lines, own = [], bulletin.confirmation
    if own is not None:
        vendor, source = clean(bulletin.alert.vendor_name), clean(own.source_name) or own.source_id
        lines.append(f"Confirmed by the vendor: {vendor} says so itself, {source}, {day(own.at)}")
    if bulletin.reports:
        names = [clean(name) for name in bulletin.sources]
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        lines.append(f"Told by {count(len(names), 'source')}: {', '.join(names[:_MOST_NAMED])}{more}")
    return lines


def circumstances(bulletin: Bulletin) -> list[str]:
    """What readers must know of the message itself: that it comes late or by another way, what people said of it."""
    lines = []
    if bulletin.late is not None:
        lines.append(f"Late by {span(bulletin.late)}: decided {clock(bulletin.alert.at)}")
    if bulletin.silent is not None:
        lines.append(f"By mail because Slack could not be reached since {clock(bulletin.silent)}")
    return [*lines, *(clean(remark) for remark in bulletin.remarks)]


def joined(reply: Reply) -> str:
    """A later report in one line."""
    report, source = reply.report, clean(reply.report.source_name) or reply.report.source_id
    if report.own_voice and not reply.alert.own_voice:
        return f"Confirmed by the vendor: {clean(reply.alert.vendor_name)} says so itself, {source}, {day(report.at)}"
    said = "Said again by" if report.own_voice else "Also reported by"
    return f"{said} {source}, {day(report.at)}"
