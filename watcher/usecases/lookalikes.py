"""Stored posts that may be the same as posts under unknown keys: a site that moved gives each old post a new id."""

from collections.abc import Iterable

from watcher.core.post import Post
from watcher.usecases.ports import UnitOfWork


def lookalikes_of(work: UnitOfWork, fresh: Iterable[Post]) -> list[Post]:
    """Stored posts of the same source under the addresses of posts that look new, whatever the scheme."""
    found: dict[str, Post] = {}
    for post in fresh:
        for address in _schemes(post.url or ""):
            same = (other for other in work.posts.find(address) if other.source_id == post.source_id)
            found.update({other.key: other for other in same})
    return list(found.values())


def _schemes(url: str) -> tuple[str, ...]:
    scheme, found, rest = url.partition("://")
    twin = {"http": "https", "https": "http"}.get(scheme.lower())
    if not found:
        return ()
    return (url, f"{twin}://{rest}") if twin else (url,)
