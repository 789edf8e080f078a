import pytest

from watcher.fetch.markup import parsed
from watcher.fetch.selector import select

PAGE = """
<main id="top"><div class="post big" data-kind="news"><h2><a href="/blog/one">1</a></h2></div>
<div class="post"><h2><a href="/blog/two.html">2</a></h2><p><a href="https://other.example/x">3</a></p></div>
<section><div class="posts"><a rel="next nofollow" href="/n">4</a></div></section></main>
"""


@pytest.mark.parametrize(
    ("selector", "texts"),
    [
        ("a", ["1", "2", "3", "4"]),
        ("h2 a", ["1", "2"]),
        ("h2 > a, p>a", ["1", "2", "3"]),
        (".post a", ["1", "2", "3"]),
        ("div.post.big a", ["1"]),
        ("#top > .post > h2 > a", ["1", "2"]),
        ("[data-kind] a", ["1"]),
        ("div[data-kind=news] a", ["1"]),
        ('a[href^="/blog/"]', ["1", "2"]),
        ("a[href$='.html']", ["2"]),
        ("a[href*=other]", ["3"]),
        ("a[rel~=next]", ["4"]),
        ("* section *  a", ["4"]),
        ("a[href*=',']", []),
        ("table", []),
        ("A", ["1", "2", "3", "4"]),
        (".post:not(.big) a", ["2", "3"]),
        ("a:not([href^='/blog/'])", ["3", "4"]),
        (".post:not([data-kind=news]):not(section) h2 a", ["2"]),
        ("main > :first-child a", ["1"]),
        ("main > :last-child a", ["4"]),
        ("main > :nth-child(2) h2 > a", ["2"]),
        ("main > :nth-child(odd) a", ["1", "4"]),
        ("main > :nth-child(even) a", ["2", "3"]),
        ("h2 + p a", ["3"]),
        (".big ~ div a, .big ~ section a", ["2", "3", "4"]),
        (".big + section a", []),
    ],
)
def test_a_selector_finds(selector: str, texts: list[str]) -> None:
    assert [element.text for element in select(parsed(PAGE), selector)] == texts


def test_what_lies_inside_another_find_is_not_found_again() -> None:
    assert len(select(parsed(PAGE), "main, div")) == 1


@pytest.mark.parametrize(
    "selector",
    [
        "",
        "p:hover",
        "p:not()",
        "p:not(a b)",
        "p:not(:not(a))",
        "p:nth-child(2n)",
        "a >",
        "> a",
        "a + + b",
        "..x",
        "a[",
        "a[b='\"']",
        "a,,b",
        "a{}",
    ],
)
def test_what_cannot_be_read_is_an_error(selector: str) -> None:
    with pytest.raises(ValueError, match="not a selector that can be read"):
        select(parsed(PAGE), selector)


def test_a_selector_that_repeats_itself_ends_soon() -> None:
    with pytest.raises(ValueError, match="not a selector"):
        select(parsed(PAGE), "a" + ":not(.a)" * 5000 + "!")
