"""Who and what a sentence names, and the sentence with each of these masked by one character.

Masking lets a rule speak of ``{tech}`` or ``{audience}`` instead of all the words for them. Each masked character knows
the place it stands for, so that a match can be led back to the text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from watcher.core import pattern as slot
from watcher.core.finder import Finder
from watcher.core.pattern import Pattern, one_of
from watcher.core.statement import Audience
from watcher.core.vendor import Name, NameKind, Vendor

_PLAIN = str.maketrans(
    dict.fromkeys('"“”„«»‟', " ")
    | {"’": "'", "‘": " ", "\u00a0": " ", "—": ";", "–": ";", "‐": "-", "\u2011": "-"}
    | dict.fromkeys(slot.SLOTTED, "\ufffd")  # a text must not pose as a masked mention
)
_PERSON_ROLE = re.compile(
    r"\b(?:chief|president|ceo|chairman|chairwoman|founder|co-founder|director|head|officer|vice president|vp|"
    r"svp|spokes\w+|lawyer|counsel|executive|boss|owner)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing named: its slot character, its place in the text, and what it stands for."""

    slot: str
    start: int
    end: int
    vendor: str | None = None
    audience: Audience | None = None
    product: str | None = None
    technology: bool = False  # a company whose name alone says what it sells


@dataclass(frozen=True, slots=True)
class Masked:
    """A sentence with its mentions masked. ``mentions``: by the place of the character that stands for each.

    ``technology``: it is named, be it inside another name ("the face matching firm"). ``kinds``: the slots of all
    mentions. ``left_out``: before which masked character how many characters of the sentence were left out.
    """

    text: str
    mentions: Mapping[int, Mention]
    technology: bool
    kinds: frozenset[str]
    left_out: tuple[tuple[int, int], ...] = ()

    def place(self, start: int, end: int) -> tuple[int, int]:
        """A masked span as a span of the sentence."""
        last = end - 1
        found = self.mentions.get(last)
        return self._origin(start), found.end if found else self._origin(last) + 1

    def _origin(self, place: int) -> int:
        """Where a masked character begins in the sentence."""
        masked = sum(found.end - found.start - 1 for at, found in self.mentions.items() if at < place)
        return place + masked + sum(width for at, width in self.left_out if at <= place)

    def of(self, kinds: str, start: int = 0, end: int | None = None) -> list[tuple[int, Mention]]:
        """The mentions of some kinds in a masked span, in order."""
        if self.kinds.isdisjoint(kinds):
            return []
        stop = len(self.text) if end is None else end
        return [(at, m) for at, m in self.mentions.items() if m.slot in kinds and start <= at < stop]


@dataclass(frozen=True, slots=True)
class Words:
    """The words for one kind of mention: some phrases, and the one pattern that they make."""

    slot: str
    pattern: Pattern
    audience: Audience | None = None
    phrases: tuple[Pattern, ...] = ()

    @classmethod
    def of(cls, kind: str, phrases: Sequence[Pattern], audience: Audience | None = None) -> "Words":
        """The words of some phrases; where two begin at one place, the earlier phrase wins."""
        return cls(kind, one_of(phrases), audience, tuple(phrases))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All words of a language for what can be mentioned, sought together."""

    kinds: tuple[Words, ...]
    finder: Finder

    @classmethod
    def of(cls, kinds: Iterable[Words]) -> "Lexicon":
        """Of these kinds; the earlier comes first where two stand at one place and are of one length."""
        listed = tuple(kinds)
        return cls(listed, Finder.of(kind.phrases for kind in listed))

    def find(self, text: str) -> Iterator[Mention]:
        """The mentions in a text with plain quotation marks."""
        for number, match in self.finder.find(text):
            kind = self.kinds[number]
            yield Mention(kind.slot, match.start(), match.end(), audience=kind.audience)


class Namer:
    """Finds the names of vendors in a text. Names are met as written; ambiguous ones need their company in the text."""

    def __init__(self, vendors: Mapping[str, Vendor]) -> None:
        self._by_text: dict[str, tuple[str, Name]] = {}
        for vendor in vendors.values():
            for name in (*vendor.names, Name(vendor.name)):
                self._by_text.setdefault(name.text, (vendor.id, name))
        self._regex = _any_of(self._by_text)

    def within(self, whole: str, own: str | None = None) -> "Naming":
        """The names in one document, of which ``whole`` is the text and ``own`` the vendor in whose voice it is."""
        return Naming(whole, self._by_text, self._regex, own)


class Naming:
    """Finds names in the sentences of one document, whose whole text tells what the ambiguous ones mean."""

    def __init__(
        self, whole: str, by_text: Mapping[str, tuple[str, Name]], regex: re.Pattern[str], own: str | None = None
    ) -> None:
        self.whole = whole
        self._own = own
        self._by_text = by_text
        self._regex = regex
        self._lower = whole.casefold()
        self._told: dict[str, bool] = {}
        self._surnames: dict[str, str] = {}
        for match in regex.finditer(whole):
            vendor, name = by_text[match.group()]
            if name.kind is NameKind.PERSON and " " in name.text and self._counts(vendor, name, whole, match):
                self._surnames[name.text.rsplit(" ", 1)[1]] = vendor

    @property
    def surnames(self) -> Mapping[str, str]:
        """Surnames of the vendors' people who are named in full in the document, and whose they are."""
        return self._surnames

    def find(self, text: str) -> Iterator[Mention]:
        """The mentions in a part of the document."""
        for match in self._regex.finditer(text):
            vendor, name = self._by_text[match.group()]
            if self._counts(vendor, name, text, match):
                yield _named(name, vendor, match)
        for surname, vendor in self._surnames.items():
            if surname not in text:
                continue
            for match in re.finditer(rf"(?<!\w){re.escape(surname)}(?!\w)", text):
                yield Mention(slot.PERSON, match.start(), match.end(), vendor=vendor)

    def _counts(self, vendor: str, name: Name, text: str, match: re.Match[str]) -> bool:
        if name.unless and any(_holds(text[max(0, match.start() - 25) : match.end() + 25], name.unless)):
            return False
        return vendor == self._own or not name.needs or any(map(self._tells, name.needs))

    def _tells(self, word: str) -> bool:
        """Whether a word stands somewhere in the document; looked for once, however often it is asked."""
        if word not in self._told:
            there = word.casefold() in self._lower
            wanted = rf"(?<!\w){re.escape(word)}(?!\w)"
            self._told[word] = there and bool(re.search(wanted, self.whole, re.IGNORECASE))
        return self._told[word]


