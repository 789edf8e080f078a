import time

import pytest

from watcher.fetch.markup import text_of_html
from watcher.fetch.tags import bounded

LONG = "<p>They said so.</p>" * 2000
MANY = " ".join(f'a{number}="1"' for number in range(100_000))


def test_what_is_written_as_pages_are_stays_as_it_is() -> None:
    picture = f"<img src=\"data:image/png;base64,{'A' * 100_000}\" alt='>'>"
    script = f"<script>for (i = 0; i<n; i++) {{ x = '{'a' * 10_000}' }}</script><style>a{{}}</style>"
    page = f"<html><body data-a='<' title=x>{picture}{script}<!-- <p {'a ' * 9000} -->{LONG}</body></html>"
    assert bounded(page) == page


@pytest.mark.parametrize(
    "attributes", [MANY, MANY.replace('="1"', ""), MANY.replace('"1"', "1"), f'x="<" y=">" {MANY}']
)
def test_a_tag_without_end_loses_its_attributes(attributes: str) -> None:
    assert bounded(f"{LONG}<p {attributes}>One.</p>") == f"{LONG}<p>One.</p>"


def test_a_page_with_such_a_tag_is_read_in_no_time() -> None:
    begun = time.process_time()
    assert text_of_html(f"<html><body {MANY}><p>One.</p><p {MANY}>Two.</p></body></html>") == "One.\n\nTwo."
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    "piece", ["<a", "<a ", "<a b='", '<a b="', "<!--", "<script>", "<title", "<a =", "=", "<a b=\"'", "</script", "<p>"]
)
def test_nothing_takes_longer_than_its_length(piece: str) -> None:
    begun = time.process_time()
    bounded(piece * (2_000_000 // len(piece)))
    assert time.process_time() - begun < 10
