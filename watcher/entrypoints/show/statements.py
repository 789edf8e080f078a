"""``analyze`` and ``backtest`` for people."""

from collections.abc import Mapping

from watcher.core.statement import Statement
from watcher.entrypoints.show.reasons import facts
from watcher.entrypoints.show.screen import Screen
from watcher.entrypoints.show.words import count
from watcher.usecases.analyze import Analysis
from watcher.usecases.rulediff import Difference

_AROUND = 160  # characters of the paragraph that are shown on each side of a quote


def show_analysis(screen: Screen, one: Analysis) -> None:
    """What was read in one record, each quote in its place and marked."""
    screen.title(f"{one.id}: {one.title}" if one.title and one.title != one.id else one.id)
    if not one.statements:
        screen.line(f"No statement: {one.note or 'no rule found a stance of a vendor'}.", indent=2, hanging=2)
    for number, said in enumerate(one.statements, 1):
        screen.line()
        screen.line(f"{number}. {said.vendor}: {said.position} towards {said.audience}", hanging=3, style="bold")
        screen.line(in_place(one, said), indent=3)
        for label, value in facts(said):
            screen.labelled(label, value, indent=3)
    screen.line()


def in_place(one: Analysis, said: Statement) -> str:
    """The quote between » and «, with what stands beside it in its paragraph."""
    if said.start < 0:
        return f"»{said.quote}« (in the headline)"
    first = one.text.rfind("\n\n", 0, said.start) + 1
    last = one.text.find("\n\n", said.end)
    before, after = one.text[first : said.start], one.text[said.end : last if last >= 0 else len(one.text)]
    return f"{_tail(before)}»{one.text[said.start : said.end].strip()}«{_head(after)}"


def _tail(text: str) -> str:
    if len(text) <= _AROUND:
        return text
    return f"… {text[-_AROUND:].partition(' ')[2]}"


def _head(text: str) -> str:
    if len(text) <= _AROUND:
        return text
    return f"{text[:_AROUND].rpartition(' ')[0]} …"


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
