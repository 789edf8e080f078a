"""The known word that somebody probably meant."""

import difflib
from collections.abc import Iterable

_FEW = 20


def suggestion(word: str, known: Iterable[str], *, listed: bool = False) -> str:
    """``; did you mean "every"?`` for a word that is nearly a known one, else all known ones if they are few.

    ``listed``: the known ones are named already.
    """
    by_fold = {choice.casefold(): choice for choice in known}
    close = difflib.get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    if close:
        return f'; did you mean "{by_fold[close[0]]}"?'
    few = 0 < len(by_fold) <= _FEW and not listed
    return f"; known are {', '.join(sorted(by_fold.values()))}" if few else ""
