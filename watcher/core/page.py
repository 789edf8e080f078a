"""A policy page as headed sentences."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from watcher.core.normal import day_of, housekeeping, normal, unmarked
from watcher.core.sentence import Line, Sentence, split

_LEVEL = re.compile(r"\s*(#{1,6})\s")
_UNMARKED = 7  # a short line that looks like a heading stands below all that are marked as such
_WORDS = 4  # by which the beginning of a run of sentences is looked up


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence of a page under its headings, the outermost first.

    ``lead_in`` introduces the list in which it stands. ``words`` and ``lead`` are the two as they are compared.
    """

    text: str
    words: str
    line: Line = Line.PROSE
    lead_in: str | None = None
    lead: str = ""
    headings: tuple[str, ...] = ()
    paragraph: int = 0

    @property
    def key(self) -> str:
        """What makes it the same sentence wherever it stands. An item says nothing without its list's lead-in."""
        return f"{self.lead}: {self.words}" if self.lead else self.words

    @property
    def whole(self) -> str:
        """The sentence with the lead-in without which it cannot be understood."""
        return f"{self.lead_in} {self.text}" if self.lead_in else self.text


@dataclass(frozen=True)
class Page:
    """The sentences of a page in their order; ``dated`` is when the page says that it was last updated."""

    passages: tuple[Passage, ...]
    dated: date | None = None

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of all its sentences."""
        return frozenset(passage.key for passage in self.passages)

    @cached_property
    def leads(self) -> dict[str, set[str]]:
        """By the words of a sentence, the lead-ins under which it stands; an empty one for none."""
        found: dict[str, set[str]] = {}
        for passage in self.passages:
            found.setdefault(passage.words, set()).add(passage.lead)
        return found

    @cached_property
    def starts(self) -> dict[str, list[int]]:
        """Where the sentences stand that begin with certain words."""
        found: dict[str, list[int]] = {}
        for at, passage in enumerate(self.passages):
            for count in range(1, _WORDS + 1):
                found.setdefault(" ".join(passage.words.split()[:count]), []).append(at)
        return found

    def holds(self, passage: Passage) -> bool:
        """Whether it says the same sentence, anywhere."""
        if passage.key in self.keys:
            return True
        alike = self.leads.get(passage.words, ())
        return any(not (lead and passage.lead) for lead in alike)  # a colon behind the lead-in came or went

    def says(self, passage: Passage) -> bool:
        """Whether it says the sentence, in one piece or cut into several."""
        return self.holds(passage) or bool(self.run(passage))

    def run(self, passage: Passage) -> Sequence[Passage]:
        """The two or more sentences in a row that together say what a sentence says; empty where there are none."""
        first = passage.words.split()[:_WORDS]
        starts = {at for count in range(1, len(first) + 1) for at in self.starts.get(" ".join(first[:count]), ())}
        return next((run for at in sorted(starts) if len(run := self._run(at, passage.words)) > 1), ())

    def _run(self, at: int, words: str) -> Sequence[Passage]:
        end = at
        while words and end < len(self.passages) and f"{words} ".startswith(f"{self.passages[end].words} "):
            words = words[len(self.passages[end].words) :].lstrip()
            end += 1
        return () if words else self.passages[at:end]


@lru_cache(maxsize=64)  # one look compares a page with itself as it was, and pages hold a megabyte at most
def page_of(text: str) -> Page:
    """A text as a page. Lines that only tell of the page itself ("Last updated ...") are no sentences of it."""
    text = unmarked(text)
    passages: list[Passage] = []
    above: list[tuple[int, str]] = []
    dated: date | None = None
    for sentence in split(text):
        line = _line(text, sentence)
        if housekeeping(line) or housekeeping(sentence.text):
            dated = dated or day_of(line)
            continue
        if sentence.line is Line.HEADING and above[-1:] != [(_level(line), line)]:
            above = [*((level, heading) for level, heading in above if level < _level(line)), (_level(line), line)]
        made = _passage(sentence, above)
        if made.words:
            passages.append(made)
    return Page(tuple(passages), dated)


def _line(text: str, sentence: Sentence) -> str:
    begin, end = text.rfind("\n", 0, sentence.start) + 1, text.find("\n", sentence.end)
    return text[begin : end if end >= 0 else len(text)].strip()


def _level(heading: str) -> int:
    marked = _LEVEL.match(heading)
    return len(marked[1]) if marked else _UNMARKED


def _passage(sentence: Sentence, above: Sequence[tuple[int, str]]) -> Passage:
    heading = sentence.line is Line.HEADING
    return Passage(
        text=sentence.text,
        words=normal(sentence.text),
        line=sentence.line,
        lead_in=sentence.lead_in,
        lead=normal(sentence.lead_in) if sentence.lead_in else "",
        headings=tuple(text for _, text in (above[:-1] if heading else above)),
        paragraph=sentence.paragraph,
    )


def excerpt(passages: Iterable[Passage]) -> str:
    """Sentences as a text of their own, each under its heading and its list's lead-in.

    Both are repeated where a sentence needs them: "facial recognition" says nothing without "You may not use it for:".
    """
    lines: list[str] = []
    last: Passage | None = None
    for passage in passages:
        _write(lines, passage, last)
        last = passage
    return "\n\n".join(lines)


def _write(lines: list[str], passage: Passage, last: Passage | None) -> None:
    same = last is not None and last.headings == passage.headings
    if passage.headings and not same and passage.line is not Line.HEADING and lines[-1:] != [passage.headings[-1]]:
        lines.append(passage.headings[-1])
    led = last is not None and same and last.lead_in == passage.lead_in
    if passage.lead_in and not led and not "".join(lines[-1:]).endswith(passage.lead_in):
        lines.append(passage.lead_in)
    if same and last is not None and passage.paragraph == last.paragraph:
        lines[-1] = f"{lines[-1]} {passage.text}"
    else:
        lines.append(passage.text)
