from datetime import timedelta
from pathlib import Path

import pytest

from watcher.config.opml import Outline, load, parse, write
from watcher.core.errors import ConfigError
from watcher.core.source import Source, SourceKind, SourceType


def opml(body: str) -> bytes:
    return f'<opml version="1.0"><body>{body}</body></opml>'.encode()


def outline(url: str, title: str = "T") -> str:
    return f'<outline text="{title}" xmlUrl="{url}"/>'


def urls(data: bytes) -> list[str]:
    return [one.url for one in parse(data, "f").feeds]


def test_feeds_are_found_at_any_depth_each_once() -> None:
    body = (
        f"<outline text='a'>{outline('https://a.example/')}<outline>{outline('http://b.example/x')}</outline></outline>"
    )
    assert urls(opml(body + outline("https://a.example/"))) == ["https://a.example/", "http://b.example/x"]


def test_the_title_stands_before_the_text_and_is_one_short_line() -> None:
    [one] = parse(opml(f'<outline title=" A \n B {"x" * 500}" text="t" XMLURL="https://a.example/"/>'), "f").feeds
    assert one == Outline(f"A B {'x' * 196}", "https://a.example/")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/xml,x",
        "https:///nohost",
        "//a.example",
        "https://a b.example",
    ],
)
def test_other_addresses_are_left_out_by_name(url: str) -> None:
    found = parse(opml(outline(url, "Named") + outline("https://a.example/")), "f")
    assert (found.skipped, len(found.feeds)) == (("Named (no http address)",), 1)


def test_an_address_with_a_login_is_left_out_and_not_repeated() -> None:
    found = parse(opml(outline("https://me:hunter2@a.example/feed", "")), "f")
    assert (found.skipped, found.feeds) == (("an outline without a title (its address holds a login)",), ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_encodings_are_read(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><opml><body>{outline("https://a.example/", "Öffentlich")}</body></opml>'
    assert parse(text.encode(encoding), "f").feeds == (Outline("Öffentlich", "https://a.example/"),)


def test_a_bare_ampersand_costs_nothing_else() -> None:
    found = parse(opml(outline("https://a.example/?x&y=1", "R & D") + outline("https://b.example/", "T")), "f")
    assert found.feeds == (Outline("R & D", "https://a.example/?x&y=1"), Outline("T", "https://b.example/"))


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE o [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opml><body><outline text="&b;" xmlUrl="https://a.example"/></body></opml>',
        b'<!DOCTYPE opml [ <!ENTITY % x SYSTEM "file:///etc/passwd"> %x; ]><opml/>',
        '<!DOCTYPE o [<!ENTITY a "x">]><opml/>'.encode("utf-16"),
        b"<rss/>",
        b"",
        b"not xml at all",
        b"<html><body><outline xmlUrl='https://a.example/'/></body></html>",
        opml(outline("https://a.example/") * 10_001),
        b" " * 5_000_001,
    ],
)
def test_what_is_hostile_or_no_opml_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "list.opml"
    file.write_bytes(data)
    with pytest.raises(ConfigError):
        load(str(file))


def test_nesting_without_end_ends() -> None:
    deep = opml("<outline>" * 100_000)
    assert urls(deep) == []


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="must be readable"):
        load(str(tmp_path / "none"))


def test_what_is_written_is_read_back_without_logins_and_without_pages() -> None:
    feed = Source("a", SourceType.FEED, "https://u:p@a.example/f?x=1&y=2", SourceKind.NEWS, name='A "b" <c> & d')
    page = Source("b", SourceType.BLOG, "https://b.example/", SourceKind.NEWS, every=timedelta(hours=1))
    assert parse(write([feed, page], "All").encode(), "f").feeds == (
        Outline('A "b" <c> & d', "https://a.example/f?x=1&y=2"),
    )
