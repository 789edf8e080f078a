"""Every rule against its own examples: what fires must fire as promised, what is silent must stay silent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from watcher.core.findings import Finding
from watcher.core.reader import Document, Reader
from watcher.core.rule import Example, Rule, Subject
from watcher.core.source import SourceKind
from watcher.core.vendor import Vendor

NORTHGATE = Vendor("northgate", "Northgate")
_WRITTEN = datetime(2022, 3, 16, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Proof:
    """One example and how it went; ``fault`` is None where it did what it promises."""

    language: str
    rule: str
    example: Example
    fault: str | None


def prove(reader: Reader) -> tuple[Proof, ...]:
    """Run all examples. ``reader`` must know the vendor of the examples, ``NORTHGATE``, and nobody else."""
    return tuple(_proofs(reader))


def _proofs(reader: Reader) -> Iterator[Proof]:
    for language, grammar in reader.grammars.items():
        for rule in grammar.rules:
            for example in rule.examples:
                yield Proof(language, rule.id, example, _of_rule(reader, language, rule, example))
        for name, examples in grammar.examples.items():
            for example in examples:
                yield Proof(language, name, example, _of_words(reader, language, name, example))


def _read(reader: Reader, language: str, example: Example, *, policy: bool) -> list[Finding]:
    kind = SourceKind.VENDOR if policy else SourceKind.NEWS
    own = NORTHGATE.id if policy else None
    document = Document("", example.text, _WRITTEN, kind, own, policy=policy)
    if not reader.relevant("", example.text):
        return []
    return reader.findings(document, reader.grammars[language])


def _of_rule(reader: Reader, language: str, rule: Rule, example: Example) -> str | None:
    found = _read(reader, language, example, policy=rule.subject is Subject.DOCUMENT)
    mine = [finding for finding in found if finding.rule == rule.id]
    if not example.fires:
        return f"should be silent, but read {_told(mine[0])}" if mine else None
    if not mine:
        return "should fire, but read " + (_told(found[0]) if found else "nothing")
    if any(_as_promised(finding, example) for finding in mine):
        return None
    return f"should read {example.position} {example.audience or ''}, but read {_told(mine[0])}"


def _as_promised(finding: Finding, example: Example) -> bool:
    right = example.position in {None, finding.position}
    return right and example.audience in {None, finding.audience}


def _of_words(reader: Reader, language: str, name: str, example: Example) -> str | None:
    found = _read(reader, language, example, policy=False)
    if name.startswith("mentions.audience."):
        found = [finding for finding in found if finding.audience == name.rpartition(".")[2]]
    if example.fires and found and not any(_as_promised(finding, example) for finding in found):
        return f"should read {example.position}, but read {_told(found[0])}"
    if example.fires == bool(found):
        return None
    return "should be read, but was not" if example.fires else f"should be silent, but read {_told(found[0])}"


def _told(finding: Finding) -> str:
    return f"{finding.position} {finding.audience} (rule {finding.rule})"
