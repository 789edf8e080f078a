"""A document into statements: sentence by sentence, with what the sentences around tell.

``Discourse`` remembers who was spoken of; ``scope`` decides who holds what a cue says; ``terms`` finds until when and
under which condition. What several sentences say of one stance is joined at the end.
"""

import re
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.core.discourse import Discourse
from watcher.core.echo import echoes
from watcher.core.findings import Finding, add, join
from watcher.core.invisible import Visible, visible
from watcher.core.language import LOOK, language_of
from watcher.core.marks import Marks
from watcher.core.mention import Namer
from watcher.core.prefilter import Prefilter, Searching
from watcher.core.rule import Grammar, Outline
from watcher.core.scope import SOME, findings
from watcher.core.sentence import Line, split
from watcher.core.source import SourceKind
from watcher.core.statement import Audience, Position, Statement
from watcher.core.terms import afterthought
from watcher.core.vendor import Vendor

MAX_TEXT = 400_000  # characters of a text that are read: more than the longest terms of service hold
MAX_READ = 50_000  # of them in sentences that name the technology: more than any real page holds
_TERMS = re.compile(  # a vendor's post of its own rules, which are read as those of a policy page
    r"\b(?:terms|polic(?:y|ies)|code of|agreement|licen[cs]e|conditions|guidelines|acceptable use|términos|"
    r"condiciones|política|conditions|charte|nutzungsbedingungen|richtlinien?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Document:
    """What is to be read. ``published`` is best given in the author's own zone: "today" means the author's day.

    ``vendor``: whose own voice it is. ``policy``: a page of terms, where rules for customers are the vendor's stance.
    """

    title: str
    text: str
    published: datetime
    kind: SourceKind = SourceKind.NEWS
    vendor: str | None = None
    language: str | None = None
    policy: bool = False


@dataclass(frozen=True, slots=True)
class Readout:
    """What was read; ``note`` says why nothing was, where that is known; ``marks``: each statement in its sentence."""

    statements: tuple[Statement, ...]
    note: str | None = None
    marks: tuple[Marks | None, ...] = ()


class Reader:
    """Reads documents with the rules of one or more languages. ``version`` names the rules."""

    def __init__(
        self,
        vendors: Mapping[str, Vendor],
        grammars: Mapping[str, Grammar],
        version: str,
        searching: Searching,
        outlines: Mapping[str, Outline],
    ) -> None:
        self.vendors = vendors
        self.version = version
        self.grammars = grammars
        self._outlines = outlines
        self._namer = Namer(vendors)
        self._prefilter = Prefilter(vendors, self._namer, outlines.values(), searching)

    def but(self, language: str, grammar: Grammar) -> "Reader":
        """This reader with less in one language: what it passes over at first sight stays the same."""
        return self.with_grammars({**self.grammars, language: grammar})

    def with_grammars(self, grammars: Mapping[str, Grammar]) -> "Reader":
        """This reader with other rules for the same languages: what it passes over at first sight stays the same."""
        other = copy(self)
        other.grammars = grammars
        return other

    @property
    def needles(self) -> Sequence[bytes]:
        """What every post is searched for; see ``core.literal.squeeze`` for how they are written."""
        return self._prefilter.needles

    def relevant(self, title: str, text: str) -> bool:
        """Whether a text names the technology at all: cheap, and never false for a text with a statement in it."""
        return self._prefilter.passes(title, text)

    def read(self, document: Document) -> Readout:
        """The statements of a document, in the order of the text."""
        language = self.language(document)
        if language not in self.grammars:
            return Readout((), f"not read: the text seems to be in a language without rules ({language})")
        if not self.relevant(document.title, document.text):
            return Readout((), "does not name the technology")
        found = self.findings(document, self.grammars[language])
        statements = join(found, document.published.date(), own=document.vendor, kind=document.kind)
        note = None if statements else "names the technology, but no rule found a vendor's stance"
        marks = {(one.start, one.end, one.rule): one.marks for one in found if one.marks}
        return Readout(statements, note, tuple(marks.get((one.start, one.end, one.rule)) for one in statements))

    def place(self, rule: str) -> str | None:
        """The file and line on which a rule begins; None where no rule has that id."""
        rules = (one for grammar in self.grammars.values() for one in grammar.rules)
        return next((one.place for one in rules if one.id == rule), None)

    def language(self, document: Document) -> str:
        """The language of a document by its most frequent words; ``unknown`` when none is near."""
        return language_of(f"{document.title} {document.text[:LOOK]}", document.language, self._outlines)

    def findings(self, document: Document, grammar: Grammar) -> list[Finding]:
        """What each rule found, before it is joined; used to show marked sentences and to test rules."""
        seen = visible(document.text)
        found = self._read(replace(document, title=visible(document.title).text, text=seen.text), grammar)
        return [_as_it_stands(finding, seen, document.text) for finding in found] if seen.gaps else found

    def _read(self, document: Document, grammar: Grammar) -> list[Finding]:
        discourse = Discourse.start(
            document.title,
            document.text,
            self._namer,
            grammar,
            document.vendor,
            document.kind,
            document.published.date(),
        )
        found: list[Finding] = []
        left = MAX_READ
        discourse.terms = document.policy or (document.vendor is not None and bool(_TERMS.search(document.title)))
        for sentence in split(document.text[:MAX_TEXT], grammar.syntax.writing):
            if sentence.line is Line.LINK:
                continue
            scene = discourse.enter(sentence)
            left -= len(sentence.text) if scene.named else 0
            if left < 0:
                break
            made = findings(scene, grammar, document.published.date(), policy=discourse.terms)
            fresh = [self._towards_whom(finding, document.title) for finding in made]
            fresh += echoes(scene, grammar, found + fresh if fresh else found, document.published.date())
            told = [finding for finding in fresh if finding.position is not Position.ADVOCATE]
            thought = None if told else afterthought(scene, grammar, document.published.date())
            found = (add(found, thought) if thought else found) + fresh
            discourse.leave(scene, fresh[-1].vendor if fresh else None)
        return found + self._only_in_headline(discourse, grammar, document, found)

    def _only_in_headline(
        self, discourse: Discourse, grammar: Grammar, document: Document, found: Sequence[Finding]
    ) -> list[Finding]:
        """What the headline says of vendors of whom the text says nothing."""
        told = {finding.vendor for finding in found}
        made = findings(discourse.headline(), grammar, document.published.date(), policy=False)
        return [self._towards_whom(finding, document.title) for finding in made if finding.vendor not in told]

    def _towards_whom(self, finding: Finding, title: str) -> Finding:
        """A company that uses the technology on people of one kind means them where it names nobody."""
        vendor = self.vendors.get(finding.vendor)
        if vendor and finding.at_all and finding.audience is Audience.CONSUMERS is _serves(vendor, finding.quote):
            return replace(finding, position=finding.at_all)
        places = finding.audience is Audience.BUSINESS and not finding.towards_named  # "in five more shops": its own
        open_ended = places or (finding.audience is Audience.EVERYONE and not finding.to_all)
        meant = _serves(vendor, f"{title} {finding.quote}") if vendor else None
        if meant and open_ended and finding.position is not Position.ADVOCATE:
            some = finding.position is Position.EXIT and meant in SOME
            return replace(finding, audience=meant, position=Position.BAN if some else finding.position)
        return finding


def _serves(vendor: Vendor, text: str) -> Audience | None:
    """Whom a company means where it names nobody: those of a unit or product that is named, else its own."""
    named = (name.serves for name in vendor.names if name.serves and name.text in text)
    return next(named, vendor.serves)


def _as_it_stands(finding: Finding, seen: Visible, text: str) -> Finding:
    """A finding with the place and the quote that it has in the text with its unseen signs."""
    if finding.start < 0:  # read in the headline
        return finding
    start, end = seen.origin(finding.start, finding.end)
    return replace(finding, start=start, end=end, quote=text[start:end])
