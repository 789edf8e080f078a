"""The small language in which rules are written, compiled to regular expressions.

A pattern is a row of words. ``(a|b c)`` is a choice, ``(a|b)?`` and ``{name}?`` may be missing, ``words?`` is "word"
or "words", ``{name}`` stands for a class of words or for a kind of mention, ``.`` for up to two words in between,
``..`` for up to four and ``...`` for up to nine; ``(?=a|b)`` asks for what follows without taking it, ``$`` for the
end of the sentence. Words match without regard to case; a hyphen and a space match either. Gaps never step over
another company, another actor or a semicolon, and ``.`` over no comma.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

from watcher.core.literal import Clauses, Part, Row, clauses, firsts

VENDOR, PERSON, PRONOUN, WE, ITS, OUR, TECHNOLOGY, THING, AUDIENCE, ACTOR, NOISE, LAW, LAWMAKER, PRODUCT = (
    chr(0xE000 + n) for n in range(14)
)
SLOTTED = "".join(map(chr, range(ord(VENDOR), ord(PRODUCT) + 1)))  # all of them
RECIPIENT = "recipient"  # no slot: words for those towards whom, which count only where no audience is named

OTHERS = ACTOR + LAWMAKER  # those who do things and are no vendor
THINGS = THING + PRODUCT  # what may be the technology, where the text is about it

SLOTS: Mapping[str, str] = {
    "vendor": VENDOR,
    "person": PERSON,
    "pronoun": PRONOUN,
    "we": WE,
    "its": ITS,
    "our": OUR,
    "tech": f"[{TECHNOLOGY}{THINGS}]",
    "technology": TECHNOLOGY,
    "thing": THING,
    "noise": NOISE,
    "law": LAW,
    "lawmaker": LAWMAKER,
    "audience": AUDIENCE,
    "actor": f"[{ACTOR}{LAWMAKER}]",
    "holder": f"[{VENDOR}{PERSON}{PRONOUN}{WE}]",
}

KINDS: Mapping[str, str] = {  # kinds of mentions that a rule file may list words for
    "technology": TECHNOLOGY, "thing": THING, "audience": AUDIENCE, "actor": ACTOR, "lawmaker": LAWMAKER, "law": LAW,
    "pronoun": PRONOUN, "its": ITS, "we": WE, "our": OUR, "noise": NOISE,
    "recipient": RECIPIENT,
}  # fmt: skip

# Bounded: a run of commas or spaces in a hostile text costs nothing. A hyphen: "face-recognition technology".
_SEPARATOR = r"(?:,?\s{1,8}|-)"
_ELIDED = rf"(?:{_SEPARATOR}|(?<=')\s{{0,4}})"  # "l'accès", "qu'il": no space behind the apostrophe
_START = r"(?<!\w)(?:"  # of a pattern: no word goes on there
_IN_GAP = rf"[^\s;:{VENDOR}{WE}{ACTOR}{LAWMAKER}]+"
_GAPS = {".": 2, "..": 4, "...": 9}
_MASKED_WORDS = {"it": PRONOUN, "its": ITS, "their": ITS, "our": OUR, "we": WE}  # a rule may name them as they stand
_TOKEN = re.compile(r"\{[\w:-]+\}\??|\(\?=|\(|\)\??|\||\$|[^\s()|{}$]+")
_END_OF_SENTENCE = rf"(?=[^\w{SLOTTED}]*$)"  # nothing is named behind it


class PatternError(ValueError):
    """A pattern cannot be compiled; the text says where it went wrong."""


@dataclass(frozen=True, slots=True)
class Spacing:
    """What stands between the words of a pattern, in one language.

    ``barred``: what no gap steps over (negations); ``possessive``: what makes a name an owner; ``elides``: whether
    words are written together with an apostrophe.
    """

    barred: str = "(?!)"
    possessive: str = "(?!)"
    elides: bool = False

    @property
    def separator(self) -> str:
        """Between two words."""
        return _ELIDED if self.elides else _SEPARATOR

    @property
    def end(self) -> str:
        """Behind a pattern: no word goes on there."""
        return r"(?:(?<=')|(?!\w))" if self.elides else r"(?!\w)"

    @property
    def gap_word(self) -> str:
        """One word of a gap."""
        named = rf"{VENDOR}(?:{self.possessive}|(?=\s[{TECHNOLOGY}{THINGS}]))"  # an owner: "Northgate face matching"
        return rf"(?!{self.barred})(?:{named}|{_IN_GAP})"

    @property
    def near_word(self) -> str:
        """One word of the shortest gap, which steps over no comma."""
        return rf"(?!,){self.separator}(?!\S{{0,40}},){self.gap_word}"

    @property
    def whose(self) -> str:
        """An owner: a name that is one, "its" or "our"."""
        return f"(?:[{VENDOR}{PRONOUN}](?:{self.possessive})|{ITS}|{OUR})"


PLAIN = Spacing()


@dataclass(frozen=True)
class Pattern:
    """A pattern: the text it was made from, the regular expression it stands for, and the line it stands on.

    ``rows``: its parts, one row for each choice.
    """

    source: str
    expression: str = field(repr=False)  # long: classes of verbs are spelt out in it
    place: str = field(default="", compare=False)  # "en/stances.yaml:12"
    rows: tuple[Row, ...] = field(default=(), repr=False, compare=False)

    @cached_property
    def wanted(self) -> Clauses:
        """The words it cannot do without; told when they are first asked for, as of most patterns they never are."""
        return tuple(sorted(clauses(self.rows), key=len)) if self.rows else ()

    @cached_property
    def begun(self) -> frozenset[str] | None:
        """The words of which one stands where a match begins; None where that cannot be told."""
        return firsts(self.rows)

    @property
    def regex(self) -> re.Pattern[str]:
        """Compiled when it is first asked for: most rounds read nothing, and compiling is slow."""
        return compiled(self.expression)


@cache
def compiled(expression: str) -> re.Pattern[str]:
    """An expression without regard to case, compiled once."""
    return re.compile(expression, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a pattern is compiled with: the classes of words, and how words are set apart."""

    classes: Mapping[str, Pattern]
    spacing: Spacing
    source: str


