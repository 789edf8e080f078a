"""Every rule against its own examples: what fires must fire as promised, what is silent must stay silent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from watcher.core.findings import Finding
from watcher.core.reader import Document, Reader
from watcher.core.rule import Example, Grammar, Rule, Subject
from watcher.core.source import SourceKind
from watcher.core.vendor import Name, NameKind, Vendor

NORTHGATE = Vendor("northgate", "Northgate", (Name("Gatekeeper", NameKind.PRODUCT),))
SOUTHGATE = Vendor("southgate", "Southgate")  # of whom something is told first, where Northgate does the same
EXEMPLARY = {vendor.id: vendor for vendor in (NORTHGATE, SOUTHGATE)}
_WRITTEN = datetime(2022, 3, 16, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Proof:
    """One example and how it went; ``fault`` is None where it did what it promises."""

    language: str
    rule: str
    example: Example
    fault: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """An example and what it belongs to: a rule, or words of any other kind by their name."""

    owner: Rule | str
    example: Example

    @property
    def name(self) -> str:
        """The rule's id, or the name of the words."""
        return self.owner if isinstance(self.owner, str) else self.owner.id


def prove(reader: Reader) -> tuple[Proof, ...]:
    """Run all examples. ``reader`` must know the vendors of the examples, ``EXEMPLARY``, and nobody else."""
    return tuple(
        Proof(language, claim.name, claim.example, fault_of(reader, language, claim))
        for language, grammar in reader.grammars.items()
        for claim in claims(grammar)
    )


def claims(grammar: Grammar) -> Iterator[Claim]:
    """All examples of a language."""
    for rule in grammar.rules:
        yield from (Claim(rule, example) for example in rule.examples)
    for name, examples in grammar.examples.items():
        yield from (Claim(name, example) for example in examples)


def fault_of(reader: Reader, language: str, claim: Claim) -> str | None:
    """What is wrong with an example, in words; None where it does what it promises."""
    if isinstance(claim.owner, str):
        return _of_words(_read(reader, language, claim.example, policy=False), claim.owner, claim.example)
    policy = claim.owner.subject is Subject.DOCUMENT
    return _of_rule(_read(reader, language, claim.example, policy=policy), claim.owner, claim.example)


def _read(reader: Reader, language: str, example: Example, *, policy: bool) -> list[Finding]:
    own = policy or example.own
    kind = SourceKind.VENDOR if own else SourceKind.NEWS
    document = Document(
        example.title, example.text, _WRITTEN, kind, vendor=NORTHGATE.id if own else None, policy=policy
    )
    if not reader.relevant(example.title, example.text):
        return []
    found = reader.findings(document, reader.grammars[language])
    return [finding for finding in found if finding.vendor == NORTHGATE.id]


def _of_rule(found: list[Finding], rule: Rule, example: Example) -> str | None:
    mine = [finding for finding in found if finding.rule == rule.id]
    if not example.fires:
        return f"should be silent, but read {_told(mine[0])}" if mine else None
    if not mine:
        return "should fire, but read " + (_told(found[0]) if found else "nothing")
    return _unless_promised(mine, example)


def _of_words(found: list[Finding], name: str, example: Example) -> str | None:
    if name.startswith("mentions.audience."):
        found = [finding for finding in found if finding.audience == name.rpartition(".")[2]]
    if example.fires == bool(found):
        return _unless_promised(found, example) if found else None
    return "should be read, but was not" if example.fires else f"should be silent, but read {_told(found[0])}"


def _unless_promised(found: list[Finding], example: Example) -> str | None:
    if any(_as_promised(finding, example) for finding in found):
        return None
    promised = (example.position, example.audience, _when(example.past))
    return f"should read {' '.join(str(one) for one in promised if one)}, but read {_told(found[0])}"


def _as_promised(finding: Finding, example: Example) -> bool:
    return (
        example.position in {None, finding.position}
        and example.audience in {None, finding.audience}
        and example.past in {None, finding.past}
    )


def _when(past: bool | None) -> str | None:
    return None if past is None else "told as past" if past else "told as news"


def _told(finding: Finding) -> str:
    return f"{finding.position} {finding.audience} {_when(finding.past)} (rule {finding.rule})"
