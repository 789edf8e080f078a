"""Whether everything that the watcher depends on answers: asked once, and nothing is stored or told."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from watcher.core.errors import FetchError
from watcher.core.source import Source, SourceType
from watcher.usecases.ports import Fetched, Fetcher, FetchRequest, Parsed, Parser


class State(StrEnum):
    """How a thing was found."""

    OK = "ok"
    WARNING = "warning"  # works, but not as it should; or it could not be looked at
    FAILED = "failed"
    SKIPPED = "skipped"  # not set up


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``about`` is its group (record, slack, mail, source), ``detail`` a sentence."""

    about: str
    name: str
    state: State
    detail: str


def examine_sources(
    fetcher: Fetcher,
    parser: Parser,
    sources: Sequence[Source],
    clock: Callable[[], datetime],
    progress: Callable[[int, int], None] | None = None,
) -> list[Finding]:
    """Ask each source once, all at once, without conditions; in the order of the sources."""
    found: dict[str, Finding] = {}
    for finding in _answers(fetcher, parser, {source.id: source for source in sources}, clock):
        found[finding.name] = finding
        if progress:
            progress(len(found), len(sources))
    return [found[source.id] for source in sources if source.id in found]


def _answers(
    fetcher: Fetcher, parser: Parser, sources: dict[str, Source], clock: Callable[[], datetime]
) -> Iterator[Finding]:
    requests = [FetchRequest(source.id, source.url, source=source) for source in sources.values()]
    for answer in fetcher.fetch(requests):
        if answer is not None:
            yield _finding(sources[answer.key], answer, parser, clock())


def _finding(source: Source, answer: Fetched, parser: Parser, now: datetime) -> Finding:
    try:
        state, detail = _read(source, answer, parser, now)
    except FetchError as error:
        state, detail = State.FAILED, f"{error.trouble}: {error.detail}"
    except Exception as error:  # noqa: BLE001  (outermost loop over sources: one that trips the parser stops no other)
        state, detail = State.FAILED, f"a bug of the watcher's own ({type(error).__name__})"
    return Finding("source", source.id, state, detail)


def _read(source: Source, answer: Fetched, parser: Parser, now: datetime) -> tuple[State, str]:
    if answer.error:
        raise answer.error
    moved = f"; it has moved to {answer.http.moved_to}" if answer.http.moved_to else ""
    if source.type is SourceType.POLICY:
        words = len(parser.policy(source, answer, now).text.split())
        return (State.WARNING if moved else State.OK), f"a page of {words} words{moved}"
    parsed = answer.content if isinstance(answer.content, Parsed) else parser.entries(source, answer)
    entries = f"{len(parsed.entries)} entr{'y' if len(parsed.entries) == 1 else 'ies'}"
    if not parsed.entries:
        return State.WARNING, f"it answers, and there is nothing in it{moved}"
    partial = f"; {parsed.partial}" if parsed.partial else ""
    return (State.WARNING if partial or moved else State.OK), f"{entries}{partial}{moved}"
