"""A record with posts, and all that reading them needs."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.fakes import START, Clock, JsonParser, Web, WordReader, source
from watcher.core.alert import Alert
from watcher.core.post import Entry, Post, first_version
from watcher.core.source import Source, SourceKind
from watcher.usecases.awaited import Awaited
from watcher.usecases.complete import Pages
from watcher.usecases.memory import MemoryStore
from watcher.usecases.ports import Reading, Store
from watcher.usecases.read import ReadSummary, read_unread

BLOG = source("blog", SourceKind.VENDOR, vendor="amazon", name="The Blog")
NEWS = source("news")
BAN, MORE = "On face recognition: amazon moratorium police", "face. amazon ban business"


class Desk:
    """A record with posts, and all that reading needs."""

    def __init__(self, *sources: Source) -> None:
        self.store: Store = MemoryStore()
        self.web, self.parser, self.reader, self.clock = Web(), JsonParser(), WordReader(), Clock()
        self.sources = sources or (BLOG, NEWS)
        self.awaited = Awaited(timedelta(seconds=0.1))

    def add(self, *entries: Entry, source_id: str = "news", **changes: Any) -> list[Post]:
        posts = [replace(first_version(one, source_id, START), **changes) for one in entries]
        with self.store.begin() as work:
            work.posts.add_new(posts)
            work.commit()
        return posts

    def read(self, *, web: bool = False, **more: Any) -> ReadSummary:
        pages = Pages(self.web, self.parser, self.awaited) if web else None
        return read_unread(
            self.store, self.reader, self.sources, lambda _alert: ("C1", "C2"), self.clock, pages=pages, **more
        )

    def reading(self, post: Post) -> Reading:
        with self.store.begin() as work:
            (found,) = work.posts.readings(post.id)
        return found

    def alerts(self) -> list[Alert]:
        with self.store.begin() as work:
            return work.alerts.all()

    def posts(self, *names: str) -> list[Post]:
        with self.store.begin() as work:
            return [post for name in names for post in work.posts.find(f"https://posts.example/{name}")]
