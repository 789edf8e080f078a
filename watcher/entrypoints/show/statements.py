"""``analyze`` and ``backtest`` for people."""

from collections.abc import Callable, Mapping

from watcher.entrypoints.show.reasons import facts, show_marked
from watcher.entrypoints.show.screen import Screen
from watcher.entrypoints.show.words import count
from watcher.usecases.analyze import Analysis
from watcher.usecases.rulediff import Difference

Named = Callable[[str], str | None]


_LEGEND = ("how far the rule reaches", "its cue", "the technology", "the audience")


def show_analysis(screen: Screen, one: Analysis, vendor_name: Named, place: Named) -> None:
    """What was read in one record, each sentence with what its rule found in it.

    Args:
        screen: where to.
        one: the record.
        vendor_name: a vendor's name by its id.
        place: the file and line of a rule by its id.
    """
    screen.title(f"{one.id}: {one.title}" if one.title and one.title != one.id else one.id)
    if not one.statements:
        screen.line(f"No statement: {one.note or 'no rule found a stance of a vendor'}.", indent=2, hanging=2)
    for number, said in enumerate(one.statements, 1):
        screen.line()
        name = vendor_name(said.vendor)
        screen.line(f"{number}. {name}: {said.position} towards {said.audience}", hanging=3, style="bold")
        show_marked(screen, said, one.marks[number - 1] if one.marks else None)
        for label, value in facts(said, place(said.rule)):
            screen.labelled(label, value, indent=3)
    screen.line()


def show_legend(screen: Screen) -> None:
    """What the marks stand for."""
    text, spans = "", []
    for kind, words in enumerate(_LEGEND):
        start = len(text) + (2 if text else 0)
        text = f"{text}, {words}" if text else words
        spans.append((kind, start, len(text)))
    screen.marked(f"Marked: {text}", [(kind, start + 8, end + 8) for kind, start, end in spans])


def show_told(screen: Screen, told: Mapping[str, str | None], vendor_name: str) -> None:
    """One alert of a back-test."""
    until = f" until {told['until']}" if told["until"] else ""
    before = f", before: {told['previous']}" if told["previous"] else ", nothing on record before"
    head = f"{vendor_name}: {told['position']} towards {told['audience']}{until} ({told['change']}{before})"
    screen.line(f"{(told['at'] or '')[:10]}  {head}", hanging=12, style="bold")
    for label, key in (("Condition", "condition"), ("Product", "product")):
        if told[key]:
            screen.labelled(label, told[key] or "")
    screen.labelled("Quote", f"“{told['quote']}”")
    if told["before"] and told["before"] != told["quote"]:
        screen.labelled("It said", f"“{told['before']}”")
    if told["shift"]:
        screen.labelled("Wording", told["shift"])
    if told["page_dated"]:
        screen.labelled("Page date", f"still {told['page_dated']}")
    screen.labelled("Record", told["record"] or "")
    screen.address(told["url"], indent=14)
    screen.line()


_SIGNS = {"added": "+", "lost": "-", "changed": "~"}
_COLOURS = {"added": "green", "lost": "red", "changed": "yellow"}


def show_difference(screen: Screen, one: Difference) -> None:
    """One alert that other rules would add, lose or change."""
    kind = one.kind.value
    screen.line(
        f"{_SIGNS[kind]} {one.alert.at.date().isoformat()}  {one.alert.vendor_name}: {kind}",
        hanging=14,
        style=_COLOURS[kind],
    )
    for label, alert in (("These", one.ours), ("Others", one.theirs)):
        if alert:
            main = alert.main
            until = f" until {main.until.isoformat()}" if main.until else ""
            condition = f" ({main.condition})" if main.condition else ""
            said = f"{main.change}: {main.position} towards {main.audience}{until}{condition}, rule {alert.rule}"
            screen.labelled(label, said)
            screen.labelled("Quote", f"“{main.quote}”")
    screen.labelled("Record", f"{one.record}: {one.alert.title}")
    screen.address(one.alert.url, indent=14)
    screen.line()


def show_sum(screen: Screen, records: int, alerts: int) -> None:
    """What a back-test came to."""
    screen.line(f"{count(records, 'record')}, {count(alerts, 'alert')}.")
