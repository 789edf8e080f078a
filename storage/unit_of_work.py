"""The record over SQL: ``Store`` and ``UnitOfWork`` of the use cases' ports."""

from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from storage.address import parse
from storage.alerts import SqlAlerts
from storage.captures import SqlCaptures
from storage.engine import connect
from storage.faults import translated
from storage.letters import SqlLetters
from storage.link import Link
from storage.posts import SqlPosts
from storage.reviews import SqlReviews
from storage.sources import SqlSources
from storage.stances import SqlStances
from storage.standing import SqlConditions
from watcher.core.errors import StorageError


class SqlUnitOfWork:
    """One transaction over the record; it begins with the first statement, and with the next one after a commit."""

    sources: SqlSources
    posts: SqlPosts
    stances: SqlStances
    alerts: SqlAlerts
    captures: SqlCaptures
    conditions: SqlConditions
    letters: SqlLetters
    reviews: SqlReviews

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._link: Link | None = None

    def __enter__(self) -> Self:
        with translated(self._engine.url):
            link = Link(self._engine.connect(), self._engine.url)
        self._link = link
        self.sources, self.posts, self.stances = SqlSources(link), SqlPosts(link), SqlStances(link)
        self.alerts, self.captures = SqlAlerts(link), SqlCaptures(link)
        self.conditions, self.letters = SqlConditions(link), SqlLetters(link)
        self.conditions = SqlConditions(link)
        self.reviews = SqlReviews(link)
        return self

    def commit(self) -> None:
        """Save everything done so far in this block.

        Raises:
            StorageError: it could not be saved; nothing was.
        """
        if self._link is None:
            raise StorageError("nothing can be saved outside its transaction")
        self.posts.flush()
        self._link.commit()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None


class SqlStore:
    """The record in the database at ``url``, which ``storage.migrate.upgrade`` has set up.

    ``read_only`` units of work see one state from their first question to their last, hold nobody up, and refuse to
    write. One unit at a time: a second one that is begun inside the first waits for it in vain.
    """

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        self._engine = connect(parse(url), read_only=read_only)

    def begin(self) -> SqlUnitOfWork:
        """A new transaction, to be used in a ``with`` block."""
        return SqlUnitOfWork(self._engine)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
