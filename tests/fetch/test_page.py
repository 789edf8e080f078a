import json
import time
from dataclasses import replace
from hashlib import sha256

import pytest

from tests.fetch.conftest import NOW
from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.source import Source, SourceKind, SourceType
from watcher.fetch.page import EXTRACTOR, article, policy
from watcher.usecases.ports import Fetched

URL = "https://example.org/terms"
TERMS = """<!doctype html><html><head><title>Service terms | Acme</title><style>p{}</style></head><body>
<a class="skip-link" href="#main">Skip to content</a>
<header><p>Acme shop</p></header><nav><ul><li>Products</li></ul></nav>
<div id="onetrust-consent-sdk"><p>We use cookies.</p></div>
<main id="main"><ol class="breadcrumb"><li>Home</li></ol>
<header><h1>Service Terms</h1></header><p>Last updated 1 June 2026.</p>
<h2>1. <em>Face</em> recognition</h2><p>You may not use it for:</p>
<ul><li>police use;</li><li>mass <a href="/s">surveillance</a>.</li></ul>
<details><summary>Who decides?</summary><p>We do.</p></details>
<div class="accordion" style="display:none"><p>Folded, but in force.</p></div>
<aside>See also our blog</aside><div class="share-buttons">Share this</div>
<table><tr><th>Service</th><th>Rule</th></tr><tr><td>Faces</td><td>Adults only</td></tr></table>
<div class="page-feedback">Was this page helpful?</div></main>
<footer><p>Copyright Acme</p></footer><script>x()</script></body></html>"""


def fetched(page: str | bytes, content_type: str = "text/html; charset=utf-8") -> Fetched:
    body = page.encode() if isinstance(page, str) else page
    return Fetched("k", URL, headers={"content-type": content_type}, body=body, final_url=URL)


def source(selector: str | None = None) -> Source:
    return Source("terms", SourceType.POLICY, URL, SourceKind.VENDOR, selector=selector)


def read(page: str, selector: str | None = None) -> str:
    return policy(source(selector), fetched(page), NOW).text


class TestPolicy:
    def test_a_page_is_read_as_headed_sentences(self) -> None:
        assert read(TERMS) == (
            "# Service Terms\n\nLast updated 1 June 2026.\n\n## 1. Face recognition\n\nYou may not use it for:\n\n"
            "• police use;\n• mass surveillance.\n\nWho decides?\n\nWe do.\n\nFolded, but in force.\n\n"
            "Service | Rule\n\nFaces | Adults only"
        )

    def test_a_page_with_more_text_than_any_policy_is_none(self) -> None:
        with pytest.raises(FetchError) as caught:
            read("<html><body><main>" + "<p>You may not.</p>" * 200_000 + "</main></body></html>")
        assert caught.value.trouble is FetchTrouble.TOO_LARGE
        assert caught.value.detail == "the page holds more text than any policy"

    def test_a_capture_keeps_what_proves_it(self) -> None:
        capture = policy(source(), fetched(TERMS), NOW)
        assert (capture.source_id, capture.url, capture.title) == ("terms", URL, "Service Terms")
        assert (capture.taken, capture.seen_last, capture.extractor) == (NOW, NOW, EXTRACTOR)
        assert capture.raw == TERMS.encode()
        assert capture.sha256 == sha256(TERMS.encode()).hexdigest()

    def test_a_capture_keeps_the_headers_but_no_cookie(self) -> None:
        answer = fetched(TERMS)
        more = replace(answer, headers={**answer.headers, "etag": "1", "set-cookie": "session=secret"})
        assert policy(source(), more, NOW).headers == {"content-type": "text/html; charset=utf-8", "etag": "1"}

    def test_a_page_whose_address_leads_to_the_home_page_is_not_there(self) -> None:
        home = replace(
            fetched("<html><body><p>Welcome to Acme.</p></body></html>"), final_url="https://example.org/en/"
        )
        capture = policy(source(), home, NOW)
        assert (capture.absent, capture.text) == ("leads to the home page", "")
        assert capture.raw == home.body

    def test_a_selector_narrows_the_page(self) -> None:
        assert read(TERMS, "main > h2, main > ul") == "## 1. Face recognition\n\n• police use;\n• mass surveillance."

    def test_a_selector_that_finds_nothing_is_said(self) -> None:
        with pytest.raises(FetchError, match=r"the selector \.terms finds nothing on the page"):
            read(TERMS, ".terms")

    def test_a_selector_that_cannot_be_read_is_said(self) -> None:
        with pytest.raises(FetchError, match="not a selector that can be read: 'p:hover'"):
            read(TERMS, "p:hover")

    def test_a_page_without_main_is_its_body(self) -> None:
        assert (
            read("<html><body><nav>x</nav><h1>Terms</h1><p>All.</p><footer>y</footer></body></html>")
            == "# Terms\n\nAll."
        )

    def test_a_main_that_holds_little_is_not_the_page(self) -> None:
        page = "<main><p>Menu</p></main><div><p>" + "You may not use it. " * 20 + "</p></div>"
        assert read(page) == "Menu\n\n" + ("You may not use it. " * 20).strip()

    def test_a_frame_by_name_that_holds_the_page_is_none(self) -> None:
        assert read('<div class="has-sidebar sidebar-left"><p>' + "All. " * 50 + "</p></div>").startswith("All. All.")

    def test_the_title_of_a_page_without_heading_is_its_own(self) -> None:
        page = "<html><head><title> Acme\n terms </title></head><body><p>All.</p></body></html>"
        assert policy(source(), fetched(page), NOW).title == "Acme terms"

    def test_links_and_markup_make_no_difference(self) -> None:
        changed = TERMS.replace('<a href="/s">', '<a class="new" href="/t?utm_source=x">').replace("<em>", "<em id=a>")
        assert read(changed) == read(TERMS)

    def test_a_latin_1_page_by_its_meta(self) -> None:
        page = '<html><head><meta charset="iso-8859-1"></head><body><p>Größe</p></body></html>'.encode("latin-1")
        assert policy(source(), fetched(page, "text/html"), NOW).text == "Größe"

    @pytest.mark.parametrize(
        ("page", "trouble"),
        [
            (b"<html><title>Just a moment...</title><body>Checking</body></html>", FetchTrouble.BLOCKED),
            (b"%PDF-1.7", FetchTrouble.UNREADABLE),
            (b"", FetchTrouble.UNREADABLE),
            (b"<html><body><nav>Menu</nav></body></html>", FetchTrouble.UNREADABLE),
        ],
    )
    def test_what_is_no_policy_is_told_apart(self, page: bytes, trouble: FetchTrouble) -> None:
        with pytest.raises(FetchError) as caught:
            policy(source(), fetched(page), NOW)
        assert caught.value.trouble is trouble


