"""A policy page's new or lost sentences beside its captures: what stood there before, and what it says without them."""

from collections.abc import Callable
from dataclasses import replace

from watcher.core.difference import Difference, difference
from watcher.core.page import excerpt, page_of
from watcher.core.post import Post
from watcher.core.reader import Readout
from watcher.core.rewording import Rewording, traced, unmoved_date, unread
from watcher.core.statement import Audience, Position, Statement
from watcher.core.withdrawal import Going
from watcher.usecases.ports import UnitOfWork

States = Callable[[str], tuple[Statement, ...]]  # what a text states as a part of the page


def beside_before(work: UnitOfWork, post: Post, readout: Readout, states: States) -> Readout:
    """The statements of new sentences, each with the sentence that it took the place of, and what that did to it.

    Where a rule reads the old sentence and none the new one, its weaker or stronger verb is a statement all the same.
    """
    before, after = (
        work.captures.of_record(post.source_id, before=post.seen),
        work.captures.at(post.source_id, post.seen),
    )
    if before is None or after is None:
        return readout
    pages = page_of(before.text), page_of(after.text)
    dated = unmoved_date(*pages)
    rewordings = _rewordings(difference(*pages), post, states)
    statements = traced(readout.statements, rewordings, dated)
    statements += unread(statements, rewordings, post.text, dated)
    return replace(readout, statements=tuple(statements))


def _rewordings(found: Difference, post: Post, states: States) -> list[Rewording]:
    """The old sentences are read together, as the new ones were: one stance is not told by each item of a list."""
    mine = [edit for edit in found.edits if edit.after.text in post.text]
    stated = states(excerpt(edit.before for edit in mine)) if mine else ()
    return [Rewording(edit, tuple(one for one in stated if one.quote == edit.before.text)) for edit in mine]


def going_of(work: UnitOfWork, post: Post, states: States) -> Going:
    """How the sentences of a withdrawal went, and what the page states without them."""
    now = work.captures.at(post.source_id, post.seen)
    absences = [one for one in work.captures.absences(post.source_id) if one.confirmed == post.seen]
    if now is None or now.absent:
        return Going(absences, (), now.absent if now else None)
    return Going(absences, states(now.text))


def stated_beside(work: UnitOfWork, post: Post, states: States) -> frozenset[tuple[Position, Audience]]:
    """What the page goes on to state beside the new sentences of a post: a condition added to it lifts no ban."""
    now = work.captures.at(post.source_id, post.seen)
    found = states(now.text) if now and not now.absent else ()
    return frozenset((one.position, one.audience) for one in found if one.quote not in post.text)
