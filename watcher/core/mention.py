"""Who and what a sentence names, and the sentence with each of these masked by one character.

Masking lets a rule speak of ``{tech}`` or ``{audience}`` instead of all the words for them. Each masked character knows
the place it stands for, so that a match can be led back to the text.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from watcher.core import pattern as slot
from watcher.core.pattern import Pattern
from watcher.core.statement import Audience
from watcher.core.vendor import Name, NameKind, Vendor

_QUOTES = str.maketrans(dict.fromkeys('"“”„«»‟', " ") | {"’": "'", "‘": " ", "\u00a0": " ", "—": ";", "–": ";"})
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
    """A sentence with its mentions masked; ``origin[i]`` is where masked character i begins in the sentence."""

    text: str
    origin: tuple[int, ...]
    mentions: Mapping[int, Mention]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """A masked span as a span of the sentence."""
        last = end - 1
        found = self.mentions.get(last)
        return self.origin[start], found.end if found else self.origin[last] + 1

    def of(self, kinds: str, start: int = 0, end: int | None = None) -> list[tuple[int, Mention]]:
        """The mentions of some kinds in a masked span, in order."""
        stop = len(self.text) if end is None else end
        return [(at, m) for at, m in self.mentions.items() if start <= at < stop and m.slot in kinds]


@dataclass(frozen=True, slots=True)
class Words:
    """The words for one kind of mention, as one regular expression; a group named ``m`` narrows what is masked."""

    slot: str
    regex: re.Pattern[str]
    audience: Audience | None = None
    phrases: tuple[Pattern, ...] = ()  # of which the expression is made

    @classmethod
    def of(cls, kind: str, phrases: Sequence[Pattern], audience: Audience | None = None) -> "Words":
        """The words of some phrases; where two begin at one place, the earlier phrase wins."""
        regex = re.compile("|".join(phrase.expression for phrase in phrases), re.IGNORECASE)
        return cls(kind, regex, audience, tuple(phrases))


class Namer:
    """Finds the names of vendors in a text. Names are met as written; ambiguous ones need their company in the text."""

    def __init__(self, vendors: Mapping[str, Vendor]) -> None:
        self._by_text: dict[str, tuple[str, Name]] = {}
        for vendor in vendors.values():
            for name in (*vendor.names, Name(vendor.name)):
                self._by_text.setdefault(name.text, (vendor.id, name))
        longest_first = sorted(self._by_text, key=len, reverse=True)
        self._regex = re.compile(rf"(?<![\w])(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})(?![\w])")

    def find(self, text: str, whole: str, surnames: Mapping[str, str]) -> Iterable[Mention]:
        """The mentions in ``text``, a part of ``whole``; ``surnames`` maps persons named before to their vendor."""
        for match in self._regex.finditer(text):
            vendor, name = self._by_text[match.group()]
            if _counts(name, text, match, whole):
                yield _named(name, vendor, match)
        for surname, vendor in surnames.items():
            for match in re.finditer(rf"(?<!\w){re.escape(surname)}(?!\w)", text):
                yield Mention(slot.PERSON, match.start(), match.end(), vendor=vendor)

    def surnames(self, text: str) -> dict[str, str]:
        """Surnames of the vendors' people who are named in full in a text, and whose they are."""
        found = {}
        for match in self._regex.finditer(text):
            vendor, name = self._by_text[match.group()]
            if name.kind is NameKind.PERSON and " " in name.text and _counts(name, text, match, text):
                found[name.text.rsplit(" ", 1)[1]] = vendor
        return found


def _counts(name: Name, text: str, match: re.Match[str], whole: str) -> bool:
    around = text[max(0, match.start() - 25) : match.end() + 25]
    if any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", around) for word in name.unless):
        return False
    return not name.needs or any(
        re.search(rf"(?<!\w){re.escape(word)}(?!\w)", whole, re.IGNORECASE) for word in name.needs
    )


def _named(name: Name, vendor: str, match: re.Match[str]) -> Mention:
    if name.kind is NameKind.PRODUCT:
        kind = slot.TECHNOLOGY if name.technology else slot.PRODUCT
        return Mention(kind, match.start(), match.end(), vendor=vendor, product=name.text)
    kind = slot.PERSON if name.kind is NameKind.PERSON else slot.VENDOR
    return Mention(kind, match.start(), match.end(), vendor=vendor, technology=name.technology)


def mask(text: str, named: Iterable[Mention], words: Sequence[Words]) -> Masked:
    """Mask a sentence: longer mentions win over shorter ones, names over words."""
    plain = text.translate(_QUOTES)
    spans = [(m.start, -(m.end - m.start), 0, m) for m in named]
    for kind in words:
        for match in kind.regex.finditer(plain):
            start, end = match.span("m") if "m" in kind.regex.groupindex else match.span()
            spans.append((start, start - end, 1, Mention(kind.slot, start, end, audience=kind.audience)))
    spans.sort(key=lambda span: span[:3])
    return _build(plain, [span[3] for span in spans])


def _build(plain: str, ordered: Sequence[Mention]) -> Masked:
    made: list[str] = []
    origin: list[int] = []
    mentions: dict[int, Mention] = {}
    at = 0
    for mention in ordered:
        if mention.start < at:
            continue
        made.extend(plain[at : mention.start])
        origin.extend(range(at, mention.start))
        mentions[len(made)] = mention
        made.append(mention.slot)
        origin.append(mention.start)
        at = mention.end
    made.extend(plain[at:])
    origin.extend(range(at, len(plain)))
    return Masked("".join(made), tuple(origin), mentions)


def speaks_for(text: str) -> bool:
    """Whether a text gives somebody an office ("chief executive", "spokeswoman")."""
    return bool(_PERSON_ROLE.search(text))
