"""The pages behind posts of which the feed gave only a summary.

Asked for before reading, on unread posts. Where a list named no date, the page's own counts. A page that cannot be
fetched costs nothing but itself: the summary is read, and the note says so.

A page that does not come holds up its own post and no other. Once nothing has come in for a moment, those posts are
read whose pages have come; the others stay unread, and their pages awaited, for a minute and no longer. Killed in
between, the pages that are missing are asked for again.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from watcher.core.intake import OLD_IN_LIST
from watcher.core.post import Post
from watcher.core.source import Source
from watcher.usecases.awaited import Awaited, Stop
from watcher.usecases.ports import Fetched, Fetcher, FetchRequest, Parser, Store
from watcher.usecases.sift import Looks, wants_page

_log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=1)  # that a page is awaited
LATE = "only the feed's summary was read: its page did not come within a minute"
ENOUGH = 2_000_000  # bytes of a page; its text stands before that, and a tree of all that a page may hold is large

# Posts that are read together are read in the order of publication; a shorter wait would split what came together.
SETTLE = timedelta(seconds=1)  # that pages are waited for while none comes in
LONGEST = timedelta(seconds=3)  # that they are waited for, though they never stop coming in


@dataclass(frozen=True, slots=True)
class Pages:
    """Where full texts come from. The fetcher may be called while a poll is still waiting for its own answers.

    ``awaited``: the pages that have not come yet, by the ids of their posts; it outlives a run of reading.
    """

    fetcher: Fetcher
    parser: Parser
    awaited: Awaited = field(default_factory=lambda: Awaited(SETTLE / 10))


class Completion:
    """Completes the unread posts of one run of reading. ``notes``, by post id, say what came of their pages.

    Args:
        pages: fetches and reads them.
        store: the record, where their texts are saved.
        reader: tells which are worth a request.
        sources: by id.
        clock: the time, aware, UTC.
        stop: asked between two pages; true ends the wait.
    """

    def __init__(
        self,
        pages: Pages,
        store: Store,
        reader: Looks,
        sources: Mapping[str, Source],
        clock: Callable[[], datetime],
        stop: Stop,
    ) -> None:
        self._pages = pages
        self._store = store
        self._reader = reader
        self._sources = sources
        self._clock = clock
        self._stop = stop
        self.notes: dict[str, str] = {}

    @property
    def awaited(self) -> set[str]:
        """The ids of the posts whose pages are still to come."""
        return self._pages.awaited.keys

    def take_in(self) -> None:
        """Save the pages that have come since, and give up those that were awaited for a minute.

        Raises:
            StorageError: the texts cannot be saved.
        """
        self._gather({})
        late = self._pages.awaited.give_up(before=self._clock() - PATIENCE)
        self.notes.update(dict.fromkeys(late, LATE))

    def ready(self, posts: Sequence[Post]) -> list[Post]:
        """Ask for the pages behind posts that are not awaited, and wait for them a moment.

        Returns the posts that can be read now, in order of publication. ``digest`` stays that of the entry as the feed
        gave it: the next poll compares with the feed, not with the page.

        Raises:
            StorageError: the texts cannot be saved.
        """
        wanted = {post.id: post for post in posts if self._wants(post)}
        requests = [
            FetchRequest(post.id, post.url, source_id=post.source_id, enough=ENOUGH)
            for post in wanted.values()
            if post.url
        ]
        self._pages.awaited.ask(self._pages.fetcher, requests, self._clock())
        completed = self._gather(wanted) if wanted else {}
        awaited = self.awaited
        here = [completed.get(post.id, post) for post in posts if post.id not in awaited]
        return sorted(here, key=lambda post: (post.published, post.seen, post.id))

    def _wants(self, post: Post) -> bool:
        known = not post.url or post.id in self.notes
        return not known and wants_page(post, self._sources.get(post.source_id), self._reader)

    def _gather(self, wanted: Mapping[str, Post]) -> dict[str, Post]:
        """Take in pages until all that are wanted are there, or no more come for now; returns their posts, completed.

        Without any that is wanted it takes what is there and waits for none.
        """
        line = self._pages.awaited
        pause = _Pause(self._clock(), line.tick, {post.id: post.source_id for post in wanted.values()})
        found: dict[str, Post] = {}
        changed: list[Post] = []
        while line and not self._stop() and not pause.is_over(self._clock()):
            answer = line.next()
            pause.saw(answer)
            post = answer and (wanted.get(answer.key) or self._stored(answer.key))
            if answer and post:
                found[post.id] = self._completed(post, answer)
                changed += [found[post.id]] if found[post.id] != post else []
            if wanted and not pause.owed:
                break
        self._save(changed)
        return found

    def _stored(self, post_id: str) -> Post | None:
        with self._store.begin() as work:
            return next(iter(work.posts.find(post_id)), None)

    def _completed(self, post: Post, answer: Fetched) -> Post:
        """The post as its page has it; what is to be said of that is noted."""
        text, trouble = _article(self._pages.parser, answer)
        made = _dated(post, self._pages.parser, answer)
        if text and len(text) > len(post.text):
            made = replace(made, text=text, complete=True)
        else:
            self.notes[post.id] = f"only the feed's summary was read: {trouble or 'its page gave no longer text'}"
        if made.baseline and not post.baseline:
            day = made.published.date().isoformat()
            self.notes[post.id] = f"its page is dated {day}: an old post that came up in a list is told to nobody"
        return made

    def _save(self, changed: Sequence[Post]) -> None:
        if changed:
            with self._store.begin() as work:
                for post in changed:
                    work.posts.set_text(post)
                work.commit()


@dataclass(slots=True)
class _Pause:
    """For how long no page has come in. ``owed``: the pages that are waited for, each with the source of its post.

    It is over when it takes more than twice as long as the longest before it, for who answers, answers about as quickly
    as the others; but not while a source that has answered owes another page: one host is asked for few at a time.
    """

    began: datetime
    tick: timedelta
    owed: dict[str, str]
    heard: set[str] = field(default_factory=set)
    longest: timedelta = timedelta()
    silence: timedelta = timedelta()

    def saw(self, answer: Fetched | None) -> None:
        if answer is None:
            self.silence += self.tick
            return
        self.longest = max(self.longest, self.silence)
        self.silence = timedelta()
        if answer.key in self.owed:
            self.heard.add(self.owed.pop(answer.key))

    def is_over(self, now: datetime) -> bool:
        more = self.owed and (not self.heard or not self.heard.isdisjoint(self.owed.values()))
        enough = SETTLE if more else min(SETTLE, 2 * self.longest + self.tick)
        return self.silence >= enough or now - self.began >= LONGEST


def _article(parser: Parser, answer: Fetched) -> tuple[str | None, str | None]:
    if answer.error:
        return None, str(answer.error)
    try:
        return parser.article(answer), None
    except Exception as error:  # noqa: BLE001  (outermost loop over pages: the extractor trips over hostile HTML)
        _log.exception("%s: the page could not be read", answer.url)
        return None, f"{type(error).__name__} while reading its page"


def _dated(post: Post, parser: Parser, answer: Fetched) -> Post:
    """The post with its page's date, where the list gave none; an old page is no news."""
    if post.published != post.seen or answer.error:
        return post
    try:
        published = parser.published(answer)
    except Exception:  # noqa: BLE001  (outermost loop over pages, as above)
        _log.exception("%s: the date of the page could not be read", answer.url)
        return post
    if published is None or published >= post.seen:
        return post
    return replace(post, published=published, baseline=post.baseline or post.seen - published > OLD_IN_LIST)
