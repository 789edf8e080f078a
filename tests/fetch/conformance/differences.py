"""Every place where what is read differs from what feedparser alone gives, each with its reason.

The command ``python -m benchmarks.conformance`` and ``tests/fetch/test_conformance.py`` hold the suite to it: what is
not named here is equal, and what is named here does differ.
"""

from dataclasses import dataclass

from tests.fetch.conformance.alone import ENTRIES


@dataclass(frozen=True, slots=True)
class Difference:
    """A reason, the field that differs for it, and the feeds in which it does."""

    reason: str
    field: str
    feeds: tuple[str, ...]


def allowed(claim: str) -> frozenset[str]:
    """The fields in which a feed may, and must, be read otherwise."""
    return frozenset(one.field for one in DIFFERENCES if claim in one.feeds)


DIFFERENCES = (
    Difference(
        "An Atom id is a name: feedparser makes a link of it where there is none, even of urn:1.",
        "url",
        (
            "atom-whose-feed-names-the-language",
            "atom-entry-in-another-language-than-its-feed",
            "author-of-an-atom-entry-is-not-its-title",
            "atom-title-as-text",
            "atom-title-as-html",
            "atom-title-as-xhtml",
            "atom-summary-alone",
            "atom-content-as-html",
            "atom-content-as-text",
            "atom-content-without-a-type-is-text",
            "atom-content-as-xhtml",
            "atom-content-as-xhtml-with-a-prefix",
            "atom-content-elsewhere",
        ),
    ),
    Difference(
        "A guid such as x is no address: feedparser makes one of it, with the feed's own address before it.",
        "url",
        ("the-same-guid-twice",),
    ),
    Difference(
        "An id stays as it was written, so that it is the same after the feed has moved.",
        "guid",
        ("the-same-guid-twice",),
    ),
    Difference(
        "Only web addresses are links: an alert must not lead into a script, a file or a mail.",
        "url",
        ("script-as-link", "data-as-link", "mail-as-link", "link-to-a-file"),
    ),
    Difference(
        "The original address outlives the service that redirects to it.",
        "url",
        ("feedburner-names-the-original-address",),
    ),
    Difference(
        "The words of a picture are not those of the entry; feedparser lets the last description win.",
        "text",
        ("media-rss",),
    ),
    Difference(
        "WordPress signs each entry with its title: read as text, that would be a second report of it.",
        "text",
        ("platform-wordpress-that-signs-its-summaries",),
    ),
    Difference(
        "The head of a page inside an entry is no text; feedparser's sanitiser leaves the words of its title.",
        "text",
        ("platform-investor-relations",),
    ),
    Difference(
        "feedparser reads no date: no space behind the comma, no zone, a day's usual order, another language.",
        "date",
        (
            "pubDate-Wed,10 Jun 2020 08:18:00 GMT",
            "pubDate-Wed, 10 Jun 2020 08:18:00",
            "pubDate-10.06.2020 08:18",
            "pubDate-June 10, 2020 08:18",
            "pubDate-mer., 10 juin 2020 08:18:00 +0000",
            "pubDate-Mi, 10 Jun 2020 10:18:00 +0200",
            "pubDate-mié, 10 jun 2020 08:18:00 GMT",
        ),
    ),
    Difference(
        "feedparser takes zones that it does not know for UTC.",
        "date",
        (
            "pubDate-Wed, 10 Jun 2020 10:18:00 CEST",
            "pubDate-Wed, 10 Jun 2020 13:48:00 IST",
            "pubDate-Wed, 10 Jun 2020 17:18:00 JST",
        ),
    ),
    Difference(
        "feedparser reads another moment than the one written: PM is lost, a Unix time becomes a year of its first "
        "digits, today's month takes the place of the one written, the time of day is dropped.",
        "date",
        (
            "pubDate-Wed, 10 Jun 2020 08:18 PM GMT",
            "pubDate-2020/6/10 08:18:00",
            "pubDate-1591777080",
            "pubDate-20200610T081800Z",
        ),
    ),
    Difference(
        "A date before 1990 or days ahead cannot be true; another date of the entry is taken, or none.",
        "date",
        (
            "pubDate-Wed, 31 Dec 1969 23:59:59 GMT",
            "pubDate-Mon, 01 Jan 0001 00:00:00 GMT",
            "pubDate-Wed, 10 Jun 2099 08:18:00 GMT",
            "pubDate-0000-00-00T00:00:00Z",
            "a-date-that-can-be-true-beside-one-that-cannot",
        ),
    ),
    Difference(
        "A declared encoding that the bytes cannot be in is not believed; feedparser reads nothing then.",
        ENTRIES,
        ("declared-utf-16-and-in-truth-utf-8",),
    ),
    Difference(
        "A bare ampersand is one; feedparser makes an entity of it and the word behind it.",
        "title",
        ("title-with-a-bare-ampersand",),
    ),
    Difference(
        "Control characters are no part of a word, and no white space either.",
        "title",
        ("control-characters",),
    ),
    Difference(
        "A character that XML forbids leaves a mark where it stood, when it was written by its number.",
        "title",
        ("characters-that-xml-forbids-by-number",),
    ),
    Difference(
        "Half a surrogate pair cannot be encoded: feedparser ends in an exception, or hands it on.",
        ENTRIES,
        ("half-a-pair-by-number",),
    ),
    Difference(
        "Of a feed that was cut off only whole entries are read, and it is called partial: half a sentence may say the "
        "opposite of the whole one.",
        ENTRIES,
        ("cut-inside-an-item", "cut-in-the-middle-of-a-tag", "cut-inside-cdata"),
    ),
    Difference(
        "An entry without title, text and link is none.",
        ENTRIES,
        ("items-that-hold-nothing", "items-without-anything", "a-tag-that-is-never-closed"),
    ),
    Difference(
        "A feed that declares entities which expand, or are read from elsewhere, is refused as a whole.",
        ENTRIES,
        ("entity-bomb", "entity-that-names-a-file"),
    ),
)
