"""Answers about rules for programs: JSON with stable keys, which ``docs/commands.md`` names."""

from typing import TYPE_CHECKING

from watcher.entrypoints.show.forms import Form, alert

if TYPE_CHECKING:
    from watcher.usecases.mutate import Entry, Trial
    from watcher.usecases.prove import Proof
    from watcher.usecases.rulediff import Difference


def difference(one: "Difference") -> Form:
    """A line of ``rules diff``: the alert with these rules (``ours``) and with the others (``theirs``)."""
    return {
        "difference": one.kind.value,
        "record": one.record,
        "ours": alert(one.ours) if one.ours else None,
        "theirs": alert(one.theirs) if one.theirs else None,
    }


def proof(one: "Proof") -> Form:
    """An example of ``rules test``."""
    return {
        "language": one.language,
        "rule": one.rule,
        "place": one.example.place,
        "text": one.example.text,
        "fires": one.example.fires,
        "fault": one.fault,
    }


def untested(one: "Entry") -> Form:
    """An entry of the rule files that no example meets, as ``rules test`` names it among the examples."""
    return {
        "language": one.language,
        "rule": one.owner,
        "place": one.place,
        "text": one.text,
        "fires": None,
        "fault": "no example meets it",
    }


def trial(one: "Trial") -> Form:
    """A line of ``rules test --mutate``."""
    entry = one.entry
    return {
        "language": entry.language,
        "kind": entry.kind,
        "rule": entry.owner,
        "text": entry.text,
        "place": entry.place,
        "met": one.met,
        "noticed": one.noticed,
    }