def compile_pattern(source: str, classes: Mapping[str, Pattern], place: str = "", spacing: Spacing = PLAIN) -> Pattern:
    """Compile one pattern; ``classes`` maps names to what they stand for, ``place`` is the line it stands on.

    Raises:
        PatternError: unknown class, unbalanced parentheses, or an empty pattern.
    """
    pieces = _TOKEN.findall(source)
    if not pieces:
        raise PatternError("an empty pattern")
    rows, closing = _rows(iter(pieces), _Known(classes, spacing, source))
    if closing:
        raise PatternError(f"unbalanced parenthesis in {source!r}")
    return Pattern(source, f"{_START}{_body(rows, spacing)}){spacing.end}", place, rows)


def one_of(patterns: Sequence[Pattern]) -> Pattern:
    """The pattern that matches what any of these matches; of two at one place, the earlier."""
    rows = tuple(row for pattern in patterns for row in pattern.rows)
    expression = _together([pattern.expression for pattern in patterns])
    return Pattern("|".join(pattern.source for pattern in patterns), expression, rows=rows)


def _together(expressions: Sequence[str]) -> str:
    """A choice of expressions. What all begin and end with stands once: ``re`` then sees the first letter of each."""
    ends = [end for end in (PLAIN.end, Spacing(elides=True).end) if all(one.endswith(f"){end}") for one in expressions)]
    if not ends or not all(one.startswith(_START) for one in expressions):
        return "|".join(expressions)
    bodies = [one.removeprefix(_START).removesuffix(f"){ends[0]}") for one in expressions]
    return f"{_START}{'|'.join(bodies)}){ends[0]}"


def _rows(pieces: Iterator[str], known: _Known) -> tuple[tuple[Row, ...], str | None]:
    """The choices up to a closing parenthesis, and that; None at the end."""
    rows: list[Row] = []
    parts: list[Part] = []
    closing = None
    for piece in pieces:
        if piece == "|":
            rows.append(tuple(parts))
            parts = []
        elif piece in {"(", "(?="}:
            parts.append(_group(pieces, known, ahead=piece == "(?="))
        elif piece[0] == ")":
            closing = piece
            break
        else:
            parts.append(_named(piece, known) if piece[0] == "{" else _spelt(piece))
    return (*rows, tuple(parts)), closing


