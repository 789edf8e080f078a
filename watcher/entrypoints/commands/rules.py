"""The rules on trial: ``rules test``."""

import sys
from typing import Annotated

import typer

from watcher import bootstrap
from watcher.entrypoints.options import Format, Formatted, Status
from watcher.entrypoints.show import forms
from watcher.entrypoints.show.screen import Screen
from watcher.entrypoints.show.words import count

Mutate = Annotated[
    bool,
    typer.Option("--mutate", help="Leave out each cue, pseudo-cue, terminator ... in turn; an example must notice."),
]


def rules_test(mutate: Mutate = False, how: Formatted = Format.TABLE) -> None:
    """Try every rule on its own examples."""
    good = _mutated(how) if mutate else _tested(how)
    if not good:
        raise typer.Exit(Status.FAILED)


def _tested(how: Format) -> bool:
    from watcher.usecases.mutate import untested as without_example  # noqa: PLC0415  (only here: it brings all that reads)
    from watcher.usecases.prove import prove  # noqa: PLC0415  (the same)

    reader = bootstrap.proving_reader()
    proofs, untested = prove(reader), without_example(reader)
    failed = [proof for proof in proofs if proof.fault]
    if how is not Format.TABLE:
        forms.put(sys.stdout, [*map(forms.proof, proofs), *map(forms.untested, untested)], how)
        return not (failed or untested)
    screen = Screen(sys.stdout)
    for proof in failed:
        screen.line(f"{proof.example.place}: {proof.rule}: {proof.fault}", hanging=2, style="red")
        screen.line(f"“{proof.example.text}”", indent=2)
    for entry in untested:
        screen.line(f"{entry.place}: {entry.owner}: needs {entry.needs}", hanging=2, style="red")
    rules = len({(proof.language, proof.rule) for proof in proofs})
    told = f"{len(failed)} do not hold" if failed else "all hold"
    rest = f"; {count(len(untested), 'entry', 'entries')} without one" if untested else ""
    screen.line(f"{count(rules, 'rule')}, {count(len(proofs), 'example')}: {told}{rest}.")
    return not (failed or untested)


def _mutated(how: Format) -> bool:
    from watcher.usecases.mutate import mutate  # noqa: PLC0415  (only here: it brings all that reads)

    trials = list(mutate(bootstrap.proving_reader()))
    unnoticed = [trial for trial in trials if not trial.noticed]
    if how is not Format.TABLE:
        forms.put(sys.stdout, map(forms.trial, trials), how)
        return not unnoticed
    screen = Screen(sys.stdout)
    for trial in unnoticed:
        entry = trial.entry
        met = f"; {count(trial.met, 'example')} met it" if trial.met else ""
        screen.line(f"{entry.place}: {entry.owner}: nobody misses the {entry.kind} {entry.text!r}{met}", hanging=2)
    told = f"{len(unnoticed)} can be left out and no example notices" if unnoticed else "an example notices each"
    screen.line(f"{count(len(trials), 'entry', 'entries')} left out in turn: {told}.")
    return not unnoticed
