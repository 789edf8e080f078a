"""``status`` and ``history`` for people."""

from collections.abc import Sequence
from datetime import date, datetime

from watcher.core.stance import Evidence, Stance
from watcher.core.statement import Audience, Position
from watcher.entrypoints.show.screen import Column, Screen
from watcher.entrypoints.show.words import count, minute
from watcher.usecases.answer import Chapter, Standing

_COLUMNS = (
    Column("Vendor", most=16),
    Column("Towards", solid=True),
    Column("Position", solid=True),
    Column("Since", solid=True),
    Column("Terms"),
    Column("Said by", most=11),
)
_SHOWN = 3  # further sources that are named in a history; the others are counted


def show_status(screen: Screen, found: Sequence[Standing], on: date, known_on: datetime | None) -> None:
    """The table of stances on a day, and what its words mean."""
    known = f", as far as known on {minute(known_on)}" if known_on else ""
    screen.title(f"Stances on {on.isoformat()}{known}")
    screen.line()
    screen.table(_COLUMNS, _rows(found), styles=[_style(one) for one in found])
    screen.line()
    if any(one.audience is Audience.EVERYONE for one in found):
        screen.line("What is said of everyone holds for each: police, government, business, consumers.", style="dim")
    if any(one.lapsed for one in found):
        screen.line("! The end that was named has passed, and nothing newer is on record.", style="yellow")


def _rows(found: Sequence[Standing]) -> list[list[str]]:
    """A vendor is named once, in its first row."""
    rows, last = [], None
    for one in found:
        rows.append([one.vendor_name if one.vendor != last else "", *_cells(one)])
        last = one.vendor
    return rows


def _cells(one: Standing) -> list[str]:
    by = "itself" if one.own_voice else "reported"
    proof = f"{by}, {count(one.evidence, 'source')}"
    return [one.audience.value, one.position.value, one.since.isoformat(), terms(one), proof]


def _style(one: Standing) -> str | None:
    if one.lapsed or one.row.withdrawn:
        return "yellow"
    return "dim" if one.position is Position.ADVOCATE or one.covered_by else None


def terms(one: Standing) -> str:
    """Until when, on which condition, for what and where; and what has become of it since."""
    row = one.row
    until = f"until {row.until.isoformat()}{' (passed!)' if one.lapsed else ''}" if row.until else ""
    cover = one.covered_by
    parts = [
        one.product or "",
        until,
        row.condition or "",
        row.jurisdiction or "",
        f"terms of {one.changed.isoformat()}" if one.changed else "",
        "wording withdrawn" if row.withdrawn else "",
        "a single deal" if row.deal else "",
        f"since {cover.held_from.isoformat()} {cover.position} for everyone" if cover else "",
        f"({row.confidence})" if row.confidence and "memory" in row.confidence else "",
    ]
    return "; ".join(part for part in parts if part)


def show_history(screen: Screen, name: str, chapters: Sequence[Chapter]) -> None:
    """A vendor's ledger, oldest first, each row with its proof."""
    screen.title(f"{name}: {count(len(chapters), 'entry', 'entries')} in the ledger, oldest first")
    for one in chapters:
        screen.line()
        _chapter(screen, one)


def _chapter(screen: Screen, one: Chapter) -> None:
    row = one.row
    screen.line(f"{row.held_from.isoformat()}  {headline(row)}", hanging=12, style="bold")
    for label, value in _facts(row):
        screen.labelled(label, value)
    if row.quote:
        screen.labelled("Quote", f"“{row.quote}”")
    screen.labelled("Source", _source(row))
    screen.address(row.url, indent=14)
    screen.labelled("Known", f"since {minute(row.recorded_at)}, from {row.origin}")
    if one.evidence:
        screen.labelled("Also", _also(one.evidence))


def headline(row: Stance) -> str:
    """The stance in one line."""
    end = f" until {row.until.isoformat()}" if row.until else ""
    gone = (
        " (wording withdrawn)" if row.withdrawn else " (a single deal)" if row.deal else " (lapsed)" if row.ends else ""
    )
    each = " (holds for each)" if row.audience is Audience.EVERYONE and row.position is not Position.ADVOCATE else ""
    return f"{row.position} towards {row.audience}{each}{end}{gone}"


def _facts(row: Stance) -> list[tuple[str, str]]:
    facts = (("Condition", row.condition), ("Product", row.product), ("Where", row.jurisdiction), ("Note", row.note))
    return [(label, value) for label, value in facts if value]


def _source(row: Stance) -> str:
    voice = "in its own voice" if row.own_voice else "reported by others"
    certainty = f"; {row.confidence}" if row.confidence else ""
    return f"{row.source or 'not named'}, {voice}{certainty}"


def _also(found: Sequence[Evidence]) -> str:
    named = [f"{item.source or item.origin} ({item.stated_on.isoformat()})" for item in found[:_SHOWN]]
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f"{', '.join(named)}{more}"
