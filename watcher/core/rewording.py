"""Sentences of a policy page that took the place of others: what each did to the stance that the old one stated."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from watcher.core.difference import Edit
from watcher.core.modality import Shift, limited, permits, shift
from watcher.core.page import Page
from watcher.core.statement import Position, Statement

_OURS = re.compile(r"\W*(?:[\d.]+\s+)?we\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rewording:
    """An edit, and what its old sentence stated."""

    edit: Edit
    stated: tuple[Statement, ...]


def unmoved_date(before: Page, after: Page) -> date | None:
    """The day of its last update that a page names, where an edit left it as it was."""
    return before.dated if before.dated == after.dated else None


def traced(statements: Iterable[Statement], rewordings: Sequence[Rewording], dated: date | None) -> list[Statement]:
    """The statements of new sentences, each with the sentence before it.

    A verb counts only where both sentences state the same position: else the position itself has changed.
    """
    return [_traced(statement, rewordings, dated) for statement in statements]


def _traced(statement: Statement, rewordings: Sequence[Rewording], dated: date | None) -> Statement:
    statement = replace(statement, page_dated=dated)
    for rewording in rewordings:
        edit = rewording.edit
        if edit.after.text == statement.quote:
            same = any(_same(old, statement) for old in rewording.stated)
            moved = shift(edit.before.whole, edit.after.whole) if same else None
            return replace(statement, before=edit.before.whole, shift=moved)
    return statement


def _same(old: Statement, new: Statement) -> bool:
    return (old.vendor, old.audience, old.position) == (new.vendor, new.audience, new.position)


def unread(
    statements: Sequence[Statement], rewordings: Sequence[Rewording], text: str, dated: date | None
) -> list[Statement]:
    """What old sentences stated whose new wording no rule reads, though its verbs tell that it says so more weakly.

    "Police use is discouraged" states no position of its own; beside "police use is prohibited" it loosens one.
    ``text`` is that of the post, in which the new sentence stands.
    """
    return [
        _carried(old, rewording.edit, moved, text, dated)
        for rewording in rewordings
        if not rewording.edit.after.text.rstrip().endswith(":")  # the items under a lead-in state what it begins
        if (moved := shift(rewording.edit.before.whole, rewording.edit.after.whole)) in {Shift.WEAKER, Shift.STRONGER}
        for old in rewording.stated
        if not any(new.quote == rewording.edit.after.text and new.vendor == old.vendor for new in statements)
    ]


def _carried(old: Statement, edit: Edit, moved: Shift, text: str, dated: date | None) -> Statement:
    start = text.find(edit.after.text)
    return replace(
        old,
        position=_position(old.position, edit.after.whole),
        quote=edit.after.text,
        start=start,
        end=start + len(edit.after.text) if start >= 0 else start,
        before=edit.before.whole,
        shift=moved,
        page_dated=dated,
    )


def _position(old: Position, after: str) -> Position:
    """A ban that became a permission is none; what a company itself "may" do leaves open what it does."""
    if not permits(after) or _OURS.match(after):
        return old
    return Position.RESTRICT if limited(after) else Position.ALLOW