def _group(pieces: Iterator[str], known: _Known, *, ahead: bool) -> Part:
    rows, closing = _rows(pieces, known)
    if closing is None:
        raise PatternError(f"unbalanced parenthesis in {known.source!r}")
    inner = _body(rows, known.spacing)
    regex = rf"(?={known.spacing.separator}(?:{inner}))" if ahead else f"(?:{inner})"
    return Part(regex, optional=closing.endswith("?"), glued=ahead, choices=rows)


@lru_cache(maxsize=20_000)
def _spelt(piece: str) -> Part:
    """A word as it stands, a gap or an end; kept, since the same few thousand stand in all patterns of a language."""
    if piece in _GAPS:
        return Part(piece)
    if piece == "$":
        return Part(_END_OF_SENTENCE, glued=True)
    if piece in _MASKED_WORDS:
        return Part(f"(?:{piece}|{_MASKED_WORDS[piece]})", texts=(piece, _MASKED_WORDS[piece]))
    text = piece.rstrip("?")
    regex = re.escape(text).replace(r"\-", r"[\s-]")
    return Part(f"{regex}?", texts=(text[:-1], text)) if piece.endswith("?") else Part(regex, texts=(text,))


def _named(piece: str, known: _Known) -> Part:
    name, optional = piece.rstrip("?")[1:-1], piece.endswith("?")
    slot = known.spacing.whose if name == "whose" else SLOTS.get(name)
    if slot:
        kinds = tuple(char for char in slot if char in SLOTTED)
        return Part(f"(?:{slot})", optional=optional, texts=kinds)
    if name not in known.classes:
        raise PatternError(f"unknown class {{{name}}} in {known.source!r}")
    words = known.classes[name]
    return Part(f"(?:{words.expression})", optional, choices=words.rows, asked=words.wanted, begun=words.begun)


def _body(rows: Sequence[Row], spacing: Spacing) -> str:
    return "|".join(_join(row, spacing) for row in rows)


def _join(parts: Row, spacing: Spacing) -> str:
    made, gap, open_start = "", "", True
    between = spacing.separator
    for part in parts:
        if part.regex in _GAPS:
            word = spacing.near_word if part.regex == "." else rf"{between}{spacing.gap_word}"
            gap = rf"(?:{word}){{0,{_GAPS[part.regex]}}}?"
        elif part.glued:
            made += f"{gap}{part.regex}"
            gap = ""
        elif open_start:
            made += f"(?:{part.regex}{between})?" if part.optional else part.regex
            open_start = part.optional
        else:
            piece = f"{gap}{between}{part.regex}"
            made += f"(?:{piece})?" if part.optional else piece
            gap = gap if part.optional else ""  # what may be missing does not take the gap before it along
    return made


def verb_forms(verb: str) -> list[str]:
    """Base, third person, past, participle and -ing form of a regular verb; extra words stay behind ("give up")."""
    head, _, tail = verb.partition(" ")
    forms = [head, _third(head), _past(head), _ing(head)]
    return [f"{form} {tail}".strip() for form in forms]


_VOWELS = re.compile(r"[aeiouy]+")


def _doubles(word: str) -> bool:
    """Whether the last letter is doubled: of one syllable ("scrapped", not "exited"); others are written out."""
    one_syllable = len(_VOWELS.findall(word)) == 1
    vowels = "aeiou"
    return one_syllable and word[-1] not in "aeiouwxyh" and word[-2] in vowels and word[-3:-2] not in vowels


def _third(word: str) -> str:
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "z", "ch", "sh", "o")) else f"{word}s"


def _past(word: str) -> str:
    if word.endswith("e"):
        return f"{word}d"
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ied"
    return f"{word}{word[-1]}ed" if _doubles(word) else f"{word}ed"


def _ing(word: str) -> str:
    if word.endswith("e") and not word.endswith(("ee", "oe", "ye")):
        return f"{word[:-1]}ing"
    return f"{word}{word[-1]}ing" if _doubles(word) else f"{word}ing"
