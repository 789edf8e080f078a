"""Texts that stand in the place of a page: a bot check, a login, a notice of repairs, or that there is no such page."""

import re

_SHORT = 1500  # characters; behind a real page stands more
_WALLS = (
    ("a bot check", r"checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|are you a (?:robot|human)"),
    ("a bot check", r"not a robot|unusual traffic|pardon our interruption|complete the (?:captcha|security check)"),
    ("a bot check", r"just a moment\b|attention required|security check to access|press (?:&|and) hold"),
    ("a page that denies access", r"access (?:to this page has been )?denied|403 forbidden|request (?:was )?blocked"),
    (
        "a page that denies access",
        r"you (?:do not|don't) have (?:permission|access)|unavailable in your (?:country|region)",
    ),
    ("a page that denies access", r"not available in your (?:country|region|location)|error 1020|ray id"),
    ("a JavaScript check", r"(?:enable|requires?|turn on|activate) (?:java ?script|cookies)"),
    ("a page for signing in", r"(?:sign|log) in to (?:continue|your account|view)"),
    ("a page of an error", r"50[0234] (?:bad gateway|service (?:temporarily )?unavailable|gateway time-?out|internal)"),
    ("a page of an error", r"internal server error|bad gateway|something went wrong|too many requests|try again later"),
    (
        "a page of an error",
        r"(?:down|closed) for (?:scheduled )?maintenance|scheduled maintenance|we'll be (?:right )?back",
    ),
)
_WALL = tuple((owner, re.compile(words)) for owner, words in _WALLS)
_MISSING = re.compile(
    r"^\W*(?:error )?(?:404|410)\b|\b(?:404|410)\b.{0,20}\b(?:not found|gone|error)"
    r"|(?:page|document|file|content) (?:was |is |could )?"
    r"(?:not (?:be )?found|no longer (?:available|exists?)|not available|been (?:removed|deleted))"
    r"|(?:page|document) (?:you (?:are|were) looking for|requested)?.{0,30}(?:does not|doesn't|no longer) exist"
    r"|(?:can't|cannot|couldn't|could not) find (?:the|that|this) page|page has been (?:removed|deleted|retired)"
)


def wall_text(text: str) -> str | None:
    """What a short text says to be in place of the page; None for anything that may be the page."""
    if len(text) >= _SHORT:
        return None
    said = _plain(text)
    return next((owner for owner, words in _WALL if words.search(said)), None)


def missing(text: str) -> bool:
    """Whether a short text says that there is no such page, as some servers do with a status of 200."""
    return len(text) < _SHORT and bool(_MISSING.search(_plain(text)))


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())
