"""A thousand synthetic feeds: what they hold, and where they are served.

All is made from seeds, so that every run asks for the same bytes but for the dates. The companies are invented: what
the feeds say of them must not be taken for news of real ones.
"""

import html
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from typing import Final

ENTRIES: Final = 18
_AGE = timedelta(hours=80)  # between two entries of one feed, so that most are older than any alert window
_HOSTS_IN_ROW: Final = 250

VENDORS: Final = (
    *("Calderbrook", "Dunmarrow", "Ellisvane", "Farnholt"),
    *("Greywick", "Hollenby", "Inverstoke", "Jarrowmere"),
)
STRANGER: Final = "Kestrelmoor"  # whom nobody watches

_WHO = (
    *("The council", "A spokeswoman for the ministry", "The company", "Residents of the old town", "The school board"),
    *("Researchers at the university", "The editor", "A committee", "The team", "Our correspondent", "The bank"),
    *("Two engineers", "The union", "The museum", "A farmer from the valley", "The start-up", "The library"),
)
_DID = (
    *("presented", "discussed", "postponed", "approved", "reviewed", "described", "published", "rejected"),
    *("prepared", "financed", "opened", "repaired", "measured", "compared", "rewrote", "tested"),
)
_WHAT = (
    *("the new timetable", "a plan for the bridge", "its quarterly figures", "a collection of maps", "the budget"),
    *("a faster compiler", "the harvest report", "three proposals for the square", "a study of river birds"),
    *("the user interface", "a surface treatment for steel", "its archive", "the second edition", "an exhibition"),
    *("a list of open questions", "the results of last spring", "a recipe that needs no oven", "the road to the coast"),
)
_TAIL = (
    *("on Tuesday", "after a long debate", "for the first time in ten years", "without much notice", "last week"),
    *("in front of a full hall", "although the costs had doubled", "as part of a wider programme", "in Harwell"),
    *("before the summer break", "together with two neighbours", "which few had expected", "at short notice"),
)
_MENTIONS = (
    "Visitors asked how facial recognition would be used at the station, and got no answer.",
    "The lecture on the history of facial recognition was followed by a lively discussion.",
    "A court will hear arguments about facial recognition in stadiums next month.",
    "The city council debated a ban on facial recognition and adjourned without a vote.",
)
_POSITIONS = (
    "{vendor} said on Tuesday that it will no longer sell facial recognition technology to police departments.",
    "{vendor} announced a one-year moratorium on police use of its facial recognition software.",
    "{vendor} said it will stop offering general-purpose facial recognition software.",
    "{vendor} will sell its facial recognition software to police departments again.",
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What the feeds are like. ``size`` is the mean of a feed in bytes; shares are between 0 and 1.

    ``about`` of the entries speak of facial recognition, a quarter of these say what a company does; ``summaries`` of
    the feeds give only the beginning of each text, and the page behind it has the rest; ``unvalidated`` of the feeds
    send no ETag; ``hanging`` of them accept a connection and never answer; the feeds of ``mute`` of them answer, and
    the pages behind their entries hang.
    """

    feeds: int = 1000
    size: int = 40_000
    about: float = 0.01
    summaries: float = 0.25
    unvalidated: float = 0.0
    hanging: float = 0.0
    mute: float = 0.0

    def is_summary(self, feed: int) -> bool:
        """Whether a feed gives only the beginning of its texts."""
        return _share(feed, "summaries", self.summaries) or self.is_mute(feed)

    def is_validated(self, feed: int) -> bool:
        """Whether a feed sends an ETag."""
        return not _share(feed, "unvalidated", self.unvalidated)

    def is_hanging(self, feed: int) -> bool:
        """Whether a feed never answers."""
        return _share(feed, "hanging", self.hanging)

    def is_mute(self, feed: int) -> bool:
        """Whether the pages behind a feed's entries never answer."""
        return _share(feed, "mute", self.mute)

    def answering(self) -> int:
        """How many feeds answer."""
        return sum(not self.is_hanging(feed) for feed in range(self.feeds))


@dataclass(frozen=True, slots=True)
class Text:
    """One entry's words: paragraphs of plain text."""

    title: str
    paragraphs: tuple[str, ...]


def host(feed: int) -> str:
    """Each feed has a host of its own, as in the world; Linux answers on all of 127.0.0.0/8."""
    row, column = divmod(feed, _HOSTS_IN_ROW)
    return f"127.1.{row}.{column + 1}"


def address(port: int, feed: int) -> str:
    """Where a feed is served."""
    return f"http://{host(feed)}:{port}/feeds/{feed}"


def text_of(shape: Shape, feed: int, number: int, *, position: bool = False) -> Text:
    """The words of an entry; with ``position`` it says what a company does, whatever its dice say.

    A mute feed speaks of a company that nobody watches: its pages are asked for, and it has nothing to tell.
    """
    dice = random.Random(f"{feed} {number}")
    sentences = [dice.choice(_sentences()) for _ in range(_length(shape, feed))]
    about = dice.random()
    if position or about < shape.about:
        words = _POSITIONS if position or about < shape.about / 4 else _MENTIONS
        sentences.insert(2, dice.choice(words).format(vendor=STRANGER if shape.is_mute(feed) else dice.choice(VENDORS)))
    paragraphs = tuple(" ".join(sentences[start : start + 5]) for start in range(0, len(sentences), 5))
    return Text(f"{sentences[0][:60].rstrip()} ({feed}/{number})", paragraphs)


def feed_bytes(shape: Shape, port: int, feed: int, began: datetime, added: Sequence[bool] = ()) -> tuple[bytes, str]:
    """A feed and its media type.

    Args:
        shape: what the feeds are like.
        port: where they are served.
        feed: which of them; two in three are RSS, the others Atom.
        began: the day of the newest of the first entries.
        added: one for each entry that came later, one minute apart; true: it states a company's position.
    """
    newest = ENTRIES + len(added)
    numbers = range(newest - 1, newest - 1 - ENTRIES, -1)
    atom = feed % 3 == 2
    items = [_item(shape, port, feed, number, began, _stated(number, added), atom=atom) for number in numbers]
    if atom:
        return _atom(port, feed, _date(newest - 1, began), items).encode(), "application/atom+xml; charset=utf-8"
    return _rss(port, feed, items).encode(), "application/rss+xml; charset=utf-8"


def page_bytes(shape: Shape, feed: int, number: int, *, position: bool = False) -> bytes:
    """The page behind an entry: its whole text between what stands around articles."""
    text = text_of(shape, feed, number, position=position)
    links = "".join(f'<li><a href="/section/{name}">Section {name}</a></li>' for name in range(40))
    return (
        f"<!doctype html><html lang=en><head><title>{html.escape(text.title)}</title></head><body><nav><ul>{links}</ul>"
        f"</nav><main><article><h1>{html.escape(text.title)}</h1>{_markup(text)}</article></main>"
        f"<footer><ul>{links}</ul></footer></body></html>"
    ).encode()


def _share(feed: int, what: str, share: float) -> bool:
    return share > 0 and random.Random(f"{what} {feed}").random() < share


def _stated(number: int, added: Sequence[bool]) -> bool:
    return number >= ENTRIES and added[number - ENTRIES]


@lru_cache(maxsize=1)
def _sentences() -> list[str]:
    dice = random.Random("sentences")
    return [f"{dice.choice(_WHO)} {dice.choice(_DID)} {dice.choice(_WHAT)} {dice.choice(_TAIL)}." for _ in range(4000)]


def _length(shape: Shape, feed: int) -> int:
    """Sentences in an entry: feeds differ in size by a factor of ten, as real ones do."""
    factor = random.Random(f"size {feed}").choice((0.2, 0.4, 0.6, 1.0, 1.8, 2.0))
    return max(4, int(shape.size * factor / ENTRIES / 88))


def _date(number: int, began: datetime) -> datetime:
    if number < ENTRIES:
        return began - _AGE * (ENTRIES - 1 - number)
    return began + timedelta(minutes=number - ENTRIES + 1)


def _markup(text: Text) -> str:
    return "".join(
        f'<p>{html.escape(words)} <a href="https://example.org/{place}">More</a> <em>here</em>.</p>'
        for place, words in enumerate(text.paragraphs)
    )


def _item(shape: Shape, port: int, feed: int, number: int, began: datetime, position: bool, *, atom: bool) -> str:
    text = text_of(shape, feed, number, position=position)
    link = f"http://{host(feed)}:{port}/posts/{feed}/{number}{'?position' if position else ''}"
    lead = html.escape(text.paragraphs[0])
    whole = "" if shape.is_summary(feed) else _markup(text)
    date = _date(number, began)
    title = html.escape(text.title)
    if atom:
        content = f'<content type="html">{html.escape(whole)}</content>' if whole else ""
        return (
            f'<entry><id>tag:feed{feed}.example,2026:{number}</id><title>{title}</title><link href="{link}"/>'
            f"<published>{date.isoformat()}</published><updated>{date.isoformat()}</updated>"
            f"<summary>{lead}</summary>{content}</entry>\n"
        )
    content = f"<content:encoded><![CDATA[{whole}]]></content:encoded>" if whole else ""
    return (
        f'<item><title>{title}</title><link>{link}</link><guid isPermaLink="false">feed{feed}-{number}</guid>'
        f"<pubDate>{format_datetime(date)}</pubDate><description>{lead}</description>{content}</item>\n"
    )


def _rss(port: int, feed: int, items: Sequence[str]) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Feed {feed}</title><link>http://{host(feed)}:{port}/</link><description>Notes</description>\n"
        f"{''.join(items)}</channel></rss>"
    )


def _atom(port: int, feed: int, updated: datetime, items: Sequence[str]) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f'<id>tag:feed{feed}.example,2026:feed</id><title>Feed {feed}</title><link href="http://{host(feed)}:{port}/"/>'
        f"<updated>{updated.isoformat()}</updated>\n{''.join(items)}</feed>"
    )
