import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.fetch.markup import line_of, parsed, text_of_html, text_of_plain, text_of_tree


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One <b>bold</b> word.</p><p>Two.</p>", "One bold word.\n\nTwo."),
        ("<ul><li>a</li><li><p>b</p></li><li>c: <ul><li>d</li></ul>e</li></ul>f", "• a\n• b\n• c:\n• d\n\ne\n\nf"),
        ("<ol><li>a<li>b</ol>", "• a\n• b"),
        ("before<h2>Head<br>ing</h2>after", "before\n\nHead ing\n\nafter"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>", "a | b\n\nc | d"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("a<script>x</script> b<style>y</style> c<!-- z --> d", "a b c d"),
        ("a<noscript>no</noscript><template>no</template><iframe>no</iframe>b", "ab"),
        ('<p>a</p><div hidden>no</div><p style="display: none">no</p><i aria-hidden="true">no</i> b', "a\n\nb"),
        ("&lt;p&gt; is <i>a</i> tag", "<p> is a tag"),
        ("no markup &amp; two\n\nparagraphs", "no markup & two\n\nparagraphs"),
        ("<p>unclosed <b>tags", "unclosed tags"),
        ("1 < 2 <b>x</b>", "1 < 2 x"),
        ("<p>a\u00a0\u2009b\u200bc\u00ad</p>", "a bc"),
        ('<?xml version="1.0" encoding="iso-8859-1"?><p>é</p>', "é"),
        ('<meta charset="koi8-r"><p>é</p>', "é"),
        ("<p>nul \x00 and half a pair \ud800</p>", "nul and half a pair"),
        ("", ""),
        ("<!-- only a comment -->", ""),
        ("<img src=x>", ""),
    ],
)
def test_html_becomes_text(markup: str, text: str) -> None:
    assert text_of_html(markup) == text


def test_hidden_parts_are_read_where_they_are_wanted() -> None:
    tree = parsed("<p>a</p><div hidden><p>folded</p></div>")
    assert text_of_tree(tree, hidden=True) == "a\n\nfolded"


def test_what_is_dropped_leaves_what_follows_it() -> None:
    tree = parsed("<div>a<nav>no</nav> b</div>")
    assert tree is not None
    assert text_of_tree(tree, dropped=frozenset(tree.iter("nav"))) == "a b"


def test_plain_text_keeps_paragraphs_and_list_lines() -> None:
    assert text_of_plain("one\ntwo\r\n\r\n- a\n- b\n\n\n\n1. c\n2. d") == "one two\n\n- a\n- b\n\n1. c\n2. d"


def test_a_line_is_one_line() -> None:
    assert line_of(" a\n\tb\u200b ") == "a b"


@pytest.mark.parametrize("depth", [300, 1999, 2500, 50_000])
def test_no_nesting_is_too_deep(depth: int) -> None:
    assert text_of_html("<p>a</p>" + "<div>" * depth + "b" + "</div>" * depth + "<p>c</p>") == "a\n\nb\n\nc"


@pytest.mark.parametrize("piece", ["<", "<a ", "<!--", "<script>", "&", "<td>", "<li>", "<p>", "<b>", "</", "<br>"])
@pytest.mark.parametrize("around", ["<p>", "<pre>"])
def test_broken_markup_costs_time_in_proportion(piece: str, around: str) -> None:
    start = time.monotonic()
    text_of_html(around + (piece + "\n") * (100_000 // len(piece)))
    assert time.monotonic() - start < 15


@given(st.text(alphabet=st.sampled_from("<>/abpli!-&;# \n\"'="), max_size=200))
def test_no_markup_makes_it_fail(markup: str) -> None:
    assert "\n\n\n" not in text_of_html(markup)
