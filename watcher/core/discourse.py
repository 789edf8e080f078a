"""What a text has told so far: who is spoken of, who speaks, whether the technology was named, which day it was."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from watcher.core import pattern as slot
from watcher.core import when
from watcher.core.mention import Masked, Mention, Namer, Naming, mask
from watcher.core.rule import Grammar
from watcher.core.sentence import BULLET, Line, Sentence
from watcher.core.source import SourceKind
from watcher.core.statement import Audience
from watcher.core.syntax import NEVER, Syntax

_SPEAKER = re.compile(  # at the beginning of a paragraph: "MR. SMITH: We do not ..."
    r"^(?:(?:MR|MS|MRS|DR)\.? )?([A-Z][A-Z'’-]{2,}(?: [A-Z][A-Z'’-]+)?):\s", re.MULTILINE
)
_TRANSCRIPT = 3  # so many of them make a text a transcript, where a paragraph without goes on as the one before
_LISTED = re.compile(rf"(?:[{slot.VENDOR}{slot.PERSON}](?:,? (?:and|or) |, (?=[{slot.VENDOR}{slot.PERSON}]) ?))+$")
_QUOTE_MARK = re.compile(r"[\"“”„«»]")
_CONJUNCTION, _VERB = 8, 20  # characters around a name in which "after X followed" is looked for
_NEAR = 5  # sentences for which a named technology stays in mind
_FAR = 20  # at most, in a text that names it again and again
_TOLD = 3  # sentences for which a stance does
_NEWS_DAYS = 4  # a report that comes later than this tells of the past
_LETTER_DAYS = 8  # the same for a newsletter, which sums up a week


@dataclass(frozen=True, slots=True)
class Scene:
    """One sentence, masked, with what came before it."""

    sentence: Sentence
    masked: Masked
    syntax: Syntax
    index: int
    focus: str | None  # the vendor last spoken of
    we: str | None  # whose "we" it is
    near: bool  # the technology was named in the title or shortly before
    seen: bool  # the technology was named somewhere before
    named: bool  # the technology is named in this sentence, be it inside another name ("the face matching firm")
    own: str | None  # the vendor in whose own voice the document is
    title_vendors: tuple[str, ...]
    title_audience: Audience | None  # the only audience that the headline names
    titled: bool = False  # the headline names the technology
    last_day: when.Known = lambda: None  # the day that was named last
    person: str | None = None  # the vendor whose person was last named
    group: tuple[str, ...] = ()  # the vendors last named together, whom "both companies" means
    audience: Audience | None = None  # towards whom, when a sentence says only "them"
    told: str | None = None  # the vendor whose stance the sentences just before told
    terms: bool = False  # it stands in the vendor's own terms
    news_days: int = _NEWS_DAYS  # how long ago it may have been announced and still be news

    def said(self, mention: Mention) -> str:
        """The words of a mention in this sentence."""
        return _with_lead_in(self.sentence)[mention.start : mention.end]

    def words(self, low: int, high: int) -> str:
        """The words that a span of the masked sentence stands for."""
        return _with_lead_in(self.sentence)[slice(*self.masked.place(low, high))]


@dataclass(slots=True)
class Discourse:
    """The running memory; ``enter`` a sentence, read it, ``leave`` it."""

    naming: Naming
    grammar: Grammar
    own: str | None
    kind: SourceKind
    last_day: when.LastDay
    title: Masked
    title_vendors: tuple[str, ...]  # whom the headline names
    title_audience: Audience | None  # towards whom, by the headline, where it names one audience only
    titled: bool  # the headline names the technology
    focus: str | None = None
    person: str | None = None
    group: tuple[str, ...] = ()
    since_named: int | None = None
    times_named: int = 0
    index: int = 0
    speaker: str | None = None
    speaker_paragraph: int = -1
    transcript: bool = False
    quote_open: bool = False
    paragraph: int = -1
    audience: Audience | None = None
    told: tuple[str, int] | None = None
    terms: bool = False

    @classmethod
    def start(
        cls, title: str, text: str, namer: Namer, grammar: Grammar, own: str | None, kind: SourceKind, written: date
    ) -> "Discourse":
        """Before the first sentence: the title tells who and what it is about."""
        title = " ".join(title.split())
        whole = f"{title}\n{text}"
        naming = namer.within(whole, own)
        masked = mask(title, _named(naming, title, grammar.syntax), grammar.lexicon, grammar.syntax.passing)
        vendors = [m.vendor for _, m in masked.of(slot.VENDOR + slot.PERSON + slot.TECHNOLOGY) if m.vendor]
        titled = bool(masked.of(slot.TECHNOLOGY))
        return cls(
            naming,
            grammar,
            own,
            kind,
            when.LastDay(grammar.syntax.calendar, written),
            masked,
            _vendors_of(masked),
            _only_audience(masked),
            titled,
            focus=own or next(iter(vendors), None),
            group=_together(masked),
            since_named=0 if titled else None,
            transcript=len(_SPEAKER.findall(text)) >= _TRANSCRIPT,
        )

    @property
    def title_text(self) -> str:
        """The headline as it was written."""
        return self.naming.whole.partition("\n")[0]

    def headline(self) -> Scene:
        """The title as a sentence of its own, which stands nowhere in the text (its offsets are -1)."""
        sentence = Sentence(self.title_text, -1, -1, -1, Line.HEADING)
        masked = self.title
        return Scene(
            sentence,
            masked,
            self.grammar.syntax,
            0,
            self.own,
            self.own or self._labelled(masked),
            near=self.titled,
            seen=self.titled,
            named=masked.technology,
            own=self.own,
            title_vendors=self.title_vendors,
            title_audience=self.title_audience,
        )

    def enter(self, sentence: Sentence) -> Scene:
        """Mask a sentence and see it with what came before."""
        if sentence.paragraph != self.paragraph:
            self._new_paragraph(sentence)
        text = _with_lead_in(sentence)
        syntax = self.grammar.syntax
        meant = syntax.the_technology.regex if self._near else None
        masked = mask(text, _named(self.naming, text, syntax), self.grammar.lexicon, syntax.passing, meant)
        return Scene(
            sentence,
            masked,
            self.grammar.syntax,
            self.index,
            self.focus,
            self._we(sentence, masked),
            near=self._near,
            seen=self.since_named is not None,
            named=masked.technology,
            own=self.own,
            title_vendors=self.title_vendors,
            title_audience=self.title_audience,
            titled=self.titled,
            last_day=self.last_day,
            person=self.person,
            group=self.group,
            audience=self.audience,
            told=self.told[0] if self.told and self.index - self.told[1] <= _TOLD else None,
            terms=self.terms,
            news_days=_LETTER_DAYS if self.kind is SourceKind.NEWSLETTER else _NEWS_DAYS,
        )

    @property
    def _near(self) -> bool:
        """Whether the technology is in mind: named in the title, shortly before, or anywhere in a vendor's own post."""
        if self.titled:
            return True
        reach = min(_NEAR + 3 * self.times_named, _FAR)
        return self.since_named is not None and (self.own is not None or self.since_named <= reach)

    def _new_paragraph(self, sentence: Sentence) -> None:
        self.paragraph = sentence.paragraph
        self.quote_open = False
        label = _SPEAKER.match(sentence.text)
        if label:
            surname = label.group(1).split()[-1].title()
            self.speaker = self.naming.surnames.get(surname)
        if label or self.transcript:
            self.speaker_paragraph = sentence.paragraph

    def _we(self, sentence: Sentence, masked: Masked) -> str | None:
        if self.own:
            return self.own
        if self.speaker_paragraph == sentence.paragraph:
            return self.speaker
        if not self.quote_open and not _QUOTE_MARK.search(sentence.text):
            return self._labelled(masked)
        people = [m.vendor for _, m in masked.of(slot.PERSON)]
        if people:
            return people[0]
        vendors = {m.vendor for _, m in masked.of(slot.VENDOR)}
        if len(vendors) == 1 and not masked.of(slot.OTHERS):
            return vendors.pop()
        said = self.grammar.syntax.said.regex.search(masked.text)
        meant = said is not None and slot.PRONOUN in said.group()  # ", the company added"
        return None if masked.of(slot.OTHERS) and not vendors and not meant else self.focus

    def _labelled(self, masked: Masked) -> str | None:
        """The vendor that a label gives the word ("Northgate: We will not ...", "At Northgate we")."""
        if slot.WE not in masked.kinds and slot.OUR not in masked.kinds:
            return None
        syntax = self.grammar.syntax
        label = syntax.label.regex.match(masked.text) or syntax.at_home.regex.match(masked.text)
        named = masked.of(slot.VENDOR, 0, label.end()) if label else []
        return named[0][1].vendor if len(named) == 1 else None

    def leave(self, scene: Scene, holder: str | None = None) -> None:
        """Remember what a sentence told, and whose stance it was (``holder``)."""
        masked = scene.masked
        self.told = (holder, self.index) if holder else self.told
        if len(_QUOTE_MARK.findall(scene.sentence.text)) % 2:
            self.quote_open = not self.quote_open
        self.focus = _topic(self.grammar.syntax, masked) or self.focus
        self.last_day.unread.append(scene.sentence.text)
        towards = [m.audience for _, m in masked.of(slot.AUDIENCE) if m.audience]
        self.audience = towards[-1] if towards else self.audience
        people = [m.vendor for _, m in masked.of(slot.PERSON) if m.vendor]
        self.person = people[-1] if people else self.person
        self.group = _together(masked) or self.group
        if scene.named or (self.since_named is not None and masked.of(slot.THINGS)):
            self.since_named = 0
            self.times_named += 1
        elif self.since_named is not None and scene.sentence.line is not Line.HEADING:
            self.since_named += 1
        self.index += 1


