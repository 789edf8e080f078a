"""Posts, their versions, and what was read in them."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Executable, Row, bindparam, func, or_, select, update

from storage import snapshot
from storage.conditions import IS_UNREAD
from storage.link import Insert, Link, chunks, columns, values_of
from storage.schema import POST_VERSIONS, POSTS, READINGS, VERDICTS
from watcher.core.change import Change, Verdict
from watcher.core.post import Post, canonical_url, post_id
from watcher.core.stance import Stance
from watcher.core.statement import Statement
from watcher.usecases.ports import Reading

_POST = columns(Post, POSTS)
_STATEMENT = columns(Statement, VERDICTS)
_VERSION = [column.name for column in POST_VERSIONS.c if column.name != "post_id"]
_OF_VERSION = [name for name in _VERSION if name in {field.name for field in fields(Post)}]
_JUDGED = [VERDICTS.c[name] for name in ("reading_id", "change", "reason", "told", "previous", "joins")]

_THIS_VERSION = (POSTS.c.id == bindparam("read_id")) & (POSTS.c.version == bindparam("read_version"))
_MARK_READ = update(POSTS).where(_THIS_VERSION).values(unread=False)


class SqlPosts:
    """``Posts`` over SQL.

    Readings without a statement are nearly all of them, and come one by one: they are collected, and written together
    before anything else is asked or saved.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._waiting: list[Reading] = []

    def add_new(self, posts: Sequence[Post], aside: Iterable[Reading] = ()) -> list[Post]:
        """Store first versions, and the readings of some; those that are known already are left out."""
        first: dict[str, Post] = {}
        for post in posts:
            first.setdefault(post.id, post)
        if not first:
            return []
        # Not by RETURNING, for which the drivers insert one row at a time. No other process adds posts.
        query = select(POSTS.c.id)
        known = {row.id for ids in chunks(first) for row in self._link.rows(query.where(POSTS.c.id.in_(ids)))}
        new = {key: post for key, post in first.items() if key not in known}
        read = {reading.post_id: reading for reading in aside if reading.post_id in new}
        if new:
            rows = [_row(post, unread=post.id not in read) for post in new.values()]
            self._link.run(_insert_new(self._link.insert), rows)
        if read:
            self._add_readings(list(read.values()), with_verdicts=False)
        return list(new.values())

    def latest(self, source_id: str, keys: Iterable[str]) -> dict[str, Post]:
        """The newest stored version of each of these posts, by key; unknown keys are missing."""
        asked = {post_id(source_id, key): key for key in keys}
        query = select(POSTS.c.id, *_POST)
        found = [row for ids in chunks(asked) for row in self._link.rows(query.where(POSTS.c.id.in_(ids)))]
        return {asked[row.id]: _post(row) for row in found}

    def add_version(self, post: Post) -> None:
        """Store a later version of a known post.

        Raises:
            StorageError: the post is unknown, or this version or a later one is stored already.
        """
        self.flush()
        row = _row(post)
        before = (POSTS.c.id == row["id"]) & (POSTS.c.version < post.version)
        kept = select(POSTS.c.id, *(POSTS.c[name] for name in _VERSION)).where(before)
        insert = POST_VERSIONS.insert().from_select(["post_id", *_VERSION], kept)
        followed = self._link.rows(insert.returning(POST_VERSIONS.c.post_id))
        self._link.require(followed, f"post {row['id']}: version {post.version} follows no stored one")
        self._link.run(update(POSTS).where(POSTS.c.id == row["id"]).values(row))

    def unread(self, limit: int | None = None, *, apart_from: Collection[str] = ()) -> list[Post]:
        """Newest versions that no reading covers yet, ordered by published, first sight, id."""
        self.flush()
        query = select(*_POST).where(IS_UNREAD).order_by(POSTS.c.published, POSTS.c.seen, POSTS.c.id).limit(limit)
        if apart_from:
            query = query.where(POSTS.c.id.not_in(apart_from))
        return [_post(row) for row in self._link.rows(query)]

    def all(self, limit: int, start: int = 0) -> list[Post]:
        """Newest versions of all posts, ordered by published, first sight, id, without the first ``start`` of them."""
        query = select(*_POST).order_by(POSTS.c.published, POSTS.c.seen, POSTS.c.id).limit(limit).offset(start)
        return [_post(row) for row in self._link.rows(query)]

    def save_reading(self, reading: Reading) -> None:
        """Keep what was decided; the version counts as read from now on. Written at the latest by ``commit``."""
        self._waiting.append(reading)

    def set_text(self, post: Post) -> None:
        """Replace text, completeness, date and ``baseline`` of an unread version by what its page gave.

        A version that was read or replaced in the meantime stays as it is: quotes point into its text.
        """
        self.flush()
        unread = (POSTS.c.id == post.id) & (POSTS.c.version == post.version) & IS_UNREAD
        given = {name: getattr(post, name) for name in ("text", "complete", "published", "baseline")}
        self._link.run(update(POSTS).where(unread).values(given))

    def first(self, post: Post) -> Post:
        """The first version of a stored post; itself where it was never edited."""
        began = (POST_VERSIONS.c.post_id == post.id) & (POST_VERSIONS.c.version == 1)
        rows = self._link.rows(select(*(POST_VERSIONS.c[name] for name in _OF_VERSION)).where(began))
        return replace(post, **dict(zip(_OF_VERSION, rows[0], strict=True))) if rows else post

    def find(self, reference: str) -> list[Post]:
        """Newest versions of the posts with this id or address (canonical form), newest first."""
        wanted = reference.strip()
        if not wanted:
            return []
        address = _address(wanted)
        earlier = select(POST_VERSIONS.c.post_id).where(POST_VERSIONS.c.address == address)
        named = or_(POSTS.c.id == wanted, POSTS.c.address == address, POSTS.c.id.in_(earlier))
        newest_first = (POSTS.c.published.desc(), POSTS.c.seen.desc(), POSTS.c.id.desc())
        return [_post(row) for row in self._link.rows(select(*_POST).where(named).order_by(*newest_first))]

    def readings(self, post_id: str) -> list[Reading]:
        """All readings of a post, oldest first."""
        self.flush()
        mine = READINGS.c.post_id == post_id
        judged = select(*_JUDGED, *_STATEMENT).join(READINGS, READINGS.c.id == VERDICTS.c.reading_id).where(mine)
        rows = self._link.rows(judged.order_by(VERDICTS.c.reading_id, VERDICTS.c.id))
        verdicts = {key: tuple(map(_verdict, group)) for key, group in groupby(rows, lambda row: row.reading_id)}
        found = self._link.rows(select(READINGS).where(mine).order_by(READINGS.c.id))
        return [_reading(row, verdicts.get(row.id, ())) for row in found]

    def repetitions(self, begin: datetime, end: datetime) -> dict[str, int]:
        """How many statements read from ``begin`` until before ``end`` only repeated a stance, by vendor."""
        within = (READINGS.c.read_at >= begin) & (READINGS.c.read_at < end)
        repeated = VERDICTS.c.change == Change.REITERATED
        joined = VERDICTS.join(READINGS, READINGS.c.id == VERDICTS.c.reading_id)
        query = select(VERDICTS.c.vendor, func.count().label("times")).select_from(joined).where(within & repeated)
        return {str(row.vendor): int(row.times) for row in self._link.rows(query.group_by(VERDICTS.c.vendor))}

    def count(self) -> int:
        """How many posts are on record."""
        return int(self._link.rows(select(func.count()).select_from(POSTS))[0][0])

    def flush(self) -> None:
        """Write the readings that wait."""
        if not self._waiting:
            return
        readings, self._waiting = self._waiting, []
        for with_verdicts, some in groupby(readings, lambda reading: bool(reading.verdicts)):
            self._add_readings(list(some), with_verdicts=with_verdicts)
        self._link.run(_MARK_READ, [{"read_id": one.post_id, "read_version": one.version} for one in readings])

    def _add_readings(self, readings: Sequence[Reading], *, with_verdicts: bool) -> None:
        """In their order; only those with verdicts have to be asked for their numbers, one row at a time."""
        rows = [_reading_row(reading) for reading in readings]
        insert = self._link.insert(READINGS)
        if not with_verdicts:
            self._link.run(insert, rows)
            return
        ids = [row.id for row in self._link.rows(insert.returning(READINGS.c.id, sort_by_parameter_order=True), rows)]
        numbered = zip(ids, readings, strict=True)
        self._link.run(VERDICTS.insert(), [_verdict_row(key, one) for key, read in numbered for one in read.verdicts])


