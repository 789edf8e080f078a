"""``review``: what waits for a person's word, for people and for programs."""

from collections.abc import Callable, Iterator

from watcher.core.review import ECHO_WINDOW, Proposal
from watcher.entrypoints.show.forms import Form, iso
from watcher.entrypoints.show.forms import alert as alert_form
from watcher.entrypoints.show.screen import Screen
from watcher.entrypoints.show.words import count, minute
from watcher.usecases.propose import backtested, exclusion
from watcher.usecases.review import Echo, Pending, Ruled, Silence, Waiting, remark

Name = Callable[[str], str]


def forms(found: Pending) -> Iterator[Form]:
    """One object for each thing; ``waits`` says what it is."""
    for one in found.alerts:
        yield {"waits": "alert", **alert_form(one.alert), "reports": len(one.reports)}
    yield from map(_proposal_form, found.proposals)
    for silence in found.silences:
        yield _silence_form(silence)
    for echo in found.echoes:
        yield _echo_form(echo)


def _proposal_form(one: Proposal) -> Form:
    return {
        "waits": "proposal",
        "rule": one.rule,
        "ruling": one.ruling.value,
        "phrase": one.phrase,
        "rejected": list(one.rejected),
        "at": iso(one.at),
        "posts": one.posts,
        "removed": list(one.removed),
        "added": one.added,
        "confirmed": list(one.confirmed),
    }


def _silence_form(one: Silence) -> Form:
    mute = one.mute
    held = [alert.key for alert in one.held]
    return {
        "waits": "mute",
        "vendor": mute.vendor,
        "at": iso(mute.at),
        "until": iso(mute.until),
        "by": mute.by.name,
        "held": held,
    }


def _echo_form(one: Echo) -> Form:
    return {
        "waits": "sentence",
        "alert": one.alert.key,
        "quote": one.alert.main.quote,
        "ruling": one.review.ruling.value,
        "by": one.review.by.name,
        "at": iso(one.review.at),
        "until": iso(one.review.at + ECHO_WINDOW),
        "posts": one.posts,
    }


def ruled_form(done: Ruled) -> Form:
    """What a review did."""
    review = done.review
    return {
        "alert": done.alert.key,
        "ruling": review.ruling.value,
        "by": review.by.name,
        "at": iso(review.at),
        "note": review.note,
        "rows": done.rows,
    }


def show_ruled(screen: Screen, done: Ruled) -> None:
    """The same in a sentence or two."""
    screen.line(f"{done.alert.vendor_name}, {done.alert.key}: {remark(done.review)}.")
    if done.rows:
        moved = "taken back" if done.review.ruling.rejects else "put back"
        screen.line(f"{count(done.rows, 'entry', 'entries')} of the ledger {moved}; its messages are edited.")


def show_pending(screen: Screen, found: Pending, name: Name) -> None:
    """All that waits, what is kept from people, and how to say yes or no."""
    if found.empty:
        screen.line("Nothing waits for a yes or no, and nothing is kept back.")
        return
    for one in found.alerts:
        _waiting(screen, one)
    for proposal in found.proposals:
        screen.line(
            f"Rule {proposal.rule}: {len(proposal.rejected)} alerts taken back as {proposal.ruling}", style="bold"
        )
        screen.line(exclusion(proposal), indent=2)
        screen.line(backtested(proposal), indent=2)
        screen.line()
    for silence in found.silences:
        _silence(screen, silence, name)
    for echo in found.echoes:
        _echo(screen, echo)
    if found.alerts:
        screen.line(
            "watcher review ALERT --confirm, or --reject not-a-change, or --reject not-this-vendor", style="dim"
        )


def _waiting(screen: Screen, one: Waiting) -> None:
    alert, main = one.alert, one.alert.main
    head = f"{alert.vendor_name}: {main.position} towards {main.audience} ({main.change})"
    screen.line(f"{minute(alert.at)}  {head}", hanging=2, style="bold")
    screen.labelled("Only", f"{alert.source_name}: {alert.title}")
    screen.address(alert.url, indent=14)
    screen.labelled("Quote", f"“{main.quote}”")
    screen.labelled("Alert", alert.key)
    screen.line()


def _silence(screen: Screen, one: Silence, name: Name) -> None:
    mute = one.mute
    screen.line(f"{name(mute.vendor)} is muted until {minute(mute.until)}", style="bold")
    screen.labelled("By", f"{mute.by.name}, {minute(mute.at)}")
    kept = ", ".join(alert.key for alert in one.held)
    screen.labelled("Kept back", f"{count(len(one.held), 'alert')}{': ' + kept if kept else ''}")
    screen.line()


def _echo(screen: Screen, one: Echo) -> None:
    until = minute(one.review.at + ECHO_WINDOW)
    screen.line(f"A sentence that is not read again until {until}", style="bold")
    screen.labelled("Quote", f"“{one.alert.main.quote}”")
    screen.labelled("Taken back", f"by {one.review.by.name}, {minute(one.review.at)}: {one.review.ruling}")
    screen.labelled("Seen in", count(one.posts, "post"))
    screen.line()