def _vendors_of(title: Masked) -> tuple[str, ...]:
    found = [m.vendor for _, m in title.of(slot.VENDOR + slot.PERSON + slot.TECHNOLOGY + slot.THINGS) if m.vendor]
    return tuple(dict.fromkeys(found))


def _only_audience(title: Masked) -> Audience | None:
    named = {mention.audience for _, mention in title.of(slot.AUDIENCE)}
    return named.pop() if len(named) == 1 else None


def _named(naming: Naming, text: str, syntax: Syntax) -> Iterator[Mention]:
    """The names in a sentence, also those with the ending of a genitive ("Northgates Entscheidung")."""
    yield from naming.find(text)
    if syntax.genitive is not NEVER:
        yield from naming.find(syntax.genitive.regex.sub(" ", text))


def _with_lead_in(sentence: Sentence) -> str:
    """A list item as the end of the sentence that leads to it: colon and bullet give way to spaces, place by place."""
    if not sentence.lead_in:
        return sentence.text
    bullet = BULLET.match(sentence.text)
    item = " " * bullet.end() + sentence.text[bullet.end() :] if bullet else sentence.text
    return f"{sentence.lead_in.removesuffix(':')}{' ' * sentence.lead_in.endswith(':')} {item}"


def _topic(syntax: Syntax, masked: Masked) -> str | None:
    """The vendor that a sentence is about: the first that may be a subject, else the only one."""
    named = masked.of(slot.VENDOR + slot.PERSON)
    for at, mention in named:
        if subject_like(syntax, masked.text, at):
            return mention.vendor
    return _first(named)


def _together(masked: Masked) -> tuple[str, ...]:
    """The vendors that one sentence names, if they are several."""
    named = tuple(dict.fromkeys(mention.vendor for _, mention in masked.of(slot.VENDOR) if mention.vendor))
    return named if len(named) > 1 else ()


def _first(named: list[tuple[int, Mention]]) -> str | None:
    return named[0][1].vendor if len(named) == 1 else None


def behind_preposition(syntax: Syntax, text: str, at: int) -> bool:
    """Whether the mention at a masked place hangs on a preposition ("of Amazon"), "according to" aside."""
    before = _LISTED.sub("", text[max(0, at - 60) : at])  # "from Amazon and Microsoft": both hang on it
    return bool(syntax.preposition.regex.search(before)) and not syntax.according.regex.search(before)


def subject_like(syntax: Syntax, text: str, at: int) -> bool:
    """Whether the mention at a masked place may be the subject of what follows."""
    owns = text[at] == slot.VENDOR and syntax.possessive.regex.match(text, at + 1)  # behind "it" it is a verb
    done = syntax.time_clause.regex.search(text, max(0, at - _CONJUNCTION), at + _VERB)
    return not owns and (bool(done) or not behind_preposition(syntax, text, at))