@cache
def _insert_new(insert: Insert) -> Executable:
    return insert(POSTS).on_conflict_do_nothing()


def _address(url: str | None) -> str | None:
    """What an address is looked up by: 128 bits of a hash of its canonical form."""
    return hashlib.sha256(canonical_url(url).encode()).hexdigest()[:32] if url else None


def _row(post: Post, *, unread: bool = True) -> dict[str, Any]:
    return {"id": post.id, "address": _address(post.url), "unread": unread, **values_of(post)}


def _post(row: Row[Any]) -> Post:
    return Post(*row[-len(_POST) :])


def _reading_row(reading: Reading) -> dict[str, Any]:
    row = values_of(reading)
    del row["verdicts"]
    return row


def _reading(row: Row[Any], verdicts: tuple[Verdict, ...]) -> Reading:
    return Reading(row.post_id, row.version, row.read_at, row.rules, verdicts, row.note)


def _verdict_row(reading_id: int, verdict: Verdict) -> dict[str, Any]:
    row = values_of(verdict)
    previous = row.pop("previous")
    row["previous"] = None if previous is None else snapshot.dump(previous)
    return {"reading_id": reading_id, **values_of(row.pop("statement")), **row}


def _verdict(row: Row[Any]) -> Verdict:
    _, change, reason, told, previous, joins, *statement = tuple(row)
    held = None if previous is None else snapshot.load(Stance, previous)
    return Verdict(Statement(*statement), change, reason, told=told, previous=held, joins=joins)
