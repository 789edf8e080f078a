import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.conftest import Command
from tests.fetch.server import WebServer, text
from tests.fetch.test_discover import index
from tests.fetch.test_sitemap import HEAD, item

RSS = b"""<rss version="2.0"><channel><title>Acme &amp; Sons: news</title><item><title>We stop \x1b[31mselling</title>
<link>https://acme.example/1</link><pubDate>Mon, 08 Jun 2020 10:00:00 GMT</pubDate></item>
<item><title>No date here</title><link>https://acme.example/2</link></item></channel></rss>"""
FEEDS = """\
# mine
sources:
  - id: paper     # the first
    type: feed
    url: https://paper.example/feed/
    kind: news
"""
OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body><outline text="Faces">
<outline type="rss" text="The Paper" xmlUrl="http://www.paper.example/feed"/>
<outline type="rss" text="AT&T news" xmlUrl="https://att.example/rss?a=1&amp;b=2"/>
<outline type="rss" text="Bad" xmlUrl="javascript:alert(1)"/><outline text="A folder"/>
<outline type="rss" xmlUrl="https://att.example/rss?a=1&amp;b=2"/>
<outline type="rss" text="" xmlUrl="https://untitled.example/atom"/></outline></body></opml>"""


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch, command: Command) -> Iterator[WebServer]:
    """A server on this machine, which the settings allow; after ``command``, which clears them."""
    del command
    monkeypatch.setenv("WATCHER_ALLOW_PRIVATE_HOSTS", "true")
    with WebServer() as server:
        yield server


def written(*paths: str) -> str:
    return Path(*(paths or ("feeds.yaml",))).read_text("utf-8")


def test_a_feed_is_shown_and_added_and_the_file_keeps_its_comments(web: WebServer, command: Command) -> None:
    web.pages["/feed"] = text(RSS)
    Path("feeds.yaml").write_text(FEEDS)
    ended = command("sources", "add", web.url("/feed"))
    assert (ended.status, ended.err) == (0, "")
    assert "2020-06-08  We stop" in ended.out
    assert "no date     No date here" in ended.out
    assert "\x1b" not in ended.out
    assert written() == FEEDS + (
        f'  - id: acme-sons-news\n    type: feed\n    url: {web.url("/feed")}\n    name: "Acme & Sons: news"\n    kind: news\n'
    )


def test_a_vendor_is_named_by_any_of_its_names_and_speaks_for_itself(web: WebServer, command: Command) -> None:
    web.pages["/feed"] = text(RSS)
    ended = command(
        *("sources", "add", web.url("/feed"), "--vendor", "Microsoft", "--id", "ms", "--name", "MS", "--every", "15m"),
        *("--full-text", "always", "--language", "de", "--feeds", "other.yaml"),
    )
    assert ended.status == 0
    assert written("other.yaml").endswith(
        f"sources:\n  - id: ms\n    type: feed\n    url: {web.url('/feed')}\n    name: MS\n    kind: vendor\n"
        "    vendor: microsoft\n    every: 15m\n    full_text: always\n    language: de\n"
    )
    assert command("--verbose", "check", "--feeds", "other.yaml").status == 0


def test_a_dry_run_shows_the_lines_and_writes_nothing(web: WebServer, command: Command) -> None:
    web.pages["/feed"] = text(RSS)
    ended = command("sources", "add", web.url("/feed"), "--dry-run")
    assert ended.status == 0
    assert "sources:\n  - id: acme-sons-news\n" in ended.out
    assert not Path("feeds.yaml").exists()


def test_programs_get_what_was_found_as_an_object(web: WebServer, command: Command) -> None:
    web.pages["/feed"] = text(RSS)
    ended = command("sources", "add", web.url("/feed"), "--format", "jsonl")
    line = json.loads(ended.out)
    assert (line["id"], line["type"], line["written"], len(line["entries"])) == ("acme-sons-news", "feed", True, 2)
    assert line["entries"][0]["published"] == "2020-06-08T10:00:00+00:00"


def test_a_document_needs_the_vendor_whose_voice_it_is(web: WebServer, command: Command) -> None:
    web.pages["/terms"] = text(b"<h1>Terms of use</h1><p>You must not identify people.</p>")
    refused = command("sources", "add", web.url("/terms"), "--type", "policy")
    assert (refused.status, "--vendor is missing" in refused.err) == (2, True)
    ended = command("sources", "add", web.url("/terms"), "--type", "policy", "--vendor", "amazon", "--selector", "p")
    assert ended.status == 0
    assert "You must not identify people." in ended.out
    assert "    type: policy\n" in written()
    assert "    selector: p\n" in written()


@pytest.mark.parametrize("url", ["https://paper.example/feed/", "http://www.paper.example/feed", "paper.example/feed"])
def test_what_is_watched_already_is_not_added_twice(url: str, command: Command) -> None:
    Path("feeds.yaml").write_text(FEEDS)
    ended = command("sources", "add", url)
    assert (ended.status, "that is watched already, as paper" in ended.err) == (2, True)
    assert written() == FEEDS


def test_where_nothing_is_found_what_was_tried_is_told(web: WebServer, command: Command) -> None:
    web.pages["/"] = text(b"<p>Hello</p>")
    ended = command("sources", "add", web.url("/"))
    assert (ended.status, ended.out) == (1, "")
    assert f"nothing at {web.url('/')} that can be watched was found; tried:" in ended.err
    assert web.url("/rss.xml") in ended.err
    assert not Path("feeds.yaml").exists()


def test_private_addresses_are_refused(command: Command) -> None:
    with WebServer() as web:
        web.pages["/feed"] = text(RSS)
        ended = command("sources", "add", web.url("/feed"))
    assert ended.status == 1
    assert "unsafe" in ended.err
    assert not web.asked


def test_a_file_with_faults_is_left_as_it_is(web: WebServer, command: Command) -> None:
    web.pages["/feed"] = text(RSS)
    Path("feeds.yaml").write_text(FEEDS + "    evry: 15m\n")
    ended = command("sources", "add", web.url("/feed"))
    assert (ended.status, 'did you mean "every"?' in ended.err) == (2, True)
    assert not web.asked


def test_opml_adds_what_is_not_there_and_names_what_it_leaves_out(command: Command) -> None:
    Path("feeds.yaml").write_text(FEEDS)
    Path("list.opml").write_text(OPML)
    ended = command("sources", "import", "list.opml", "--kind", "advocacy")
    assert ended.status == 0
    assert ended.out == (
        "Watched already: The Paper\nLeft out: Bad (no http address)\n2 sources added to feeds.yaml.\n"
    )
    assert written() == FEEDS + (
        "  - id: at-t-news\n    type: feed\n    url: https://att.example/rss?a=1&b=2\n    name: AT&T news\n    kind: advocacy\n"
        "  - id: untitled-example\n    type: feed\n    url: https://untitled.example/atom\n    kind: advocacy\n"
    )
    again = command("sources", "import", "list.opml")
    assert (again.status, again.out.splitlines()[-1]) == (0, "0 sources added to feeds.yaml.")


def test_an_export_names_each_feed_once_and_comes_back_as_it_went(command: Command) -> None:
    Path("feeds.yaml").write_text(
        FEEDS
        + "    name: The <Paper> & \"Sons\"\n  - {id: x, type: feed, url: 'https://me:secret@x.example/feed', kind: news}\n"
        "  - {id: b, type: blog, url: 'https://b.example/', kind: news}\n"
    )
    ended = command("sources", "export")
    assert (ended.status, ended.err) == (0, "left out, since OPML names feeds only: b\n")
    assert "secret" not in ended.out
    Path("out.opml").write_text(ended.out)
    back = command("sources", "import", "out.opml", "--feeds", "back.yaml")
    assert back.out == "2 sources added to back.yaml.\n"
    assert 'name: "The <Paper> & \\"Sons\\""' in written("back.yaml")
    assert command("sources", "export", "--output", "file.opml").out == ""
    assert written("file.opml") == ended.out


def test_a_vendor_s_feeds_do_not_come_in_without_their_vendor(command: Command) -> None:
    ended = command("sources", "import", "list.opml", "--kind", "vendor")
    assert (ended.status, "sources add --vendor" in ended.err) == (2, True)


def test_the_file_may_be_named_before_the_command(command: Command) -> None:
    Path("mine.yaml").write_text(FEEDS)
    ended = command("sources", "--feeds", "mine.yaml", "export")
    assert (ended.status, "paper.example" in ended.out) == (0, True)


def test_a_secret_of_a_source_goes_to_its_server_and_nowhere_else(
    web: WebServer, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.pages["/feed"] = text(RSS)
    Path("feeds.yaml").write_text(
        f"sources:\n  - id: paper\n    type: feed\n    url: {web.url('/feed')}\n    kind: news\n"
        "    headers:\n      X-Key: ${WATCHER_SOURCE_PAPER}\n"
    )
    missing = command("poll")
    assert (missing.status, missing.out) == (2, "")
    assert "WATCHER_SOURCE_PAPER: is missing; the source paper names it under headers" in missing.err
    monkeypatch.setenv("WATCHER_SOURCE_PAPER", "hunter2")
    ended = [
        command("--verbose", "poll", "--all"),
        command("sources", "--format", "json"),
        command("sources", "export"),
    ]
    assert [one.status for one in ended] == [0, 0, 0]
    assert [headers["x-key"] for _, headers in web.asked] == ["hunter2"]
    assert not [one for one in ended if "hunter2" in one.out + one.err]
    assert not [file for file in Path().iterdir() if b"hunter2" in file.read_bytes()]


def test_an_index_of_sitemaps_is_added_and_polled_like_a_feed(web: WebServer, command: Command) -> None:
    web.pages["/map"] = text(index([web.url("/pages-1"), web.url("/news-1")]))
    web.pages["/pages-1"] = text(b"<urlset><url><loc>https://paper.example/a</loc></url></urlset>")
    web.pages["/news-1"] = text((HEAD + item("Shops and faces") + "</urlset>").encode())
    added = command("sources", "add", web.url("/map"))
    assert (added.status, "Shops and faces" in added.out) == (0, True)
    assert f"url: {web.url('/map')}\n" in written()
    polled = [json.loads(command("poll", "--all", "--format", "json").out) for _ in range(2)]
    assert [(one["new_posts"], one["failed"]) for one in polled] == [(1, []), (0, [])]


def test_an_address_with_a_password_is_not_taken_into_the_file(command: Command) -> None:
    ended = command("sources", "add", "https://me:hunter2@paper.example/feed")
    assert (ended.status, "under auth" in ended.err, "hunter2" in ended.err) == (2, True, False)


def test_a_feed_behind_a_login_is_tested_with_it(
    web: WebServer, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.pages["/feed"] = lambda request: text(RSS)(request) if request.headers["Authorization"] else request.reply(401)
    assert command("sources", "add", web.url("/feed")).status == 1
    missing = command("sources", "add", web.url("/feed"), "--auth", "WATCHER_SOURCE_PAPER")
    assert (missing.status, "WATCHER_SOURCE_PAPER: is missing" in missing.err) == (2, True)
    monkeypatch.setenv("WATCHER_SOURCE_PAPER", "me:hunter2")
    ended = command("sources", "add", web.url("/feed"), "--auth", "WATCHER_SOURCE_PAPER")
    assert (ended.status, "hunter2" in ended.out + ended.err + written()) == (0, False)
    assert written().endswith("    auth: WATCHER_SOURCE_PAPER\n")
    monkeypatch.setenv("WATCHER_SOURCE_PAPER", "hunter2")
    assert command("sources", "add", web.url("/feed?b"), "--auth", "WATCHER_SOURCE_PAPER").status == 2


def test_check_names_a_selector_that_cannot_be_read(command: Command) -> None:
    Path("feeds.yaml").write_text(FEEDS.replace("type: feed", "type: blog") + "    selector: a:hover\n")
    ended = command("check")
    assert (ended.status, "feeds.yaml: selector (paper): a CSS selector" in ended.err) == (2, True)
