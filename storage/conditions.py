"""The conditions of the partial indexes.

A query uses such an index only where it states the same condition in the same words, without parameters: hence they
stand once, for the models that declare the indexes and for the statements that are to use them.
"""

from sqlalchemy import ColumnElement, Table, literal_column, true

from storage.schema import ABSENCES, DELIVERIES, POSTS
from watcher.core.delivery import DeliveryState

_CLOSED = (DeliveryState.SENT, DeliveryState.GIVEN_UP)


def unread(posts: Table) -> ColumnElement[bool]:
    """A post's newest version that no reading covers yet."""
    return posts.c.unread == true()


def open_(deliveries: Table) -> ColumnElement[bool]:
    """A delivery that is not settled."""
    return deliveries.c.state.not_in([literal_column(f"'{state}'") for state in _CLOSED])


def pending(absences: Table) -> ColumnElement[bool]:
    """A sentence that went from a page, and it is not known yet whether for good."""
    return absences.c.confirmed.is_(None) & absences.c.returned.is_(None)


IS_UNREAD = unread(POSTS)
IS_OPEN = open_(DELIVERIES)
IS_PENDING = pending(ABSENCES)
