"""What one run of reading came to. Apart from what reads, which takes longer to import than a quiet round to run."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from watcher.core.alert import Alert
from watcher.core.post import Post

if TYPE_CHECKING:
    from watcher.usecases.reading import Read


@dataclass(frozen=True, slots=True)
class ReadSummary:
    """What one run read: ``posts`` in all, ``matched`` with a statement; ``reports`` joined alerts told before.

    ``awaited`` posts were left unread: the pages behind them are still on their way.
    """

    posts: int = 0
    matched: int = 0
    statements: int = 0
    alerts: tuple[Alert, ...] = ()
    reports: int = 0
    faults: tuple[str, ...] = ()
    awaited: int = 0

    def plus(self, post: Post, read: "Read") -> "ReadSummary":
        """The summary with one more post."""
        judgement = read.judgement
        return replace(
            self,
            posts=self.posts + 1,
            matched=self.matched + bool(read.statements),
            statements=self.statements + read.statements,
            alerts=self.alerts + (judgement.alerts if judgement else ()),
            reports=self.reports + (len(judgement.reports) if judgement else 0),
            faults=(*self.faults, f"post {post.id}: {read.fault}") if read.fault else self.faults,
        )
