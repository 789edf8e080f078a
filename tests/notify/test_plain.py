import pytest

from watcher.notify.plain import clean, cut, host_of, size


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("plain", "plain"),
        (" a\r\n\tb\u2028c\u00a0d ", "a b c d"),
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://evil\x1b\\text", "text"),
        ("\x1b(Btext\x1bc", "text"),
        ("a\x00b\x08c\x7f", "abc"),
        ("\u202eabc\u2066\u200b\ufeff\u00ad", "abc"),
        ("\ud800x", "x"),
        ("Ünï, “日本” 👍", "Ünï, “日本” 👍"),
    ],
)
def test_only_what_is_seen_is_left(text: str, left: str) -> None:
    assert clean(text) == left


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("one two", 7, "one two"),
        ("one two three", 9, "one two…"),
        ("one, two three", 6, "one…"),
        ("abcdefghij", 5, "abcd…"),
        ("a bcdefghij", 5, "a bc…"),
        ("\U0001f600\U0001f600\U0001f600", 4, "\U0001f600…"),
        ("xx &amp; y", 7, "xx…"),
    ],
)
def test_a_text_is_cut_at_a_border_and_within_its_limit(text: str, limit: int, short: str) -> None:
    assert cut(text, limit) == short
    assert size(short) <= limit


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.example.com:8080/x", "example.com"),
        ("https://good.com@evil.com/", "evil.com"),
        ("mailto:a@example.com", None),
        ("http://[::1", None),
    ],
)
def test_the_host_is_where_the_link_really_leads(address: str, host: str | None) -> None:
    assert host_of(address) == host
