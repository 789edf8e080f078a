"""``why`` for people: what a post said, what was decided about it, and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from watcher.core.change import Verdict
from watcher.core.delivery import Delivery
from watcher.core.marks import Marks
from watcher.core.statement import Statement
from watcher.entrypoints.show.lapses import show_lapse
from watcher.entrypoints.show.screen import Screen
from watcher.entrypoints.show.words import count, minute
from watcher.usecases.review import remark
from watcher.usecases.why import Explanation, Judged, Reread


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked up for people: vendors' names, where rules stand, and where in a sentence they found what."""

    vendor_name: Callable[[str], str]
    place: Callable[[str], str | None]
    marks: Callable[[Explanation], Mapping[Statement, Marks]]


def show_why(screen: Screen, found: Sequence[Explanation], looked: Looked) -> None:
    """Each post, with all that was read in it."""
    for number, one in enumerate(found):
        if number:
            screen.line()
        _post(screen, one, looked)


def _post(screen: Screen, one: Explanation, looked: Looked) -> None:
    post = one.post
    screen.title(post.title or "(no title)")
    screen.labelled("Source", f"{one.source_name}, published {minute(post.published)}")
    screen.labelled("Record", f"{post.id}, version {post.version}, first seen {minute(post.seen)}")
    screen.address(post.url, indent=14)
    if post.baseline:
        screen.labelled(
            "Baseline",
            "it was there at first sight, appeared during an outage, or is an old post that came up in a list:"
            " recorded, told to nobody",
        )
    screen.labelled("Answer", answer(one))
    marks = looked.marks(one)
    for reread in one.readings:
        _reading(screen, reread, looked, marks, several=len(one.readings) > 1)
    for alert in one.lapses:
        screen.line()
        show_lapse(screen, alert)


def answer(one: Explanation) -> str:
    """The whole explanation in one sentence."""
    if not one.readings:
        return "not read yet: watcher poll reads what is new"
    if one.told:
        return "an alert went out"
    last = one.readings[-1]
    if not last.judged:
        return f"no alert: {last.reading.note or 'no statement of a vendor was found in it'}"
    if any(judged.verdict.joins for judged in last.judged):
        return "no alert of its own: it reports what had been told already, and joined that alert"
    return "no alert: nothing in it changes a stance on record" if not one.post.baseline else "no alert: it is baseline"


def _reading(screen: Screen, one: Reread, looked: Looked, marks: Mapping[Statement, Marks], *, several: bool) -> None:
    reading = one.reading
    screen.line()
    version = f"version {reading.version}, " if several else ""
    found = count(len(one.judged), "statement")
    screen.line(f"Read {minute(reading.read_at)} ({version}rules {reading.rules}): {found}", style="dim")
    if reading.note:
        screen.labelled("Note", reading.note)
    for number, judged in enumerate(one.judged, 1):
        _judged(screen, number, judged, looked, marks.get(judged.verdict.statement))


def _judged(screen: Screen, number: int, one: Judged, looked: Looked, marks: Marks | None) -> None:
    verdict = one.verdict
    said = verdict.statement
    screen.line()
    name = looked.vendor_name(said.vendor)
    screen.line(f"{number}. {name}: {said.position} towards {said.audience}", hanging=3, style="bold")
    show_marked(screen, said, marks)
    for label, value in facts(said, looked.place(said.rule)):
        screen.labelled(label, value, indent=3)
    screen.labelled(
        "Verdict", f"{verdict.change}, {'told' if verdict.told else 'not told'}: {verdict.reason}", indent=3
    )
    if before := _before(verdict):
        screen.labelled("Before", before, indent=3)
    if one.alert:
        screen.labelled("Alert", _alert(one), indent=3)
    if one.review:
        screen.labelled("Review", remark(one.review), indent=3)
    for delivery in one.deliveries:
        screen.labelled("", describe(delivery), indent=3)


def show_marked(screen: Screen, said: Statement, marks: Marks | None) -> None:
    """The sentence of a statement, with what its rule found in it where that is known."""
    if marks is None:
        screen.line(f"“{said.quote}”", indent=3)
        return
    spans = [(0, *marks.scope), (1, *marks.cue)]
    spans += [(2, *span) for span in marks.targets] + [(3, *span) for span in marks.audiences]
    screen.marked(marks.text, spans, indent=3)
    if said.start < 0:
        screen.line("(in the headline)", indent=3, style="dim")


def facts(said: Statement, place: str | None = None) -> list[tuple[str, str]]:
    """The terms of a statement, and the rule that read it; label and value."""
    terms = (
        ("Until", said.until.isoformat() if said.until else None),
        ("Condition", said.condition),
        ("Product", said.product),
        ("Where", said.jurisdiction),
        ("Announced", said.announced.isoformat() if said.announced else None),
        ("Told as", None if said.fresh else "background, not as news"),
        ("It said", f"“{said.before}”" if said.before and said.before != said.quote else None),
        ("Wording", f"{said.shift}: another force or other terms than before" if said.shift else None),
        ("Page date", f"still {said.page_dated.isoformat()}" if said.page_dated else None),
    )
    rule = f"{said.rule} (rules/{place})" if place else said.rule
    rule = f"{rule}, in the vendor's own voice" if said.own_voice else rule
    return [*((label, value) for label, value in terms if value), ("Rule", rule)]


def _before(verdict: Verdict) -> str:
    row = verdict.previous
    if row is None:
        return ""
    end = f", until {row.until.isoformat()}" if row.until else ""
    return f"{row.position} towards {row.audience} since {row.held_from.isoformat()}{end} ({row.source or row.origin})"


def _alert(one: Judged) -> str:
    if one.alert is None:
        return ""
    if one.verdict.joins:
        return f"{one.alert.key}, which it joined: “{one.alert.title}” ({one.alert.source_name})"
    return one.alert.key


def describe(delivery: Delivery) -> str:
    """Where an alert went, and how it stands there."""
    when = f" {minute(delivery.sent_at)}" if delivery.sent_at else ""
    trouble = f"; {delivery.error}" if delivery.error else ""
    return f"{delivery.channel}: {delivery.state}{when}{trouble}"
