"""What a capture of a policy page brings: new wording, what went, what is gone for good, what is back.

Pure decisions over the capture of record, the sentences that went before, and the new capture. They come out as posts
of the page's source, which are read like all others:

- ``capture:`` the sentences that are new (at first sight all of them, as baseline);
- ``returned:`` sentences that went and came back within a week: recorded, told to nobody;
- ``withdrawn:`` sentences that are gone, as two later captures a day apart agree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from watcher.core.absence import FLAP, Absence, missed, seen, went
from watcher.core.capture import Capture
from watcher.core.difference import Difference, another_text, difference
from watcher.core.obstacle import missing, wall_text
from watcher.core.page import Page, Passage, excerpt, page_of
from watcher.core.post import Post, content_digest, fold
from watcher.core.source import Source
from watcher.core.tongue import tongue

NEW, RETURNED, WITHDRAWN = "capture:", "returned:", "withdrawn:"
_THERE = 0.5  # share of the known sentences from which on a text is the page, whatever else stands in it
# Posts of one moment are read in this order: what is gone is judged by what the page says now.
_TURN = {RETURNED: timedelta(0), NEW: timedelta(microseconds=1), WITHDRAWN: timedelta(microseconds=2)}


@dataclass(frozen=True, slots=True)
class Revision:
    """The decision about one capture.

    ``capture`` is to be stored; None: nothing is new, and only ``seen_last`` of the newest one moves. ``absences`` are
    those that are new or changed. ``wall`` or ``foreign`` says why it is no capture of this page at all.
    """

    capture: Capture | None = None
    absences: tuple[Absence, ...] = ()
    posts: tuple[Post, ...] = ()
    wall: str | None = None
    foreign: str | None = None


def is_capture(post: Post) -> bool:
    """Whether a post was made from a policy page."""
    return post.key.startswith((NEW, RETURNED, WITHDRAWN))


def is_return(post: Post) -> bool:
    """Whether a post holds sentences that came back to a policy page."""
    return post.key.startswith(RETURNED)


def is_withdrawal(post: Post) -> bool:
    """Whether a post holds sentences that are gone from a policy page."""
    return post.key.startswith(WITHDRAWN)


def revise(
    source: Source, held: Capture | None, absences: Sequence[Absence], capture: Capture, *, alike: bool = True
) -> Revision:
    """Compare a capture with the page on record.

    Args:
        source: the page.
        held: its capture of record; None at first sight.
        absences: what went from it and may come back: pending ones, those of the last seven days, whole pages.
        capture: the new one; ``absent`` if the page was not there.
        alike: both texts are readings of one version of our extractor. If not, what differs may be our own doing: it
            is recorded, and told to nobody.
    """
    if held is None:
        return _first_sight(source, capture)
    if capture.absent:
        return _away(source, held, absences, capture)
    return _look_at(_Look(source, held, page_of(held.text), capture, page_of(capture.text), absences), alike=alike)


def _look_at(look: "_Look", *, alike: bool) -> Revision:
    capture = look.capture
    if not look.there:
        if missing(capture.text):
            gone = replace(capture, absent="says that there is no such page", text="")
            return _away(look.source, look.held, look.absences, gone)
        wall = wall_text(capture.text)
        if wall:
            return Revision(wall=wall)
        was, spoken = tongue(look.held.text), tongue(capture.text)
        if was and spoken and was != spoken:
            return look.other_language(was, spoken)
    if not alike:
        return look.quietly()
    return look.replaced() if another_text(look.before, look.after, look.found) else look.edited()


def _first_sight(source: Source, capture: Capture) -> Revision:
    wall = wall_text(capture.text)
    if wall:
        return Revision(wall=wall)
    if capture.absent or missing(capture.text):
        return Revision()
    return Revision(capture, posts=_posts(source, capture, (NEW, capture.text, True)))


def _away(source: Source, held: Capture, absences: Sequence[Absence], capture: Capture) -> Revision:
    """The page was not there."""
    known = next((absence for absence in absences if _is_away(absence)), None)
    now = capture.taken
    away = missed(known, now) if known else Absence(source.id, "", now, reason=capture.absent)
    away = replace(away, reason=capture.absent)
    others = [missed(absence, now) for absence in absences if absence.pending and not absence.whole]
    changed = [absence for absence in (away, *others) if absence not in absences]
    if not changed:
        return Revision()
    page = page_of(held.text).passages if away.confirmed == now else ()
    text = excerpt([*page, *(absence.passage for absence in others if absence.confirmed == now)])
    stored = replace(capture, of_record=False)
    titled = replace(stored, title=held.title, url=capture.url or held.url)
    return Revision(stored, tuple(changed), _posts(source, titled, (WITHDRAWN, text, False)))


def _is_away(absence: Absence) -> bool:
    """Whether the page is not there; a whole text that another took the place of is over and done with."""
    return absence.whole and absence.returned is None and not (absence.confirmed and absence.successor)


@dataclass(frozen=True)
class _Look:
    """One capture beside the one on record."""

    source: Source
    held: Capture
    before: Page
    capture: Capture
    after: Page
    absences: Sequence[Absence]

    @cached_property
    def found(self) -> Difference:
        """What differs."""
        return difference(self.before, self.after)

    @property
    def there(self) -> bool:
        """Whether so much of the known page is there that nothing else can have come in its place."""
        known = len(self.before.passages)
        return known - len(self.found.gone) >= _THERE * known

    def edited(self) -> Revision:
        """The page that is known, with or without edits."""
        now = self.capture.taken
        followed = [self._follow(absence) for absence in self.absences if not absence.whole]
        away = next((absence for absence in self.absences if _is_away(absence)), None)
        back = [absence.passage for absence in followed if absence.returned == now and absence.flap]
        known = {passage.key for passage in back}
        new = [passage for passage in self.found.added if passage.key not in known]
        if away and away.confirmed:
            whole = list(self.after.passages)
            new, back = ([], whole) if now - away.gone_since <= FLAP else (whole, [])
        changed = [*followed, *self._went(), *([seen(away, now)] if away else [])]
        gone = [absence.passage for absence in followed if absence.confirmed == now]
        return self._told(changed, new, back, gone)

    def replaced(self) -> Revision:
        """Hardly a sentence is left. It is taken as the page only when two later captures a day apart agree."""
        known = next((absence for absence in self.absences if _is_away(absence)), None)
        now = self.capture.taken
        away = missed(known, now) if known else Absence(self.source.id, "", now, reason="shows another text")
        if away.confirmed != now:
            changed = (away,) if away != known else ()
            return Revision(replace(self.capture, of_record=False), changed) if changed else Revision()
        away = replace(away, successor=self.capture.title or "another text")
        open_ = [absence for absence in self.absences if absence.pending and not absence.whole]
        settled = [
            seen(absence, now) if self.after.says(absence.passage) else replace(absence, confirmed=now)
            for absence in open_
        ]
        gone = [*self.found.gone, *(absence.passage for absence in settled if absence.confirmed == now)]
        return self._told([away, *settled], self.found.added, (), gone)

    def quietly(self) -> Revision:
        """Our own reading of the page changed; what went before is followed all the same."""
        followed = [seen(a, self.capture.taken) for a in self.absences if self.after.says(a.passage) or _is_away(a)]
        posts = _posts(self.source, self.capture, (NEW, excerpt(self.found.added), True))
        return Revision(self.capture, tuple(followed), posts)

    def other_language(self, was: str, spoken: str) -> Revision:
        """Another language is never a change; the source's own takes the place of any other."""
        if spoken != (self.source.language or "en")[:2]:
            return Revision(foreign=f"it was served in another language ({spoken}, not {was} as on record)")
        ended = tuple(seen(absence, self.capture.taken) for absence in self.absences if absence.pending)
        return Revision(self.capture, ended, _posts(self.source, self.capture, (NEW, self.capture.text, True)))

    def _follow(self, absence: Absence) -> Absence:
        now = self.capture.taken
        return seen(absence, now) if self.after.says(absence.passage) else missed(absence, now)

    def _went(self) -> list[Absence]:
        successors = {edit.before.key: edit.after for edit in self.found.edits}
        now = self.capture.taken
        return [went(self.source.id, passage, now, successors.get(passage.key)) for passage in self.found.gone]

    def _told(
        self, absences: Iterable[Absence], new: Sequence[Passage], back: Sequence[Passage], gone: Sequence[Passage]
    ) -> Revision:
        changed = tuple(absence for absence in absences if absence not in self.absences)
        if not (changed or self.found or fold(self.held.text) != fold(self.capture.text)):
            return Revision()
        kinds = ((RETURNED, excerpt(back), False), (NEW, excerpt(new), False), (WITHDRAWN, excerpt(gone), False))
        return Revision(self.capture, changed, _posts(self.source, self.capture, *kinds))


def _posts(source: Source, capture: Capture, *kinds: tuple[str, str, bool]) -> tuple[Post, ...]:
    """A post for each kind that has a text. What happens twice on a page is two posts: the moment is in the key."""
    return tuple(
        Post(
            source_id=source.id,
            key=f"{kind}{content_digest('', text)[:16]}@{capture.taken:%Y%m%dT%H%M%S}",
            version=1,
            title=capture.title,
            text=text,
            url=capture.url,
            published=capture.taken + _TURN[kind],
            seen=capture.taken,
            language=source.language,
            baseline=baseline,
            digest=content_digest(capture.title, text),
        )
        for kind, text, baseline in kinds
        if text.strip()
    )
