"""The rules on trial: ``rules test``, ``rules diff``."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from watcher import bootstrap
from watcher.entrypoints.clock import utc_now
from watcher.entrypoints.inputs import Gate, archives, present
from watcher.entrypoints.options import Database, Feeds, Format, Formatted, Status
from watcher.entrypoints.show import forms, ruleforms
from watcher.entrypoints.show.screen import Screen
from watcher.entrypoints.show.words import count

if TYPE_CHECKING:  # they bring all that reads, and --help needs none of it
    from watcher.core.reader import Reader
    from watcher.usecases.backtest import Told
    from watcher.usecases.prove import Proof
    from watcher.usecases.rulediff import Difference

Mutate = Annotated[
    bool,
    typer.Option("--mutate", help="Leave out each cue, pseudo-cue, terminator ... in turn; an example must notice."),
]


def rules_test(mutate: Mutate = False, how: Formatted = Format.TABLE) -> None:
    """Try every rule on its own examples."""
    good = _mutated(how) if mutate else _tested(how)
    if not good:
        raise typer.Exit(Status.FAILED)


def rules_diff(
    other: Annotated[str, typer.Argument(metavar="OTHER", help="A folder of rules, made as watcher/rules is.")],
    archive: Annotated[
        list[str] | None,
        typer.Option("--archive", metavar="FILE", help="Read this archive (.jsonl) and not the stored posts."),
    ] = None,
    feeds: Feeds = None,
    database: Database = None,
    how: Formatted = Format.TABLE,
) -> None:
    """Read the stored posts with other rules too: which alerts come, go or change."""
    from watcher.config.rules import load_reader, rule_files  # noqa: PLC0415  (only here: it brings all that reads)
    from watcher.usecases.rulediff import differences  # noqa: PLC0415  (the same)

    present(archive or [])
    app = bootstrap.assemble(feeds, database)
    theirs = load_reader(app.vendors, rule_files(other))
    count_of, ours_told, theirs_told = _archived(app, theirs, archive) if archive else _stored(app, theirs)
    found = differences(ours_told, theirs_told)
    if how is Format.TABLE:
        _show_differences(found, count_of, len(theirs_told))
    else:
        forms.put(sys.stdout, map(ruleforms.difference, found), how)


_Replayed = tuple[int, "list[Told]", "list[Told]"]


def _stored(app: bootstrap.App, theirs: "Reader") -> _Replayed:
    from watcher.usecases.rulediff import given_stances, replay, stored_posts  # noqa: PLC0415  (only here)

    with app.reading() as store:
        given = given_stances(store)
        ours_told = replay(stored_posts(store), app.sources, app.reader, given)
        theirs_told = replay(stored_posts(store), app.sources, theirs, given)
        with store.begin() as work:
            return work.posts.count(), ours_told, theirs_told


def _archived(app: bootstrap.App, theirs: "Reader", files: list[str]) -> _Replayed:
    from watcher.usecases.backtest import backtest  # noqa: PLC0415  (only here)

    gate = Gate(archives(files, app.vendor_of))
    records, markup = list(gate.good()), app.markup(utc_now)
    ours_told, theirs_told = (
        list(backtest(records, reader, bootstrap.memory(), markup=markup)) for reader in (app.reader, theirs)
    )
    gate.close()
    return len(records), ours_told, theirs_told


def _show_differences(found: "list[Difference]", posts: int, alerts: int) -> None:
    from watcher.entrypoints.show.statements import show_difference  # noqa: PLC0415  (only where people look)

    screen = Screen(sys.stdout)
    for one in found:
        show_difference(screen, one)
    kinds = [one.kind.value for one in found]
    told = ", ".join(f"{kinds.count(kind)} {kind}" for kind in ("added", "lost", "changed"))
    screen.line(f"{count(posts, 'post')}; {count(alerts, 'alert')} with the other rules: {told}.")


def _tested(how: Format) -> bool:
    from watcher.usecases.mutate import untested as without_example  # noqa: PLC0415  (only here: it brings all that reads)
    from watcher.usecases.prove import prove  # noqa: PLC0415  (the same)

    reader = bootstrap.proving_reader()
    proofs, untested = prove(reader), without_example(reader)
    failed = [proof for proof in proofs if proof.fault]
    if how is not Format.TABLE:
        forms.put(sys.stdout, [*map(ruleforms.proof, proofs), *map(ruleforms.untested, untested)], how)
        return not (failed or untested)
    screen = Screen(sys.stdout)
    for proof in failed:
        screen.line(f"{proof.example.place}: {proof.rule}: {proof.fault}", hanging=2, style="red")
        screen.line(f"“{proof.example.text}”", indent=2)
    for entry in untested:
        screen.line(f"{entry.place}: {entry.owner}: needs {entry.needs}", hanging=2, style="red")
    told = f"{len(failed)} do not hold" if failed else "all hold"
    rest = f"; {count(len(untested), 'entry', 'entries')} without one" if untested else ""
    languages = sorted({proof.language for proof in proofs})
    if len(languages) > 1:
        for language in languages:
            screen.line(f"{language}: {_counted([proof for proof in proofs if proof.language == language])}")
    screen.line(f"{_counted(proofs)}: {told}{rest}.")
    return not (failed or untested)


def _counted(proofs: Sequence["Proof"]) -> str:
    rules = len({(proof.language, proof.rule) for proof in proofs})
    return f"{count(rules, 'rule')}, {count(len(proofs), 'example')}"


def _mutated(how: Format) -> bool:
    from watcher.usecases.mutate import mutate  # noqa: PLC0415  (only here: it brings all that reads)

    trials = list(mutate(bootstrap.proving_reader()))
    unnoticed = [trial for trial in trials if not trial.noticed]
    if how is not Format.TABLE:
        forms.put(sys.stdout, map(ruleforms.trial, trials), how)
        return not unnoticed
    screen = Screen(sys.stdout)
    for trial in unnoticed:
        entry = trial.entry
        met = f"; {count(trial.met, 'example')} met it" if trial.met else ""
        screen.line(f"{entry.place}: {entry.owner}: nobody misses the {entry.kind} {entry.text!r}{met}", hanging=2)
    told = f"{len(unnoticed)} can be left out and no example notices" if unnoticed else "an example notices each"
    screen.line(f"{count(len(trials), 'entry', 'entries')} left out in turn: {told}.")
    return not unnoticed
