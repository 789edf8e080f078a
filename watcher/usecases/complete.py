"""The pages behind posts of which the feed gave only a summary.

Runs before reading, on unread posts. Where a list named no date, the page's own counts. A page that cannot be fetched
costs nothing but itself: the summary is read, and the note says so. Killed in between, the pages that are missing are
fetched again. Nobody is told anything meanwhile, so that pages are awaited for a minute and no longer: a host whose
pages hang would else hold up all posts, for as long as it has pages.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.core.intake import OLD_IN_LIST
from watcher.core.post import Post
from watcher.core.source import Source
from watcher.usecases.awaited import Stop, answers
from watcher.usecases.ports import Fetched, Fetcher, FetchRequest, Parser, Store
from watcher.usecases.reading import Reads
from watcher.usecases.sift import wants_page

_log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=1)
ENOUGH = 2_000_000  # bytes of a page; its text stands before that, and a tree of all that a page may hold is large
_LOOK_UP = timedelta(seconds=0.25)  # how often a wish to stop is noticed while pages are awaited


@dataclass(frozen=True, slots=True)
class Pages:
    """Where full texts come from. The fetcher may be called while a poll is still waiting for its own answers."""

    fetcher: Fetcher
    parser: Parser


def complete(
    posts: Sequence[Post],
    store: Store,
    reader: Reads,
    sources: Mapping[str, Source],
    pages: Pages,
    clock: Callable[[], datetime],
    *,
    stop: Stop = bool,
) -> tuple[list[Post], dict[str, str]]:
    """Fetch what is missing, save it, and return the posts, in order of publication, with notes by post id.

    ``digest`` stays that of the entry as the feed gave it: the next poll compares with the feed, not with the page.

    Raises:
        StorageError: the texts cannot be saved.
    """
    wanted = {post.id: post for post in posts if post.url and wants_page(post, sources.get(post.source_id), reader)}
    found: dict[str, Post] = {}
    late = "only the feed's summary was read: its page did not come within a minute"
    notes = dict.fromkeys(wanted, late)
    until = clock() + PATIENCE
    requests = [
        FetchRequest(post.id, post.url, source_id=post.source_id, enough=ENOUGH) for post in wanted.values() if post.url
    ]
    for answer in answers(pages.fetcher, requests, _LOOK_UP, lambda: stop() or clock() > until) if requests else ():
        if answer is not None:
            text, note = _article(pages.parser, answer)
            post = wanted[answer.key]
            del notes[post.id]
            found[post.id] = _dated(post, pages.parser, answer)
            if text and len(text) > len(post.text):
                found[post.id] = replace(found[post.id], text=text, complete=True)
            else:
                notes[post.id] = f"only the feed's summary was read: {note or 'its page gave no longer text'}"
            if found[post.id].baseline and not post.baseline:
                day = found[post.id].published.date().isoformat()
                notes[post.id] = f"its page is dated {day}: an old post that came up in a list is told to nobody"
    changed = {key: post for key, post in found.items() if post != wanted[key]}
    _save(store, changed)
    made = [changed.get(post.id, post) for post in posts]
    return sorted(made, key=lambda post: (post.published, post.seen, post.id)), notes


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


def _save(store: Store, found: Mapping[str, Post]) -> None:
    if found:
        with store.begin() as work:
            for post in found.values():
                work.posts.set_text(post)
            work.commit()
