"""The language of a text that may be read: one with rules, or another, which is said and never guessed at.

Told by the share of a language's most frequent words. Neighbours share many of them (Spanish and Portuguese, German
and Dutch), so a text is read only where no neighbour comes near.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from watcher.core.finder import thinkable
from watcher.core.rule import Outline
from watcher.core.tongue import FREQUENT, foreign_name, script_of

ENGLISH, UNKNOWN = "en", "unknown"
LOOK = 4000  # characters
_ENGLISH_SHARE = 0.08  # of all words; other languages stay below 0.04 of English ones
_OTHER_SHARE = 0.25  # running text of the other languages has a third and more
_NAMED_SHARE = 0.15  # the same, where the text names the technology as the language does
_AHEAD = 0.05  # by which a language must lead before English
_NAMED = 0.1  # of all words, which a language's own name for the technology counts for
_APART = 1.1  # how many times as many words as its nearest neighbour without rules
_TOO_SHORT = 8  # words, too few to tell a language by
_SHORT = 15  # words; a headline may hold no frequent word at all
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str, declared: str | None, read: Mapping[str, Outline]) -> str:
    """The language of a text: one of ``read``, the code or the script of another, or ``unknown``.

    Args:
        text: its beginning is enough.
        declared: what the source says; believed only where the text itself does not tell.
        read: the languages that have rules.
    """
    words = [word.casefold() for word in _WORD.findall(text[:LOOK])]
    said = declared[:2] if declared else None
    shares = _shares(words, read) if len(words) >= _TOO_SHORT else {}
    if len(words) > _SHORT and _plainly_english(shares):
        return ENGLISH
    named = [language for language, outline in read.items() if _names(outline, text[:LOOK])]
    if len(words) < _TOO_SHORT:
        return script_of(text[:LOOK]) or _of_few_words(text, said, named, read)
    best = max(shares, key=lambda language: shares[language] + _NAMED * (language in named))
    english = shares.get(ENGLISH, 0.0)
    if shares[best] >= max(_NAMED_SHARE if best in named else _OTHER_SHARE, english + _AHEAD):
        return best if best in named or _apart(best, shares, read) else UNKNOWN
    if len(words) <= _SHORT:
        return script_of(text[:LOOK]) or _of_few_words(text, None, named, read)
    return ENGLISH if english >= _ENGLISH_SHARE else script_of(text[:LOOK]) or said or UNKNOWN


def _names(outline: Outline, text: str) -> bool:
    return any(term.regex.search(text) for term in thinkable(outline.named, text))


def _plainly_english(shares: Mapping[str, float]) -> bool:
    """Whether no other language comes near enough to ask how the technology is called: so it is nearly always."""
    english = shares.get(ENGLISH, 0.0)
    rival = max((share for language, share in shares.items() if language != ENGLISH), default=0.0)
    return english >= _ENGLISH_SHARE and rival < max(_NAMED_SHARE, english + _AHEAD)


def _of_few_words(text: str, said: str | None, named: Sequence[str], read: Mapping[str, Outline]) -> str:
    """By the only language whose name for the technology stands there, else by what the source says, else English."""
    if len(named) == 1:
        return named[0]
    foreign = foreign_name(text)
    if foreign and not named:
        return foreign
    return said if said and said in read and not named else ENGLISH


def _shares(words: Sequence[str], read: Mapping[str, Outline]) -> dict[str, float]:
    """The share of frequent words by language; those of a language with rules are its own."""
    known = {**FREQUENT, **{language: outline.stop_words for language, outline in read.items()}}
    times = Counter(words)
    return {
        language: sum([times[word] for word in frequent & times.keys()]) / len(words)
        for language, frequent in known.items()
    }


def _apart(best: str, shares: Mapping[str, float], read: Mapping[str, Outline]) -> bool:
    """Whether a language with rules leads clearly before those without."""
    others = [share for language, share in shares.items() if language not in read]
    return best not in read or shares[best] >= _APART * max(others, default=0.0)