def _holds(text: str, words: Iterable[str]) -> Iterator[bool]:
    return (word in text and bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)) for word in words)


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    """One expression for all names, the longest first; where no first letter of one stands, ``re`` tries none."""
    listed = tuple(names)
    first = "".join(map(re.escape, dict.fromkeys(name[0] for name in listed)))
    return re.compile(rf"(?<!\w)(?=[{first}])(?:{_tree(listed)})(?!\w)" if listed else "(?!)")


def _tree(ends: Sequence[str]) -> str:
    """An expression for one of some texts, the longest first: what several begin with stands once."""
    by_letter: dict[str, list[str]] = {}
    for end in filter(None, ends):
        by_letter.setdefault(end[0], []).append(end[1:])
    found = "|".join(f"{re.escape(letter)}{_tree(rest)}" for letter, rest in by_letter.items())
    if "" in ends:
        return f"(?:{found})?" if found else ""
    return f"(?:{found})" if len(by_letter) > 1 else found


def _named(name: Name, vendor: str, match: re.Match[str]) -> Mention:
    if name.kind is NameKind.PRODUCT:
        kind = slot.TECHNOLOGY if name.technology else slot.PRODUCT
        return Mention(kind, match.start(), match.end(), vendor=vendor, product=name.text)
    kind = slot.PERSON if name.kind is NameKind.PERSON else slot.VENDOR
    return Mention(kind, match.start(), match.end(), vendor=vendor, technology=name.technology)


def plain(text: str) -> str:
    """A text, sign by sign, with quotation marks, dashes and odd hyphens and spaces as rules expect them."""
    return text.translate(_PLAIN)


def mask(
    text: str,
    named: Iterable[Mention],
    lexicon: Lexicon,
    passing: Iterable[Pattern],
    meant: re.Pattern[str] | None = None,
) -> Masked:
    """Mask a sentence: longer mentions win over shorter ones, names over words.

    ``passing``: what is left out, since it may stand anywhere and says nothing to a rule ("agreed on Monday not to").
    ``meant``: words for the technology where it is in mind ("the technology").
    """
    bare = plain(text)
    names = list(named)
    names += [Mention("", *match.span()) for pattern in passing for match in pattern.regex.finditer(bare)]
    told = [m for m in lexicon.find(bare) if m.slot != slot.NOISE or not _overlaps(m, names)]
    made, mentions, left_out = _build(bare, sorted(names + told, key=_first_and_longest))
    kinds = frozenset([mention.slot for mention in mentions.values()])
    by_name = slot.TECHNOLOGY in kinds or any(mention.technology for mention in mentions.values())
    if meant and slot.THING in kinds:
        made, mentions = _meant(made, mentions, {match.span(1) for match in meant.finditer(bare)})
        kinds = frozenset([mention.slot for mention in mentions.values()])
    technology = by_name or any(mention.slot == slot.TECHNOLOGY for mention in told)
    return Masked(made, mentions, technology, kinds, left_out)


def _meant(made: str, mentions: dict[int, Mention], places: set[tuple[int, int]]) -> tuple[str, dict[int, Mention]]:
    """The masked sentence with the things at some places as the technology."""
    found = {at for at, one in mentions.items() if one.slot == slot.THING and (one.start, one.end) in places}
    text = "".join(slot.TECHNOLOGY if at in found else char for at, char in enumerate(made)) if found else made
    return text, {at: replace(one, slot=slot.TECHNOLOGY) if at in found else one for at, one in mentions.items()}


def _overlaps(mention: Mention, names: Iterable[Mention]) -> bool:
    return any(name.start < mention.end and mention.start < name.end for name in names)


def _first_and_longest(mention: Mention) -> tuple[int, int]:
    return mention.start, -mention.end


def _build(bare: str, ordered: Sequence[Mention]) -> tuple[str, dict[int, Mention], tuple[tuple[int, int], ...]]:
    made: list[str] = []
    left_out: list[tuple[int, int]] = []
    mentions: dict[int, Mention] = {}
    at = length = 0
    for mention in ordered:
        if mention.start < at:
            continue
        made += bare[at : mention.start], mention.slot
        length += mention.start - at
        if mention.slot:
            mentions[length] = mention
            length += 1
        else:
            left_out.append((length, mention.end - mention.start))
        at = mention.end
    made.append(bare[at:])
    return "".join(made), mentions, tuple(left_out)


def speaks_for(text: str) -> bool:
    """Whether a text gives somebody an office ("chief executive", "spokeswoman")."""
    return bool(_PERSON_ROLE.search(text))
