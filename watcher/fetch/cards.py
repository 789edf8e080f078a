"""The card of each post on a listing page: the part of the page that speaks of it alone, with its title and date."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from watcher.fetch.datewords import Manner, Said, hinted_in, said_in
from watcher.fetch.markup import HEADINGS, Node, line_of, text_of_tree

_DEPTH = 8
_HEIGHT = 60  # elements around a link that are looked at
_MOST_LINKS = 20  # in one card
_MOST_ELEMENTS = 300  # in one card
_MOST_TEXT = 3000  # characters of one card
_WHOLES = frozenset({"body", "main", "html", "table", "tbody"})
_LISTS = _WHOLES | {"ul", "ol", "dl"}
_BOXES = 4  # around a card, before which its date may stand
_GAP = 12  # elements between two cards that are looked at
_LONGEST = 80  # characters of a text that may be a date
_AROUND_DATE = 25  # characters; a text with more beside its date is about something else
_AROUND_HINT = 10  # characters beside "yesterday", which may as well be part of a title
_NOT_PUBLISHED = re.compile(
    r"updat|modif|revis|\bstand\b|as of|expire|until|deadline|founded|since|aktualisiert|mis à jour|actualizad"
    r"|copyright|©",
    re.IGNORECASE,
)
_DATE_NAME = re.compile(
    r"(?:^|[-_])(?:date|dates|datum|fecha|time|published|pubdate|posted-on|timestamp)(?:[-_]|$)", re.IGNORECASE
)
_TITLE_NAME = re.compile(r"(?:^|[-_])(?:title|headline|heading|hed)(?:[-_]?[\dxsml]{1,2})?$", re.IGNORECASE)
_LABEL_NAME = re.compile(
    r"(?:^|[-_])(?:pill|badge|label|tag|category|eyebrow|kicker|author|byline|meta)s?$", re.IGNORECASE
)
_MORE = re.compile(
    r"(?:read|learn|see|view|find out|watch|get|continue|more|details|full|lire|en savoir|voir|weiter|mehr|zum|leer|ver"
    r"|seguir|saiba|ler|veja|scopri|lees|läs|les mer|czytaj|читать|подробнее|devam"
    r"|leggi|continua|»|→|›|\.\.\.|…|続き|詳細|もっと|阅读|查看|자세히)",
    re.IGNORECASE,
)
_MORE_WORDS = 4
_TITLE_WORDS = 2
_KICKER = re.compile(  # what often stands over a title
    r"(?:press releases?|news|blogs?|blog posts?|statements?|articles?|case stud(?:y|ies)|featured|new|video|podcast"
    r"|report|webinar|guide|company news|\W*\d+ min(?:ute)?s?(?: read)?)",
    re.IGNORECASE,
)
_CUT = ("...", "…")
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+")
_MOST_TITLE = 200  # characters
_LEAD_IN = re.compile(
    r"(?:(?:read|continue reading|learn|view|open|see)(?: the| this| our)?(?: more| full)?"
    r"(?: story| article| post| release)?(?: about| on)?|link to)\s*:?\s+",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Card:
    """A post on a listing page. ``said`` is its date as the page says it, ``stamp`` one for machines."""

    key: str
    links: list[Node]
    element: Node
    title: str = ""
    headed: bool = False  # its title is a heading
    said: Said | None = None
    stamp: str | None = None

    @property
    def shape(self) -> tuple[str, ...]:
        """By what cards of one list are alike: their elements and classes, two levels up."""
        return tuple(_kind(element) for element in (self.element, *islice(self.element.iterancestors(), 2)))

    @property
    def link_kind(self) -> str:
        """What its first link looks like."""
        return _kind(self.links[0])

    @property
    def dated(self) -> bool:
        """Whether the page gives it a date."""
        return bool(self.said or self.stamp)


def cards_of(by_key: Mapping[str, Sequence[Node]], manner: Manner, years: Mapping[Node, int]) -> list[Card]:
    """The cards of the posts behind these links, in the order of the page.

    Args:
        by_key: the links to each post.
        manner: how the page writes dates.
        years: for links under a heading that is a year alone, that year.
    """
    owners = _owners(by_key)
    cards = [Card(key, list(links), _element(links[0], owners)) for key, links in by_key.items()]
    for card in cards:
        own = replace(manner, year=years.get(card.links[0]))
        card.title, card.headed = _title(card)
        card.stamp, card.said = date_in([card.element], own)
    said = Counter(card.title for card in cards)
    for card in cards:
        if said[card.title] > 1 and not card.headed:  # "Saiba mais", in whatever language: it leads to several posts
            card.title, card.headed = _title(card, linked=False)
    _dates_between([card for card in cards if not card.dated], owners, manner, years)
    return cards


def _owners(by_key: Mapping[str, Sequence[Node]]) -> dict[Node, set[str]]:
    """Which posts the links in each element lead to, for the elements around them."""
    owners: dict[Node, set[str]] = {}
    for key, links in by_key.items():
        for link in links:
            for above in (link, *islice(link.iterancestors(), _HEIGHT)):
                owners.setdefault(above, set()).add(key)
    return owners


def _element(link: Node, owners: Mapping[Node, set[str]]) -> Node:
    card = link
    for above in islice(link.iterancestors(), _DEPTH):
        if len(owners.get(above, ())) > 1 or above.tag in _LISTS or not _is_card_sized(above):
            break
        card = above
    return card


def _is_card_sized(element: Node) -> bool:
    inside = list(islice(element.iter(), _MOST_ELEMENTS + 1))
    links = sum(1 for one in inside if one.tag == "a")
    size = sum(len(text) for one in inside for text in (one.text, one.tail) if text)
    return len(inside) <= _MOST_ELEMENTS and links <= _MOST_LINKS and size <= _MOST_TEXT


def _kind(element: Node) -> str:
    first = next(iter((element.get("class") or "").split()), "")
    return f"{element.tag}.{re.sub(r'[0-9]+', '', first)}"


# --- titles


def _title(card: Card, *, linked: bool = True) -> tuple[str, bool]:
    """The title of a post, and whether it is a heading; ``linked``: whether what the links say may be it."""
    for link in card.links:
        inside = next((inner for inner in link.iter() if inner.tag in HEADINGS), None)
        if inside is not None and (text := _line(inside)):
            return text, True
        if any(above.tag in HEADINGS for above in link.iterancestors()) and (text := _line(link)):
            return text, True
    said = _linked_title(card.links) if linked else ""
    in_card = next((text for one in card.element.iter(*HEADINGS) if (text := _line(one))), "")
    named = next((text for one in card.element.iter() if _is_title(one) and (text := _line(one))), "")
    labelled = max((_label(link) for link in card.links), key=len)
    return said or in_card or named or labelled or _first_sentence(card.element), bool(in_card and not said)


def _first_sentence(element: Node) -> str:
    """What stands for a title where only "Read more" is linked and nothing is called a title."""
    lines = text_of_tree(element).split("\n")
    first = next((line for line in lines if line and not _is_aside(line) and not is_more(line)), "")
    return _SENTENCE_END.split(line_of(first), maxsplit=1)[0][:_MOST_TITLE]


def _linked_title(links: Iterable[Node]) -> str:
    """The first text of the links that may be a title: neither "Read more" nor a date nor a number."""
    return next((text for link in links if (text := _text_of_link(link)) and not is_more(text)), "")


def _text_of_link(link: Node) -> str:
    """What a link says; of a link around a whole card, the piece that looks most like a title."""
    named = next((text for one in link.iter() if _is_title(one) and (text := _line(one))), None)
    if named:
        return named
    pieces = [text for text in _pieces(link) if any(map(str.isalpha, text)) and not _is_aside(text)]
    if len(pieces) < 2:  # noqa: PLR2004  (one piece is the whole)
        return _uncut(pieces[0], link) if pieces else ""
    return next((text for text in pieces if len(text.split()) >= _TITLE_WORDS), pieces[0])


def _is_aside(text: str) -> bool:
    """Whether a piece of a card is a kicker or a date."""
    return bool(
        _KICKER.fullmatch(text) or _alone(text, said_in(text), _AROUND_DATE) or _alone(text, hinted_in(text), 0)
    )


def _uncut(text: str, link: Node) -> str:
    """A title that was cut short stands in full in an attribute."""
    begun, whole = text.rstrip(".… "), line_of(link.get("title") or "")
    return whole if text.endswith(_CUT) and whole.startswith(begun) else text


def _pieces(link: Node) -> list[str]:
    """The paragraphs of a link, without the labels and dates among them."""
    labels = frozenset(one for one in link.iter() if one is not link and _is_label(one))
    return [line_of(part) for part in text_of_tree(link, dropped=labels).split("\n") if part.strip()]


def _is_label(element: Node) -> bool:
    return element.tag == "time" or any(_LABEL_NAME.search(word) for word in (element.get("class") or "").split())


def is_more(text: str) -> bool:
    """Whether a link says no more than that there is more."""
    return len(text.split()) <= _MORE_WORDS and bool(_MORE.match(text))


def _is_title(element: Node) -> bool:
    if not isinstance(element.tag, str):
        return False
    named = any(_TITLE_NAME.search(word) for word in (element.get("class") or "").split())
    return named or element.get("itemprop") in {"headline", "name"}


def _label(link: Node) -> str:
    """What a link without text is called, for those who do not see its picture."""
    said = (link.get("aria-label"), link.get("title"), *(image.get("alt") for image in link.iter("img")))
    return next((line_of(_LEAD_IN.sub("", text, count=1)) for text in said if text and text.strip()), "")


def _line(element: Node) -> str:
    return line_of(text_of_tree(element))


# --- dates


def date_in(elements: Iterable[Node], manner: Manner) -> tuple[str | None, Said | None]:
    """The date that stands in some elements: one for machines, else the first in words that stands alone.

    A date with more than a few words beside it is one that is spoken of, and is not taken.
    """
    parts = list(elements)
    for part in parts:
        stamp = next(_stamps(part), None)
        if stamp:
            return stamp, None
    texts = [text for part in parts for text in _texts(part) if len(text) <= _LONGEST]
    return None, _first_alone(texts, manner)


def _first_alone(texts: Sequence[str], manner: Manner) -> Said | None:
    """The first of some texts that is a date, else the first that hints at one."""
    said = next((one for text in texts if (one := _alone(text, said_in(text, manner), _AROUND_DATE))), None)
    return said or next((one for text in texts if (one := _alone(text, hinted_in(text), _AROUND_HINT))), None)


def _alone(text: str, said: Said | None, around: int) -> Said | None:
    """The date of a text that holds hardly anything beside it."""
    alone = said and len(text) - len(said.words) <= around and not _NOT_PUBLISHED.search(text)
    return said if alone else None


def _stamps(part: Node) -> Iterator[str]:
    for element in part.iter("time", "meta"):
        published = element.get("itemprop") in {"datePublished", "dateCreated"}
        if element.tag == "meta" and published and element.get("content"):
            yield element.get("content")
        elif (
            element.tag == "time" and element.get("datetime") and not _NOT_PUBLISHED.search(element.get("class") or "")
        ):
            yield element.get("datetime")


def _texts(part: Node) -> Iterator[str]:
    """The pieces of text of a part; an element that is named after dates is one piece, with all that is in it."""
    for element in part.iter():
        if not isinstance(element.tag, str):
            continue
        words = (element.get("class") or "").split()
        if element.tag == "time" or any(_DATE_NAME.search(word) for word in words):
            yield " ".join(" ".join(element.itertext()).split())
        if element.text and not element.text.isspace():
            yield " ".join(element.text.split())
        if element is not part and element.tail and not element.tail.isspace():
            yield " ".join(element.tail.split())


@dataclass(slots=True)
class _Between:
    """What stands between the cards of one parent."""

    cards: list[Card]
    before: dict[str, tuple[str | None, Said | None]] = field(default_factory=dict)
    after: dict[str, tuple[str | None, Said | None]] = field(default_factory=dict)


def _dates_between(
    cards: Sequence[Card], owners: Mapping[Node, set[str]], manner: Manner, years: Mapping[Node, int]
) -> None:
    """Where posts and dates stand side by side, in no box of their own, each post gets the date before or after it."""
    groups: dict[Node, _Between] = {}
    for card in cards:
        parent = card.element.getparent()
        if parent is None:
            continue
        group = groups.setdefault(parent, _Between([]))
        group.cards.append(card)
        own = replace(manner, year=years.get(card.links[0]))
        for found, preceding in ((group.before, True), (group.after, False)):
            found[card.key] = _beside(card.element, owners, own, preceding=preceding)
    for group in groups.values():
        _settle(group)


def _beside(
    element: Node, owners: Mapping[Node, set[str]], manner: Manner, *, preceding: bool
) -> tuple[str | None, Said | None]:
    """The date between a card and the next; before the first of a box, that which stands before the box."""
    found, reached = _in_gap(element, owners, manner, preceding=preceding)
    above = element.getparent()
    for _ in range(_BOXES if preceding else 0):
        if any(found) or reached or above is None or above.tag in _WHOLES:
            break
        found, reached = _in_gap(above, owners, manner, preceding=True)
        above = above.getparent()
    return found


def _in_gap(
    element: Node, owners: Mapping[Node, set[str]], manner: Manner, *, preceding: bool
) -> tuple[tuple[str | None, Said | None], bool]:
    """The date in what stands beside an element, up to the next card; and whether that card was reached."""
    parts: list[Node] = []
    texts = [] if preceding else [element.tail]
    reached = False
    for sibling in islice(element.itersiblings(preceding=preceding), _GAP):
        if preceding:
            texts.append(sibling.tail)
        if owners.get(sibling):
            reached = True
            break
        parts.append(sibling)
        if not preceding:
            texts.append(sibling.tail)
    found = date_in(parts, manner)
    if any(found):
        return found, reached
    tails = [" ".join(text.split()) for text in texts if text and not text.isspace()]
    return (None, _first_alone([text for text in tails if len(text) <= _LONGEST], manner)), reached


def _settle(group: _Between) -> None:
    """One direction for all: that in which more of them find a date. A date before holds until the next one."""
    before, after = (sum(any(one) for one in found.values()) for found in (group.before, group.after))
    if not before and not after:
        return
    headings = all(card.element.tag in HEADINGS for card in group.cards)
    from_before = before > after or (before == after and not headings)
    last: tuple[str | None, Said | None] = (None, None)
    for card in group.cards:
        found = (group.before if from_before else group.after)[card.key]
        last = found if any(found) or not from_before else last
        card.stamp, card.said = last
