"""Rejections of one kind → what could be left out of a rule, tried on the stored posts. Nothing is applied."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.core.alert import Alert
from watcher.core.notice import Notice, NoticeKind
from watcher.core.reader import Document, Readout
from watcher.core.review import Exclusion, Proposal, Ruling, exclusions_due, shared_phrase, standing
from watcher.core.severity import Severity
from watcher.core.source import Source
from watcher.core.vendor import Vendor
from watcher.usecases.backtest import Told
from watcher.usecases.ports import Store
from watcher.usecases.reading import Channels, Reads
from watcher.usecases.rulediff import Kind, differences, given_stances, replay, stored_posts


@dataclass(frozen=True, slots=True)
class Excluding:
    """A reader to which an exclusion is applied."""

    reader: Reads
    exclusion: Exclusion

    @property
    def version(self) -> str:
        """The rules' version, which is not that of any rules on disk."""
        return f"{self.reader.version}-without-{self.exclusion.rule}"

    @property
    def vendors(self) -> Mapping[str, Vendor]:
        """Who is watched."""
        return self.reader.vendors

    def relevant(self, title: str, text: str) -> bool:
        """Whether reading can find anything."""
        return self.reader.relevant(title, text)

    def read(self, document: Document) -> Readout:
        """The statements of a document but those that are excluded."""
        found = self.reader.read(document)
        kept = tuple(one for one in found.statements if not self.exclusion.drops(one.rule, one.quote))
        return replace(found, statements=kept, marks=())


def propose(
    store: Store, reader: Callable[[], Reads], sources: Sequence[Source], channels: Channels, now: datetime
) -> list[Proposal]:
    """Propose what two or more rejections of one kind call for, once; each is told by a notice.

    Reads all stored posts twice where there is something to propose, and else nothing; only then ``reader`` is asked
    for.

    Raises:
        StorageError: the record cannot be read or written.
    """
    with store.begin() as work:
        reviews = work.reviews.all()
        alerts = {alert.key: alert for alert in work.alerts.all()}
        known = {proposal.id for proposal in work.reviews.proposals()}
    due = [_drafted(found, ruling, now) for ruling, found in exclusions_due(alerts, reviews)]
    due = [proposal for proposal in due if proposal.id not in known]
    if not due:
        return []
    trial = _Trial(store, reader(), sources, [key for key, one in standing(reviews).items() if not one.ruling.rejects])
    made = [trial.tried(proposal) for proposal in due]
    for proposal in made:
        _save(store, proposal, channels(alerts[proposal.rejected[-1]]))
    return made


def _drafted(found: Sequence[Alert], ruling: Ruling, now: datetime) -> Proposal:
    phrase = shared_phrase([alert.main.quote for alert in found])
    return Proposal(found[0].rule, ruling, phrase, tuple(alert.key for alert in found), now)


@dataclass(slots=True)
class _Trial:
    """The stored posts, read with the rules as they are and without what is to be excluded."""

    store: Store
    reader: Reads
    sources: Sequence[Source]
    confirmed: Sequence[str]
    ours: list[Told] | None = None  # read once for all proposals

    def tried(self, proposal: Proposal) -> Proposal:
        """The proposal with what it would have done."""
        if self.ours is None:
            self.ours = self._replayed(self.reader)
        theirs = self._replayed(Excluding(self.reader, Exclusion(proposal.rule, proposal.phrase)))
        found = differences(self.ours, theirs)
        removed = tuple(one.alert.key for one in found if one.kind is Kind.LOST)
        with self.store.begin() as work:
            posts = work.posts.count()
        return replace(
            proposal,
            posts=posts,
            removed=removed,
            added=sum(one.kind is Kind.ADDED for one in found),
            confirmed=tuple(key for key in removed if key in self.confirmed),
        )

    def _replayed(self, reader: Reads) -> list[Told]:
        given = given_stances(self.store)
        return replay(stored_posts(self.store), self.sources, reader, given)


def _save(store: Store, proposal: Proposal, channels: Sequence[str]) -> None:
    with store.begin() as work:
        if work.reviews.add_proposal(proposal):
            work.alerts.add_notice(_notice(proposal), channels)
            work.commit()


def _notice(proposal: Proposal) -> Notice:
    title = f"Rule {proposal.rule}: {len(proposal.rejected)} alerts were taken back as {proposal.ruling}"
    lines = (exclusion(proposal), backtested(proposal), "Nothing was changed: a person decides, in the rule's file.")
    return Notice(f"proposal-{proposal.id}", NoticeKind.REVIEW, proposal.at, title, lines, severity=Severity.LOW)


def exclusion(proposal: Proposal) -> str:
    """What could be left out, in a sentence."""
    if proposal.phrase is None:
        return f"Their sentences share no three words; what could be left out is the rule {proposal.rule} as a whole."
    return f"What could be left out of the rule {proposal.rule}: sentences with “{proposal.phrase}” (pseudo)."


def backtested(proposal: Proposal) -> str:
    """What that would have done, in a sentence."""
    confirmed = f"{len(proposal.confirmed)} of them confirmed by a person" if proposal.confirmed else "none confirmed"
    added = f", and brought {proposal.added} others" if proposal.added else ""
    return (
        f"Over {proposal.posts} stored posts it would have removed {len(proposal.removed)} alerts ({confirmed}){added}."
    )
