"""What people type after ``/stance`` or after the bot's name → a question, or what was wrong with it."""

import html
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import get_close_matches
from enum import StrEnum

LONGEST = 300  # characters; a question is a line
_MOST_DAYS = 366


class Ask(StrEnum):
    """What can be asked, or asked for."""

    HELP = "help"
    STATUS = "status"
    HISTORY = "history"
    SOURCES = "sources"
    PENDING = "pending"
    DIGEST = "digest"
    MUTE = "mute"
    UNMUTE = "unmute"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"

    @property
    def writes(self) -> bool:
        """Whether it changes the record."""
        return self in _WRITES

    @property
    def needs(self) -> str | None:
        """What it cannot do without."""
        return _NEEDS.get(self)


_NEEDS = {
    Ask.HISTORY: "a vendor",
    Ask.MUTE: "a vendor",
    Ask.UNMUTE: "a vendor",
    Ask.SUBSCRIBE: "an address",
    Ask.UNSUBSCRIBE: "an address",
}
_ALSO = {"": Ask.HELP, "?": Ask.HELP, "review": Ask.PENDING, "snooze": Ask.MUTE, "letter": Ask.DIGEST}
_DATED = {Ask.STATUS: "on", Ask.MUTE: "until"}
_WRITES = frozenset({Ask.MUTE, Ask.UNMUTE, Ask.SUBSCRIBE, Ask.UNSUBSCRIBE})
_BARE = frozenset({Ask.HELP, Ask.SOURCES, Ask.PENDING, Ask.DIGEST})

_MARKUP = re.compile(r"[*_~`\"“”„‚‘]|^[<>]|(?<=\s)[<>](?=\s)")
_LINK = re.compile(r"<(?:mailto:|https?://)?([^<>|]+)(?:\|([^<>]*))?>")
_MENTION = re.compile(r"<[@#!][^<>]*>")
_CLAUSE = re.compile(r"(?:^|\s)(?:--)?(?P<word>on|until|till|for)[\s=]+(?P<rest>\S.*)$", re.IGNORECASE)
_DAYS = re.compile(r"(\d{1,3})\s*d(?:ays?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants: ``about`` is the vendor or the address as it was typed, ``day`` the date that was named."""

    ask: Ask
    about: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Misread:
    """What could not be understood, in a sentence; ``instead`` is what was probably meant, as it can be typed."""

    reason: str
    instead: str | None = None


def question(text: str, today: date) -> Question | Misread:
    """Read a line.

    What begins with no known word is taken for a vendor, and asks for its status.

    Args:
        text: the line as Slack hands it over, with its markup; a mention of the bot itself is left out.
        today: the day on which it is asked, for "yesterday" and "for 7 days".
    """
    line = plain(text)
    first, _, rest = line.partition(" ")
    ask = _ask(first)
    if ask is None:
        near = get_close_matches(first.casefold(), [*Ask, *filter(None, _ALSO)], n=1, cutoff=0.75)
        if near:
            return Misread(f"{first!r} is nothing that can be asked", f"{near[0]} {rest}".strip())
        ask, rest = Ask.STATUS, line
    return _asked(ask, rest.strip(), today)


def plain(text: str) -> str:
    """The words of a line of Slack, without mentions, links and emphasis."""
    unlinked = _LINK.sub(lambda link: link[2] or link[1], _MENTION.sub(" ", text[: 4 * LONGEST]))
    return " ".join(_MARKUP.sub("", html.unescape(unlinked)).split())[:LONGEST]


def _ask(word: str) -> Ask | None:
    known = word.casefold().rstrip(":,.!")
    return _ALSO.get(known) or (Ask(known) if known in set(Ask) else None)


def _asked(ask: Ask, rest: str, today: date) -> Question | Misread:
    if ask in _BARE:
        return Question(ask)
    about, day = rest, None
    if word := _DATED.get(ask):
        found = _dated(rest, word, today)
        if isinstance(found, Misread):
            return replace(found, instead=f"{ask} {found.instead}") if found.instead else found
        about, day = found
    if ask.needs and not about:
        return Misread(f"{ask} needs {ask.needs}", f"{ask} {'amazon' if 'vendor' in ask.needs else 'me@example.org'}")
    return Question(ask, about or None, day)


def _dated(rest: str, word: str, today: date) -> tuple[str, date | None] | Misread:
    """What stands before the date, and the date; ``on`` and ``until`` are for different questions."""
    clause = _CLAUSE.search(rest)
    if clause is None:
        return rest, None
    named = clause["word"].casefold()
    if (named == "on") is not (word == "on"):
        return Misread(f"{named!r} does not go with this", None)
    day = _day(clause["rest"], today, span=named == "for")
    if day is None:
        wrong = clause["rest"]
        return Misread(f"{wrong!r} is no date: write it as 2020-07-01", f"{rest[: clause.start()]} {word} 2020-07-01")
    return rest[: clause.start()].strip(), day


def _day(text: str, today: date, *, span: bool) -> date | None:
    if span:
        days = _DAYS.fullmatch(text.strip())
        return today + timedelta(days=int(days[1])) if days and 0 < int(days[1]) <= _MOST_DAYS else None
    words = {"today": today, "yesterday": today - timedelta(days=1), "tomorrow": today + timedelta(days=1)}
    try:
        return words.get(text.casefold()) or date.fromisoformat(text.strip(" .,!?"))
    except ValueError:
        return None
