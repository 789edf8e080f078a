"""The small language in which rules are written, compiled to regular expressions.

A pattern is a row of words. ``(a|b c)`` is a choice, ``(a|b)?`` and ``{name}?`` may be missing, ``words?`` is "word" or
"words", ``{name}`` stands for a class of words or for a kind of mention, ``..`` for up to four words in between and
``...`` for up to nine; ``(?=a|b)`` asks for what follows without taking it, ``$`` for the end of the sentence. Words
match without regard to case; a hyphen matches a hyphen or a space. Gaps never step over another company, another actor
or a semicolon.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

VENDOR, PERSON, PRONOUN, WE, ITS, OUR, TECHNOLOGY, THING, AUDIENCE, ACTOR, NOISE, LAW, LAWMAKER, PRODUCT = (
    chr(0xE000 + n) for n in range(14)
)

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
    "whose": f"(?:[{VENDOR}{PRONOUN}]'s|{ITS}|{OUR})",
}

KINDS: Mapping[str, str] = {  # kinds of mentions that a rule file may list words for
    "technology": TECHNOLOGY, "thing": THING, "audience": AUDIENCE, "actor": ACTOR, "lawmaker": LAWMAKER, "law": LAW,
    "pronoun": PRONOUN, "its": ITS, "we": WE, "our": OUR, "noise": NOISE,
}  # fmt: skip

_SEPARATOR = r",?\s{1,4}"  # bounded: a run of commas or spaces in a hostile text costs nothing
_GAP_WORD = rf"(?!(?:not|never)\b|\w+n't\b)(?:{VENDOR}'s|[^\s;:{VENDOR}{WE}{ACTOR}{LAWMAKER}]+)"
_GAPS = {"..": 4, "...": 9}
_MASKED_WORDS = {"it": PRONOUN, "its": ITS, "their": ITS, "our": OUR, "we": WE}  # a rule may name them as they stand
_TOKEN = re.compile(r"\{[\w:-]+\}\??|\(\?=|\(|\)\??|\||\$|[^\s()|{}$]+")
_END_OF_SENTENCE = r"(?=\W*$)"


class PatternError(ValueError):
    """A pattern cannot be compiled; the text says where it went wrong."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern: the text it was made from, the regular expression it stands for, and the line it stands on."""

    source: str
    expression: str
    place: str = field(default="", compare=False)  # "en/stances.yaml:12"

    @property
    def regex(self) -> re.Pattern[str]:
        """Compiled when it is first asked for: most rounds read nothing, and compiling is slow."""
        return _compiled(self.expression)


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


def compile_pattern(source: str, classes: Mapping[str, str], place: str = "") -> Pattern:
    """Compile one pattern; ``classes`` maps names to regular expressions, ``place`` is the line it stands on.

    Raises:
        PatternError: unknown class, unbalanced parentheses, or an empty pattern.
    """
    pieces = _TOKEN.findall(source)
    if not pieces:
        raise PatternError("an empty pattern")
    body, rest = _sequence(pieces, classes, source)
    if rest:
        raise PatternError(f"unbalanced parenthesis in {source!r}")
    return Pattern(source, rf"(?<!\w)(?:{body})(?!\w)", place)


@dataclass(frozen=True, slots=True)
class _Part:
    """One piece of a pattern: a regular expression, whether it may be missing, whether it stands without a space."""

    regex: str
    optional: bool = False
    glued: bool = False


def _sequence(pieces: list[str], classes: Mapping[str, str], source: str) -> tuple[str, list[str]]:
    choices: list[str] = []
    parts: list[_Part] = []
    while pieces and not pieces[0].startswith(")"):
        piece, pieces = pieces[0], pieces[1:]
        if piece == "|":
            choices.append(_join(parts))
            parts = []
        elif piece in {"(", "(?="}:
            inner, pieces = _sequence(pieces, classes, source)
            if not pieces:
                raise PatternError(f"unbalanced parenthesis in {source!r}")
            ahead = piece == "(?="
            regex = rf"(?={_SEPARATOR}(?:{inner}))" if ahead else f"(?:{inner})"
            parts.append(_Part(regex, optional=pieces[0].endswith("?"), glued=ahead))
            pieces = pieces[1:]
        else:
            parts.append(_word(piece, classes, source))
    choices.append(_join(parts))
    return "|".join(choices), pieces


def _word(piece: str, classes: Mapping[str, str], source: str) -> _Part:
    if piece in _GAPS:
        return _Part(piece)
    if piece == "$":
        return _Part(_END_OF_SENTENCE, glued=True)
    if piece.startswith("{"):
        name = piece.rstrip("?")[1:-1]
        found = SLOTS.get(name) or classes.get(name)
        if found is None:
            raise PatternError(f"unknown class {{{name}}} in {source!r}")
        return _Part(f"(?:{found})", optional=piece.endswith("?"))
    if piece in _MASKED_WORDS:
        return _Part(f"(?:{piece}|{_MASKED_WORDS[piece]})")
    plural = piece.endswith("?")
    regex = re.escape(piece.rstrip("?")).replace(r"\-", r"[\s-]")
    return _Part(f"{regex}?" if plural else regex)


def _join(parts: list[_Part]) -> str:
    made, gap, open_start = "", "", True
    for part in parts:
        if part.regex in _GAPS:
            gap = rf"(?:{_SEPARATOR}{_GAP_WORD}){{0,{_GAPS[part.regex]}}}?"
        elif part.glued:
            made += f"{gap}{part.regex}"
            gap = ""
        elif open_start:
            made += f"(?:{part.regex}{_SEPARATOR})?" if part.optional else part.regex
            open_start = part.optional
        else:
            piece = f"{gap}{_SEPARATOR}{part.regex}"
            made += f"(?:{piece})?" if part.optional else piece
            gap = ""
    return made


def verb_forms(verb: str) -> list[str]:
    """Base, third person, past, participle and -ing form of a regular verb; extra words stay behind ("give up")."""
    head, _, tail = verb.partition(" ")
    forms = [head, _third(head), _past(head), _ing(head)]
    return [f"{form} {tail}".strip() for form in forms]


_ONE_SYLLABLE = 4  # letters: longer verbs that double their last one are written out in the rule files


def _doubles(word: str) -> bool:
    vowels = "aeiou"
    stressed = len(word) <= _ONE_SYLLABLE and word != "open"
    return stressed and word[-1] not in "aeiouwxyh" and word[-2] in vowels and word[-3:-2] not in vowels


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
