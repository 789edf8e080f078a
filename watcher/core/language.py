"""The language of a text that may be read: one with rules, or another, which is said and never guessed at.

Told by the share of a language's most frequent words. Neighbours share many of them (Spanish and Portuguese, German
and Dutch), so a text is read only where no neighbour comes near.
"""

import re
from collections.abc import Mapping

from watcher.core.rule import Outline
from watcher.core.tongue import FREQUENT, script_of

ENGLISH, UNKNOWN = "en", "unknown"
LOOK = 4000  # characters
_ENGLISH_SHARE = 0.08  # of all words; other languages stay below 0.04 of English ones
_OTHER_SHARE = 0.15  # running text of the other languages has a third and more
_AHEAD = 0.05  # by which a language must lead before English
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
    if len(words) <= _SHORT:
        return _of_headline(text, words, said, read)
    shares = _shares(words, read)
    best = max(shares, key=lambda language: shares[language])
    english = shares.get(ENGLISH, 0.0)
    if shares[best] >= max(_OTHER_SHARE, english + _AHEAD):
        return best if _apart(best, shares, read) else UNKNOWN
    return ENGLISH if english >= _ENGLISH_SHARE else script_of(text[:LOOK]) or said or UNKNOWN


def _of_headline(text: str, words: list[str], said: str | None, read: Mapping[str, Outline]) -> str:
    """A few words: whose name for the technology they hold, else what the source says; English where neither tells."""
    named = [language for language, outline in read.items() if any(term.regex.search(text) for term in outline.terms)]
    if named and ENGLISH not in named:
        return named[0] if len(named) == 1 else UNKNOWN
    if len(words) < _TOO_SHORT:
        return said if said and said in read and not named else ENGLISH
    shares = _shares(words, read)
    best = max(shares, key=lambda language: shares[language])
    clear = shares[best] >= _OTHER_SHARE and shares[best] >= 2 * shares.get(ENGLISH, 0.0)
    return best if clear and not named and _apart(best, shares, read) else ENGLISH


def _shares(words: list[str], read: Mapping[str, Outline]) -> dict[str, float]:
    """The share of frequent words by language, English first; those of a language with rules are its own."""
    known = {**FREQUENT, **{language: outline.stop_words for language, outline in read.items()}}
    return {language: sum(map(frequent.__contains__, words)) / len(words) for language, frequent in known.items()}


def _apart(best: str, shares: Mapping[str, float], read: Mapping[str, Outline]) -> bool:
    """Whether a language with rules leads clearly before those without."""
    others = [share for language, share in shares.items() if language not in read]
    return best not in read or shares[best] >= _APART * max(others, default=0.0)
