"""A sentence of a policy page as it is compared: what no reader would call a change is gone from it.

Numbering, links, references to sections, dates, punctuation, quotes and dashes, capitals, white space, and British or
American spelling. Of public archives of terms pages 60 to 73 % of the recorded changes changed no more than that.
A day that ends something ("until 10 June 2021") is kept: another end is another policy.
"""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from watcher.core.spelling import one_spelling

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    rf"\b(?:(?P<iso>{_YEAR}-\d\d-\d\d)"
    rf"|(?P<m1>{_MONTH})\.? (?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y1>{_YEAR}))\b"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\.?(?: of)? (?P<m2>{_MONTH})\.?,? (?P<y2>{_YEAR})\b"
    rf"|(?P<m3>{_MONTH})\.?,? (?P<y3>{_YEAR})\b"
    rf"|(?:{_MONTH})\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?!\.?\d)|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b"
    rf"|\d{{1,2}}[/.]\d{{1,2}}[/.](?:\d{{4}}|\d\d)\b"
    rf"|(?<=in )(?P<y4>{_YEAR})\b|(?<=since ){_YEAR}\b|(?<=© ){_YEAR}(?:\s*[-–]\s*{_YEAR})?"
    rf"|(?<=copyright ){_YEAR}(?:\s*[-–]\s*{_YEAR})?|(?<=end of )(?P<y5>{_YEAR})\b)"
)
_ENDS = re.compile(
    r"\b(?:until|till|through|before|by|expir\w+(?: on)?|end(?:s|ing)?(?: on)?|no later than|up to)"
    r"\s+(?:the )?(?:end of )?$"
)
_LINK = re.compile(r"!?\[([^\]\[]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)")
_MARKS = re.compile(r"(?<![\w*\\])(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=[^\s\\])\1(?![\w*])")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|&])")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b\S+@\S+\.\w+")
_BULLET = r"[•·▪◦*‣\u2013\u2014+-]"
_PLACE = r"(?:\d{1,3}(?:\.\d{1,3})*|[ivxlc]{1,6}|[a-z])(?:\([a-z0-9]{1,4}\))*"
_NUMBER = (
    rf"(?:(?:section|article|clause|part|annex|§)\s*)?\(?(?:\d{{1,3}}(?:\.\d{{1,3}})+[.):]?|{_PLACE}[.):])"
    rf"|(?:(?:section|article|clause|part|annex)\s+|§\s*){_PLACE}(?=\s*(?:[-–—:.]|$))"
)
_NUMBERING = re.compile(rf"^\s*(?:(?:>\s*)*#+\s*)?(?:{_BULLET}\s+)?(?:(?:{_NUMBER})\s*(?:[-–—:.]\s*)?(?:\s|$))*")
_REFERENCE = re.compile(
    r"(?:\b(?:sections?|clauses?|articles?|paragraphs?|exhibits?|schedules?|annex(?:es)?|appendix|parts?|chapters?)|§+)"
    r"\s*(?:\d{1,3}(?:\.\d{1,3})*|[ivx]{1,5}\b|[a-h]\b)(?:\.?\([a-z0-9]{1,4}\))*"
    r"(?:(?:\s*,\s*|\s+(?:and|or|to|through)\s+|\s*[-–]\s*)\d{1,3}(?:\.\d{1,3})*(?:\([a-z0-9]{1,4}\))*)*"
)
_APOSTROPHES = re.compile("['’ʼ‘`´]")
_INITIALS = re.compile(r"(?<=\b[a-z])\.(?=[a-z]\b)")
_NOT_WORDS = re.compile(r"[^\w]+")
_TOGETHER = re.compile(
    r"\b(?:(e) (mails?)|(web) (sites?|pages?)|(on|off) (line)|(non|anti|pre|re|co) (\w+)|(per) (cent))\b"
)

_HOUSE_NAMES = (
    "last latest most recently recent updated update updates revised revision modified changed amended reviewed "
    "published posted effective date dated as of on from since in is was were are the this these our page document "
    "policy policies terms agreement guidelines version and by starting valid current currently printed copyright all "
    "rights reserved inc llc ltd corporation its affiliates at utc gmt am pm to v notice here history see previous "
    "versions archived go back top"
)
_HOUSE_WORDS = frozenset(_HOUSE_NAMES.split())
_HOUSE_CUE = re.compile(
    r"\b(?:updated?|revis\w+|modified|changed|amended|reviewed|published|posted|effective|version|as of|archived|"
    r"copyright)\b|©|\bv?\d+(?:\.\d+)+\b|\blast\b"
)
_OWNER = 4  # words of the company's name that a copyright line may hold besides


def unmarked(text: str) -> str:
    """Markdown without its link targets, emphasis and escapes, since archives of terms are often kept in it."""
    if "[" in text or "*" in text or "_" in text or "\\" in text:
        text = _ESCAPED.sub(r"\1", _MARKS.sub(r"\2", _LINK.sub(r"\1", text)))
    return text


@lru_cache(maxsize=20_000)  # the sentences of a page are the same at nearly every look
def normal(sentence: str) -> str:
    """The sentence as it is compared: words in lower case, split by one blank; empty for a bare number or date."""
    text = _prepared(sentence)
    text = _REFERENCE.sub(" section ", _DATE.sub(_date, text))
    text = _INITIALS.sub("", _APOSTROPHES.sub("", text)).replace("&", " and ").replace("%", " percent ")
    words = _NOT_WORDS.sub(" ", text).split()
    return _TOGETHER.sub(_joined, " ".join(map(one_spelling, words)))


def housekeeping(line: str) -> bool:
    """Whether a line tells only of the page itself: "Last updated 1 May 2020", "© 2024 Northgate Inc."."""
    text = _prepared(line)
    dated = bool(_DATE.search(text)) or "©" in text or "copyright" in text
    if not (dated and _HOUSE_CUE.search(text)):
        return False
    words = _NOT_WORDS.sub(" ", _DATE.sub(" ", text)).split()
    strange = [word for word in words if word not in _HOUSE_WORDS and not word.isdigit()]
    return len(strange) <= (_OWNER if "©" in text or "copyright" in text else 0)


def day_of(line: str) -> date | None:
    """The first whole date that a line names."""
    for match in _DATE.finditer(_prepared(line)):
        day = _day(match)
        if day is not None:
            return day
    return None


def _prepared(sentence: str) -> str:
    text = unicodedata.normalize("NFKC", unmarked(sentence)).casefold()
    return _ADDRESS.sub(" ", _NUMBERING.sub("", text))


def _joined(match: re.Match[str]) -> str:
    return "".join(part for part in match.groups() if part)


def _date(match: re.Match[str]) -> str:
    if not _ENDS.search(match.string[max(0, match.start() - 30) : match.start()]):
        return " "
    day = _day(match)
    year = match["y3"] or match["y4"] or match["y5"]
    month = match["m3"]
    if day is not None:
        return f" {day:%Y%m%d} "
    return f" {month[:3]}{year} " if month else f" {year or match.group()} "


def _day(match: re.Match[str]) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        month, day, year = match["m1"] or match["m2"], match["d1"] or match["d2"], match["y1"] or match["y2"]
        return date(int(year), _MONTHS.index(month[:3]) + 1, int(day)) if month else None
    except ValueError:
        return None