PARAGRAPH = "Acme said on Wednesday that it would stop selling face recognition software to police departments. "
ARTICLE = f"""<html><head><title>News</title></head><body><nav><a href="/">Home</a><a href="/b">Business</a></nav>
<article><h1>Acme stops sales</h1><p>{PARAGRAPH * 2}</p><p>{PARAGRAPH * 3}</p>
<ul><li>It keeps selling to airports and to banks.</li><li>It calls for a federal law on the matter.</li></ul>
<h2>What comes next</h2><p>{PARAGRAPH * 2}</p></article>
<section class="comments"><p>First comment by a reader who is angry about it all!</p></section>
<footer>Copyright</footer></body></html>"""


class TestArticle:
    def test_paragraphs_and_lists_are_kept_and_the_frame_is_not(self) -> None:
        text = article(fetched(ARTICLE))
        assert text
        assert (PARAGRAPH * 2).strip() in text.split("\n\n")
        assert "• It keeps selling to airports and to banks.\n• It calls for a federal law on the matter." in text
        assert "What comes next" in text.split("\n\n")
        for frame in ("Home", "Copyright", "comment"):
            assert frame not in text

    def test_attributes_without_end_hold_up_nobody(self) -> None:
        attributes = " ".join(f'a{number}="1"' for number in range(100_000))
        begun = time.process_time()
        text = article(fetched(ARTICLE.replace("<body", f"<body {attributes}", 1)))
        assert text
        assert (PARAGRAPH * 2).strip() in text
        assert time.process_time() - begun < 10

    @pytest.mark.parametrize("piece", ["<td>", "<br>", "<b><p>", "<h2>T</h2>"])
    def test_elements_without_end_hold_up_nobody(self, piece: str) -> None:
        begun = time.process_time()
        text = article(fetched(ARTICLE.replace("</article>", piece * 100_000 + "</article>", 1)))
        assert text
        assert PARAGRAPH.strip() in text
        assert time.process_time() - begun < 10

    def test_a_page_without_end_is_read_from_its_begin(self) -> None:
        page = "<html><body><article>" + "<p>They said so.</p>" * 500_000 + "</article></body></html>"
        text = article(fetched(page))
        assert text
        assert 1_000_000 < len(text) < 3_000_000
        assert text.startswith("They said so.")

    @pytest.mark.parametrize("kind", ["NewsArticle", ["Article", "BlogPosting"]])
    def test_a_page_drawn_by_scripts_is_read_from_its_own_account(self, kind: object) -> None:
        said = json.dumps({"@graph": [{"@type": kind, "articleBody": "One.\n\nTwo &amp; three."}]})
        page = f'<html><head><script type="application/ld+json">{said}</script></head><body><div id="root"></div></body></html>'
        assert article(fetched(page)) == "One.\n\nTwo & three."

    @pytest.mark.parametrize(
        "page",
        [
            b"",
            b"%PDF-1.7",
            b"<html><body></body></html>",
            b'<script type="application/ld+json">{"articleBody": </script>',
            b"<html><title>Just a moment...</title><body>Checking your browser</body></html>",
        ],
    )
    def test_where_there_is_none_it_is_none(self, page: bytes) -> None:
        assert article(fetched(page)) is None

    def test_a_file_of_another_kind_is_none(self) -> None:
        assert article(fetched(b"RIFFxxxx", "audio/wav")) is None
