import gzip
import threading
import time
from collections.abc import Callable
from email.utils import format_datetime
from hashlib import sha256

import pytest

from tests.fetch.conftest import NOW
from tests.fetch.server import Handler, WebServer, drip, endless, hang, redirect, reset, short, status, text
from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.source import HttpState, Source, SourceKind, SourceType
from watcher.fetch.download import Downloader, Settings
from watcher.fetch.parserpool import ParserPool
from watcher.usecases.ports import Fetched, FetchRequest, Parsed

Make = Callable[..., Downloader]
NEWS = SourceKind.NEWS


def ask(fetcher: Downloader, url: str, http: HttpState | None = None) -> Fetched:
    [answer] = fetcher.fetch([FetchRequest("k", url, http or HttpState())])
    assert answer is not None
    return answer


def trouble(answer: Fetched) -> tuple[FetchTrouble, str]:
    assert isinstance(answer.error, FetchError)
    return answer.error.trouble, answer.error.detail


class TestConditional:
    def test_a_body_comes_with_what_the_next_request_needs(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = text(b"<rss/>", etag='"1"', last_modified="Wed, 10 Jun 2026 08:00:00 GMT")
        answer = ask(downloader(), web.url("/feed"))
        assert (answer.status, answer.body, answer.error, answer.not_modified) == (200, b"<rss/>", None, False)
        assert answer.http == HttpState(
            '"1"', "Wed, 10 Jun 2026 08:00:00 GMT", body_sha256=sha256(b"<rss/>").hexdigest()
        )

    def test_an_etag_is_sent_back_and_answered_304(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = text(b"<rss/>", etag='"1"')
        known = HttpState('"1"', body_sha256="0" * 64)
        answer = ask(downloader(), web.url("/feed"), known)
        assert web.asked[0][1]["if-none-match"] == '"1"'
        assert (answer.status, answer.not_modified, answer.body, answer.http) == (304, True, b"", known)

    def test_a_last_modified_is_sent_back_and_answered_304(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = text(b"<rss/>", last_modified="Wed, 10 Jun 2026 08:00:00 GMT")
        answer = ask(downloader(), web.url("/feed"), HttpState(last_modified="Wed, 10 Jun 2026 08:00:00 GMT"))
        assert answer.not_modified

    def test_a_known_body_is_not_handed_on_though_the_server_sends_it(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = text(b"<rss/>")
        answer = ask(downloader(), web.url("/feed"), HttpState(body_sha256=sha256(b"<rss/>").hexdigest()))
        assert (answer.status, answer.not_modified, answer.body) == (200, True, b"")

    def test_304_to_a_plain_request_is_the_servers_fault(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = status(304)
        assert trouble(ask(downloader(), web.url("/feed")))[0] is FetchTrouble.SERVER

    def test_a_body_may_come_packed(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = text(gzip.compress(b"<rss/>"), content_encoding="gzip")
        answer = ask(downloader(), web.url("/feed"))
        assert answer.body == b"<rss/>"
        assert web.asked[0][1]["accept-encoding"] == "gzip"

    def test_max_age_is_the_servers_wish(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = text(b"<rss/>", cache_control="public, max-age=600", age="100")
        assert ask(downloader(), web.url("/feed")).ttl == 500

    def test_no_cache_is_no_wish(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = text(b"<rss/>", cache_control="no-cache, max-age=600")
        assert ask(downloader(), web.url("/feed")).ttl is None

    def test_the_user_agent_says_who_asks_and_whom_to_write_to(self, web: WebServer, downloader: Make) -> None:
        ask(downloader(contact="https://example.org/bot"), web.url("/feed"))
        assert web.asked[0][1]["user-agent"] == "watcher/0.1 (feed and page watcher; +https://example.org/bot)"


class TestStatuses:
    @pytest.mark.parametrize(
        ("code", "kind", "transient"),
        [
            (400, FetchTrouble.BLOCKED, True),
            (401, FetchTrouble.BLOCKED, True),
            (403, FetchTrouble.BLOCKED, True),
            (451, FetchTrouble.BLOCKED, False),
            (404, FetchTrouble.GONE, True),
            (410, FetchTrouble.GONE, False),
            (408, FetchTrouble.TIMEOUT, True),
            (429, FetchTrouble.THROTTLED, True),
            (500, FetchTrouble.SERVER, True),
            (503, FetchTrouble.SERVER, True),
            (522, FetchTrouble.SERVER, True),
            (999, FetchTrouble.BLOCKED, True),
        ],
    )
    def test_a_status_has_its_kind_of_trouble(
        self, web: WebServer, downloader: Make, code: int, kind: FetchTrouble, *, transient: bool
    ) -> None:
        web.pages["/feed"] = status(code)
        answer = ask(downloader(), web.url("/feed"))
        assert answer.error
        assert (answer.error.trouble, answer.error.status, answer.error.transient) == (kind, code, transient)
        assert trouble(answer)[1] == f"127.0.0.1:{web.port} answered {code}"

    def test_an_error_keeps_the_validators_on_record(self, web: WebServer, downloader: Make) -> None:
        known = HttpState('"1"', body_sha256="0" * 64)
        assert ask(downloader(), web.url("/none"), known).http == known

    def test_a_cloudflare_challenge_is_a_block_even_as_503(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = status(503, cf_mitigated="challenge")
        assert trouble(ask(downloader(), web.url("/feed")))[0] is FetchTrouble.BLOCKED

    def test_retry_after_in_seconds(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = status(429, retry_after="30")
        answer = ask(downloader(), web.url("/feed"))
        assert answer.error
        assert (answer.error.retry_after, answer.ttl) == (30, 30)

    def test_retry_after_as_a_date_counts_from_the_servers_own_clock(self, web: WebServer, downloader: Make) -> None:
        def page(request: Handler) -> None:
            request.send_response_only(503)
            request.send_header("Date", "Tue, 01 Jan 2030 00:00:00 GMT")
            request.send_header("Retry-After", "Tue, 01 Jan 2030 00:01:30 GMT")
            request.send_header("Content-Length", "0")
            request.end_headers()

        web.pages["/feed"] = page
        answer = ask(downloader(), web.url("/feed"))
        assert answer.error
        assert (answer.error.trouble, answer.error.retry_after) == (FetchTrouble.THROTTLED, 90)

    def test_retry_after_as_a_date_without_the_servers_clock_counts_from_ours(
        self, web: WebServer, downloader: Make
    ) -> None:
        def page(request: Handler) -> None:
            request.send_response_only(429)
            request.send_header("Retry-After", format_datetime(NOW.replace(minute=2), usegmt=True))
            request.send_header("Content-Length", "0")
            request.end_headers()

        web.pages["/feed"] = page
        answer = ask(downloader(), web.url("/feed"))
        assert answer.error
        assert answer.error.retry_after == 120

    def test_a_retry_after_that_cannot_be_read_is_none(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = status(429, retry_after="soon")
        answer = ask(downloader(), web.url("/feed"))
        assert answer.error
        assert answer.error.retry_after is None


class TestRedirects:
    def test_relative_redirects_are_followed(self, web: WebServer, downloader: Make) -> None:
        web.pages |= {"/a": redirect(302, "b?x=1"), "/b?x=1": text(b"here")}
        answer = ask(downloader(), web.url("/a"))
        assert (answer.body, answer.final_url, answer.url) == (b"here", web.url("/b?x=1"), web.url("/a"))

    def test_permanent_ones_are_counted_while_the_target_stays_the_same(self, web: WebServer, downloader: Make) -> None:
        web.pages |= {"/a": redirect(301, "/b"), "/b": redirect(308, "/c"), "/c": text(b"here", etag='"1"')}
        fetcher, http = downloader(), HttpState()
        for _ in range(3):
            http = ask(fetcher, web.url("/a"), http).http
        assert (http.moved_to, http.moved_seen) == (web.url("/c"), 3)
        web.pages |= {"/a": redirect(301, "/d"), "/d": text(b"there")}
        http = ask(fetcher, web.url("/a"), http).http
        assert (http.moved_to, http.moved_seen) == (web.url("/d"), 1)

    @pytest.mark.parametrize("code", [302, 303, 307])
    def test_one_temporary_hop_and_nothing_has_moved(self, web: WebServer, downloader: Make, code: int) -> None:
        web.pages |= {"/a": redirect(301, "/b"), "/b": redirect(code, "/c"), "/c": text(b"here")}
        http = ask(downloader(), web.url("/a"), HttpState(moved_to=web.url("/c"), moved_seen=2)).http
        assert (http.moved_to, http.moved_seen) == (None, 0)

    def test_a_circle_is_told(self, web: WebServer, downloader: Make) -> None:
        web.pages |= {"/a": redirect(302, "/b"), "/b": redirect(302, "/a")}
        assert trouble(ask(downloader(), web.url("/a"))) == (
            FetchTrouble.REDIRECTS,
            f"127.0.0.1:{web.port} redirects in a circle",
        )

    def test_a_chain_has_an_end(self, web: WebServer, downloader: Make) -> None:
        web.pages |= {f"/{number}": redirect(302, f"/{number + 1}") for number in range(10)}
        assert trouble(ask(downloader(max_redirects=3), web.url("/0"))) == (
            FetchTrouble.REDIRECTS,
            "more than 3 redirects",
        )
        assert web.paths == ["/0", "/1", "/2", "/3"]

    def test_no_redirect_leads_to_a_file(self, web: WebServer, downloader: Make) -> None:
        web.pages["/a"] = redirect(302, "file:///etc/passwd")
        assert trouble(ask(downloader(), web.url("/a")))[0] is FetchTrouble.UNSAFE

    def test_no_redirect_leads_to_a_private_address(
        self, web: WebServer, downloader: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # For this test 127.0.0.1 is the public internet, and the rest of this machine is not.
        monkeypatch.setattr("watcher.fetch.slot.is_public", lambda address: address == "127.0.0.1")
        web.pages["/a"] = redirect(302, web.url("/secret", host="127.0.0.2"))
        assert trouble(ask(downloader(allow_private=False), web.url("/a"))) == (
            FetchTrouble.UNSAFE,
            f"127.0.0.2:{web.port} leads to 127.0.0.2, which is not public",
        )
        assert web.paths == ["/a"]

    def test_the_body_of_a_redirect_is_not_waited_for(self, web: WebServer, downloader: Make) -> None:
        def page(request: Handler) -> None:
            request.send_response(302)
            request.send_header("Location", "/b")
            request.end_headers()
            request.close_connection = True
            while request.send(b"x" * 1024):
                pass

        web.pages |= {"/a": page, "/b": text(b"here")}
        assert ask(downloader(), web.url("/a")).body == b"here"


class TestSafety:
    @pytest.mark.parametrize(
        "host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "0", "[::1]", "[::ffff:127.0.0.1]"]
    )
    def test_no_name_leads_to_this_machine(self, web: WebServer, downloader: Make, host: str) -> None:
        answer = ask(downloader(allow_private=False), web.url("/feed", host))
        assert trouble(answer)[0] is FetchTrouble.UNSAFE
        assert answer.error
        assert not answer.error.transient
        assert web.asked == []

    @pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "feed", ""])
    def test_only_http_is_asked(self, downloader: Make, url: str) -> None:
        assert trouble(ask(downloader(), url))[0] is FetchTrouble.UNSAFE

    def test_the_environments_proxy_is_not_used(
        self, web: WebServer, downloader: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
        web.pages["/feed"] = text(b"<rss/>")
        assert ask(downloader(), web.url("/feed")).body == b"<rss/>"

    def test_a_configured_proxy_is_used(self, web: WebServer, downloader: Make) -> None:
        web.pages["http://example.invalid/feed"] = text(b"<rss/>")
        assert ask(downloader(proxy=web.url("")), "http://example.invalid/feed").body == b"<rss/>"

    def test_no_login_is_shown(self, web: WebServer, downloader: Make) -> None:
        web.pages |= {"/feed": text(b"<rss/>"), "/a": redirect(301, "/feed")}
        secret = web.url("/a", "user:hunter2@127.0.0.1")
        answer = ask(downloader(), secret)
        assert web.asked[0][1]["authorization"].startswith("Basic ")
        assert answer.body == b"<rss/>"
        assert "hunter2" not in f"{answer.final_url} {answer.http}"
        for url in (web.url("/none", "user:hunter2@127.0.0.1"), "http://user:hunter2@example.invalid/"):
            assert "hunter2" not in str(ask(downloader(), url).error)

    def test_no_proxy_password_is_shown(self) -> None:
        assert "hunter2" not in repr(Settings(proxy="http://user:hunter2@proxy.example"))


class TestHostileServers:
    def test_a_bomb_is_cut_while_it_unpacks(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = text(gzip.compress(bytes(30_000_000)), content_encoding="gzip")
        assert trouble(ask(downloader(max_decoded_bytes=1024 * 1024), web.url("/feed"))) == (
            FetchTrouble.TOO_LARGE,
            f"127.0.0.1:{web.port} sent more than 1 MiB once unpacked",
        )

    def test_an_endless_body_is_cut(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = endless()
        assert trouble(ask(downloader(max_bytes=100 * 1024), web.url("/feed"))) == (
            FetchTrouble.TOO_LARGE,
            f"127.0.0.1:{web.port} sent more than 100 KiB",
        )

    def test_an_endless_body_that_unpacks_to_nothing_is_cut(self, web: WebServer, downloader: Make) -> None:
        nothing = gzip.compress(b"")
        web.pages["/feed"] = endless(nothing * 100, content_encoding="gzip")
        assert ask(downloader(max_bytes=100 * 1024), web.url("/feed")).error

    @pytest.mark.parametrize("packed", [True, False])
    def test_no_more_is_taken_than_is_wanted(self, web: WebServer, downloader: Make, packed: bool) -> None:
        body, coding = (gzip.compress(bytes(30_000_000)), "gzip") if packed else (b"x" * 1024, "identity")
        web.pages["/feed"] = endless(body, content_encoding=coding)
        asking = downloader(max_decoded_bytes=1024 * 1024)
        requests = [FetchRequest("k", web.url("/feed"), enough=100_000) for _ in range(2)]
        answers = [answer for answer in asking.fetch(requests) if answer]
        assert [(answer.error, answer.status) for answer in answers] == [(None, 200)] * 2
        assert all(100_000 <= len(answer.body) < 200_000 for answer in answers)

    def test_an_announced_length_is_believed_when_it_is_too_large(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = status(200, Content_Length=str(10**9))
        assert trouble(ask(downloader(), web.url("/feed")))[0] is FetchTrouble.TOO_LARGE

    def test_a_hung_server_meets_the_deadline(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = hang
        assert trouble(ask(downloader(total_timeout=0.3), web.url("/feed"))) == (
            FetchTrouble.TIMEOUT,
            f"127.0.0.1:{web.port} sent no whole answer in time (1 s)",
        )

    def test_a_slow_drip_meets_the_deadline(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = drip
        assert trouble(ask(downloader(total_timeout=0.5), web.url("/feed")))[0] is FetchTrouble.TIMEOUT

    def test_a_slow_drip_is_cut_before_the_deadline(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = drip
        start = time.monotonic()
        answer = ask(downloader(total_timeout=60, low_speed=1000, low_speed_time=1), web.url("/feed"))
        assert trouble(answer)[0] is FetchTrouble.TIMEOUT
        assert time.monotonic() - start < 20

    def test_redirects_share_one_deadline(self, web: WebServer, downloader: Make) -> None:
        def slow(request: Handler) -> None:
            request.server.web.stopping.wait(0.3)
            request.reply(302, b"", {"Location": f"{request.path}x"})

        web.default = slow
        answer = ask(downloader(total_timeout=0.8, max_redirects=50), web.url("/a"))
        assert trouble(answer)[0] is FetchTrouble.TIMEOUT
        assert len(web.asked) <= 4

    def test_a_reset_connection(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = reset
        assert trouble(ask(downloader(), web.url("/feed")))[0] is FetchTrouble.NETWORK

    def test_what_is_no_http(self, web: WebServer, downloader: Make) -> None:
        def page(request: Handler) -> None:
            request.send(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
            request.close_connection = True

        web.pages["/feed"] = page
        assert trouble(ask(downloader(), web.url("/feed"))) == (
            FetchTrouble.UNREADABLE,
            f"127.0.0.1:{web.port} does not answer in HTTP",
        )

    def test_less_than_announced_is_no_answer(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = short
        assert trouble(ask(downloader(), web.url("/feed"))) == (
            FetchTrouble.NETWORK,
            f"127.0.0.1:{web.port} sent less than it announced",
        )

    def test_a_body_that_is_not_packed_as_it_says(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = text(b"<rss/>", content_encoding="gzip")
        assert trouble(ask(downloader(), web.url("/feed")))[0] is FetchTrouble.UNREADABLE

    def test_a_body_of_several_members_is_read_as_one(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = text(gzip.compress(b"<rss>") + gzip.compress(b"</rss>"), content_encoding="gzip")
        assert ask(downloader(), web.url("/feed")).body == b"<rss></rss>"

    def test_the_cap_holds_over_all_members(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = text(gzip.compress(bytes(100_000)) * 20, content_encoding="gzip")
        assert trouble(ask(downloader(max_decoded_bytes=1024 * 1024), web.url("/feed"))) == (
            FetchTrouble.TOO_LARGE,
            f"127.0.0.1:{web.port} sent more than 1 MiB once unpacked",
        )

    @pytest.mark.parametrize("coding", ["br", "zstd", "compress"])
    def test_a_packing_that_was_not_asked_for_is_named(self, web: WebServer, downloader: Make, coding: str) -> None:
        web.pages["/feed"] = text(b"\x0b\x02\x80<rss/>\x03", content_encoding=coding)
        assert trouble(ask(downloader(), web.url("/feed"))) == (
            FetchTrouble.UNREADABLE,
            f"127.0.0.1:{web.port} sent a body that is packed as {coding}, which was not asked for",
        )

    def test_a_packed_body_that_breaks_off_is_not_taken_for_the_whole(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = text(gzip.compress(bytes(range(256)) * 40)[:-20], content_encoding="gzip")
        assert trouble(ask(downloader(), web.url("/feed"))) == (
            FetchTrouble.UNREADABLE,
            f"127.0.0.1:{web.port} sent a packed body that breaks off",
        )

    def test_a_name_that_does_not_resolve(self, downloader: Make) -> None:
        assert trouble(ask(downloader(), "http://nowhere.invalid/feed")) == (
            FetchTrouble.NETWORK,
            "the name nowhere.invalid could not be resolved",
        )

    def test_nobody_listens(self, downloader: Make) -> None:
        assert trouble(ask(downloader(), "http://127.0.0.1:1/")) == (
            FetchTrouble.NETWORK,
            "127.0.0.1:1 could not be connected to",
        )

    def test_no_tls_where_it_was_asked_for(self, web: WebServer, downloader: Make) -> None:
        kind, detail = trouble(ask(downloader(), web.url("/").replace("http:", "https:")))
        assert kind is FetchTrouble.NETWORK
        assert detail.startswith(f"no secure connection to 127.0.0.1:{web.port}: ")

    def test_bad_servers_cost_the_good_ones_nothing(self, web: WebServer, downloader: Make) -> None:
        web.pages |= {"/hang": hang, "/drip": drip, "/endless": endless(), "/reset": reset, "/good": text(b"<rss/>")}
        requests = [FetchRequest(path, web.url(path)) for path in ("/hang", "/drip", "/endless", "/reset")]
        requests += [FetchRequest(f"good{number}", web.url("/good")) for number in range(20)]
        answers = [answer for answer in downloader(total_timeout=1.5).fetch(requests) if answer]
        good = [answer.key for answer in answers if answer.body == b"<rss/>"]
        assert len(answers) == 24
        assert len(good) == 20
        assert {answer.key for answer in answers[-2:]} == {"/hang", "/drip"}


class TestManners:
    def test_few_at_once_on_one_host(self, web: WebServer, downloader: Make) -> None:
        def page(request: Handler) -> None:
            request.server.web.stopping.wait(0.03)
            request.reply(200, b"x")

        web.default = page
        requests = [FetchRequest(str(number), web.url(f"/{number}")) for number in range(10)]
        assert len(list(downloader(per_host=2).fetch(requests))) == 10
        assert web.most_open == 2

    def test_a_gap_between_two_requests_to_one_host(self, web: WebServer, downloader: Make) -> None:
        fetcher = downloader(gap=0.1)
        requests = [FetchRequest(str(number), web.url(f"/{number}")) for number in range(3)]
        list(fetcher.fetch(requests[:2]))
        list(fetcher.fetch(requests[2:]))
        gaps = [later - earlier for earlier, later in zip(web.times, web.times[1:], strict=False)]
        assert len(gaps) == 2
        assert min(gaps) > 0.08

    def test_a_busy_host_holds_up_no_other(self, web: WebServer, downloader: Make) -> None:
        web.pages |= {"/hang": hang, "/good": text(b"x")}
        with WebServer() as other:
            other.pages["/good"] = text(b"x")
            requests = [FetchRequest(f"slow{number}", web.url("/hang")) for number in range(3)]
            requests.append(FetchRequest("good", other.url("/good")))
            answers = downloader(per_host=1, concurrency=2, total_timeout=0.5).fetch(requests)
            first = next(answers)
            assert first
            assert first.key == "good"
            assert len(list(answers)) == 3

    def test_a_host_that_asks_for_a_pause_is_spared_for_the_rest_of_the_call(
        self, web: WebServer, downloader: Make
    ) -> None:
        web.default = status(429, retry_after="7")
        requests = [FetchRequest(str(number), web.url(f"/{number}")) for number in range(5)]
        answers = [answer for answer in downloader(per_host=1).fetch(requests) if answer]
        assert [answer.error.retry_after for answer in answers if answer.error] == [7] * 5
        assert web.paths == ["/0"]
        assert trouble(answers[4])[1] == f"not asked, since 127.0.0.1:{web.port} answered 429 to another request"

    def test_a_redirect_to_a_spared_host_is_not_followed(self, web: WebServer, downloader: Make) -> None:
        with WebServer() as other:
            other.pages["/a"] = status(429)
            started = threading.Event()

            def page(request: Handler) -> None:
                started.wait(5)
                request.reply(302, b"", {"Location": other.url("/b")})

            web.pages["/a"] = page
            requests = [FetchRequest("there", other.url("/a")), FetchRequest("here", web.url("/a"))]
            answers = downloader().fetch(requests)
            next(answers)
            started.set()
            last = next(answers)
            assert last
            assert trouble(last)[0] is FetchTrouble.THROTTLED
            assert other.paths == ["/a"]


class TestCalls:
    def test_every_request_has_one_answer(self, web: WebServer, downloader: Make) -> None:
        web.default = text(b"x", etag='"1"')
        requests = [FetchRequest(str(number), web.url(f"/{number}")) for number in range(300)]
        fetcher = downloader()
        for _ in range(2):
            assert sorted(answer.key for answer in fetcher.fetch(requests) if answer) == sorted(map(str, range(300)))

    def test_no_requests_no_answers(self, downloader: Make) -> None:
        assert list(downloader().fetch([])) == []

    def test_none_comes_while_nothing_else_does(self, web: WebServer, downloader: Make) -> None:
        release = threading.Event()

        def page(request: Handler) -> None:
            release.wait(10)
            request.reply(200, b"late")

        web.pages |= {"/late": page, "/good": text(b"x")}
        requests = [FetchRequest("late", web.url("/late")), FetchRequest("good", web.url("/good"))]
        answers = downloader(total_timeout=10).fetch(requests, idle=0.05)
        while (answer := next(answers)) is None:
            pass
        assert answer.key == "good"
        assert next(answers) is None
        assert next(answers) is None
        release.set()
        assert [answer.key for answer in answers if answer] == ["late"]

    def test_a_call_within_a_call(self, web: WebServer, downloader: Make) -> None:
        web.default = text(b"x")
        fetcher = downloader()
        outer = fetcher.fetch([FetchRequest(str(number), web.url(f"/{number}")) for number in range(5)])
        next(outer)
        assert ask(fetcher, web.url("/inner")).body == b"x"
        assert len(list(outer)) == 4

    def test_closing_the_call_ends_what_is_on_its_way(self, web: WebServer, downloader: Make) -> None:
        web.pages |= {"/hang": hang, "/good": text(b"x")}
        fetcher = downloader(total_timeout=60)
        answers = fetcher.fetch([FetchRequest("good", web.url("/good")), FetchRequest("hang", web.url("/hang"))])
        next(answers)
        answers.close()
        assert not [thread for thread in threading.enumerate() if thread.name == "fetch"]
        assert ask(fetcher, web.url("/good")).body == b"x"

    def test_an_interrupt_in_the_caller_ends_the_call(self, web: WebServer, downloader: Make) -> None:
        web.pages["/hang"] = hang
        answers = downloader(total_timeout=60).fetch([FetchRequest("hang", web.url("/hang"))], idle=0.01)
        next(answers)
        with pytest.raises(KeyboardInterrupt):
            answers.throw(KeyboardInterrupt())
        assert not [thread for thread in threading.enumerate() if thread.name == "fetch"]

    def test_fetching_goes_on_while_the_caller_is_busy(self, web: WebServer, downloader: Make) -> None:
        web.default = text(b"x")
        answers = downloader().fetch([FetchRequest(str(number), web.url(f"/{number}")) for number in range(50)])
        next(answers)
        deadline = time.monotonic() + 10
        while len(web.asked) < 50 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(web.asked) == 50
        assert len(list(answers)) == 49

    def test_what_waits_for_the_caller_is_bounded(self, web: WebServer, downloader: Make) -> None:
        web.default = text(b"x" * 10_000)
        fetcher = downloader(buffered_bytes=50_000, concurrency=2)
        answers = fetcher.fetch([FetchRequest(str(number), web.url(f"/{number}")) for number in range(100)])
        next(answers)
        time.sleep(0.3)
        assert len(web.asked) <= 10
        assert len(list(answers)) == 99

    def test_connections_are_used_again(self, web: WebServer, downloader: Make) -> None:
        ports: set[int] = set()

        def page(request: Handler) -> None:
            ports.add(request.client_address[1])
            request.reply(200, b"x")

        web.default = page
        fetcher = downloader(per_host=1)
        for _ in range(2):
            list(fetcher.fetch([FetchRequest(str(number), web.url(f"/{number}")) for number in range(10)]))
        assert len(ports) == 1

    def test_addresses_are_escaped(self, web: WebServer, downloader: Make) -> None:
        web.pages["/a%20b?q=%C3%BC"] = text(b"x")
        assert ask(downloader(), web.url("/a b?q=ü#part")).body == b"x"

    def test_a_bug_in_the_thread_reaches_the_caller(self, downloader: Make) -> None:
        with pytest.raises(AttributeError):
            list(downloader().fetch([FetchRequest("k", None)]))  # type: ignore[arg-type]  # a caller's mistake


RSS = b"<rss version='2.0'><channel><title>News</title><item><title>One</title></item></channel></rss>"


class TestReadingApart:
    """Bodies that are large, or more than the caller keeps up with, come back read."""

    def test_a_caller_who_is_slow_gets_most_answers_read(self, web: WebServer) -> None:
        for number in range(40):
            web.pages[f"/{number}"] = text(RSS)
        fetcher = Downloader(Settings(allow_private=True, per_host=8, gap=0.0), lambda: NOW, ParserPool(1))
        requests: list[FetchRequest] = [
            FetchRequest(str(number), web.url(f"/{number}"), source=Source(str(number), SourceType.FEED, "x", NEWS))
            for number in range(40)
        ]
        found = []
        for answer in fetcher.fetch(requests):
            while len(web.asked) < 40:  # the caller is busy until all answers are under way
                time.sleep(0.01)
            found.append(answer)
        fetcher.close()
        read = [answer for answer in found if answer and answer.content]
        assert len(found) == 40
        assert len(read) >= 20
        assert all(not answer.body and answer.http.body_sha256 for answer in read)
        assert {answer.content.title for answer in read if isinstance(answer.content, Parsed)} == {"News"}

    def test_a_large_body_is_never_left_to_the_caller(self, web: WebServer) -> None:
        web.pages["/large"] = text(RSS.replace(b"One", b"x" * 300_000))
        web.pages["/wall"] = text(b"<html><body>" + b"<p>Welcome</p>" * 30_000)
        fetcher = Downloader(Settings(allow_private=True, gap=0.0), lambda: NOW, ParserPool(1))
        source = Source("s", SourceType.FEED, "x", NEWS)
        requests = [FetchRequest(path, web.url(path), source=source) for path in ("/large", "/wall")]
        answers = {answer.key: answer for answer in fetcher.fetch(requests) if answer}
        fetcher.close()
        assert isinstance(answers["/large"].content, Parsed)
        assert trouble(answers["/wall"])[0] is FetchTrouble.UNREADABLE

    def test_a_body_that_is_wanted_itself_is_not_read(self, web: WebServer) -> None:
        web.pages["/large"] = text(b"x" * 300_000)
        fetcher = Downloader(Settings(allow_private=True, gap=0.0), lambda: NOW, ParserPool(1))
        answer = ask(fetcher, web.url("/large"))
        fetcher.close()
        assert len(answer.body) == 300_000
