"""Values to store, each with every field that a test does not care about filled in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from watcher.core.absence import Absence
from watcher.core.alert import Alert, Report, Told
from watcher.core.capture import Capture
from watcher.core.change import Change, Verdict
from watcher.core.condition import Condition
from watcher.core.delivery import Delivery
from watcher.core.letter import Letter, Subscriber
from watcher.core.notice import Notice, NoticeKind
from watcher.core.post import Post, content_digest
from watcher.core.review import Mute, Person, Proposal, Review, Ruling
from watcher.core.severity import Severity
from watcher.core.source import SourceState
from watcher.core.stance import Evidence, Stance
from watcher.core.statement import Audience, Position, Statement
from watcher.core.week import Week
from watcher.usecases.ports import Reading, Store, UnitOfWork

NOW = datetime(2020, 6, 10, 21, 0, 0, 123456, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ODD = "Ça — “naïve” 日本語 🙂 \u202e'; DROP TABLE posts; --\t% _ \\ \x7f"
LONG_URL = "https://example.org/" + "a-very-long-address/" * 900


def post(number: int = 1, **changes: Any) -> Post:
    made = Post(
        source_id="feed",
        key=f"guid:{number}",
        version=1,
        title=f"Title {number}",
        text=f"Text {number}.",
        url=f"https://example.org/{number}",
        published=NOW - number * HOUR,
        seen=NOW,
        digest=content_digest(f"Title {number}", f"Text {number}."),
    )
    return replace(made, **changes)


def letter(address: str = "anna@example.org", week: int = 24) -> Letter:
    begin = NOW + (week - 24) * 7 * DAY
    return Letter(address, Week(f"2020-W{week}", begin, begin + 7 * DAY), begin + 7 * DAY)


def edited(old: Post, **changes: Any) -> Post:
    return replace(old, version=old.version + 1, text=f"{old.text} Edited.", seen=old.seen + HOUR, **changes)


def statement(**changes: Any) -> Statement:
    made = Statement("amazon", Position.MORATORIUM, Audience.POLICE, "We pause.", 3, 12, "pauses-police-use")
    return replace(made, **changes)


def stance(**changes: Any) -> Stance:
    made = Stance("amazon", Audience.POLICE, Position.MORATORIUM, date(2020, 6, 10), NOW, "post:1")
    return replace(made, **changes)


def alert(number: int = 1, **changes: Any) -> Alert:
    told = Told(
        change=Change.ANNOUNCED,
        audience=Audience.POLICE,
        position=Position.MORATORIUM,
        previous=None,
        previous_since=None,
        product="Rekognition",
        jurisdiction=None,
        until=date(2021, 6, 10),
        condition=None,
        announced=date(2020, 6, 10),
        quote="We pause.",
    )
    made = Alert(
        key=f"amazon-{number:012d}",
        vendor="amazon",
        vendor_name="Amazon",
        changes=(told,),
        reason="No stance was on record.",
        at=NOW + number * HOUR,
        post_id=f"{number:016d}",
        title="A pause",
        url="https://example.org/1",
        source_id="feed",
        source_name="A feed",
        source_kind="vendor",
        published=NOW,
        own_voice=True,
        rule="pauses-police-use",
    )
    return replace(made, **changes)


def report(key: str, number: int = 1, **changes: Any) -> Report:
    made = Report(
        alert_key=key,
        post_id=f"{number:016d}",
        url=None,
        source_id="press",
        source_name="The press",
        title="They pause",
        quote="It paused.",
        at=NOW + number * HOUR,
        own_voice=False,
    )
    return replace(made, **changes)


def notice(number: int = 1, **changes: Any) -> Notice:
    made = Notice(
        key=f"reminder-{number}",
        kind=NoticeKind.REMINDER,
        at=NOW + number * HOUR,
        title="A moratorium ends",
        lines=("In 30 days.", "On 10 June 2021."),
        vendor="amazon",
        url="https://example.org/1",
        severity=Severity.HIGH,
    )
    return replace(made, **changes)


def evidence(row: Stance, **changes: Any) -> Evidence:
    made = Evidence(row.id, "https://example.org/2", "The press", "It paused.", date(2020, 6, 11), NOW, "post:2")
    return replace(made, **changes)


def capture(**changes: Any) -> Capture:
    made = Capture("policy", NOW, NOW, "https://example.org/policy", "Policy", "We pause.", "0" * 64, "own/1", b"<p>")
    return replace(made, **changes)


def review(number: int = 1, **changes: Any) -> Review:
    return replace(Review(alert(number).key, Ruling.CONFIRM, Person("Ann", "U1"), NOW, "r1"), **changes)


def mute(**changes: Any) -> Mute:
    return replace(Mute("amazon", NOW, NOW + 7 * DAY, Person("Ann", "U1"), "r1"), **changes)


def proposal(**changes: Any) -> Proposal:
    rejected = (alert(1).key, alert(2).key)
    return replace(Proposal("pauses-police-use", Ruling.NOT_A_CHANGE, "it could pause", rejected, NOW), **changes)


def reading(of: Post, *verdicts: Verdict, **changes: Any) -> Reading:
    return replace(Reading(of.id, of.version, NOW, "rules-1", verdicts), **changes)


def save(store: Store, *posts: Post) -> None:
    with store.begin() as work:
        work.posts.add_new(posts)
        work.commit()


def fill(store: Store) -> None:
    with store.begin() as work:
        work.sources.save([SourceState("feed", polls=1)])
        work.posts.add_new([post(1), post(2), post(3)])
        work.posts.save_reading(reading(post(1)))
        work.stances.add([stance()])
        work.alerts.add(alert(1), ["C1"])
        work.captures.add(capture())
        work.commit()


def change_all(work: UnitOfWork) -> None:
    work.sources.save([SourceState("feed", polls=2), SourceState("new")])
    work.posts.add_new([post(4)])
    work.posts.add_version(edited(post(1)))
    work.posts.add_version(edited(post(2), url="https://example.org/moved"))
    work.posts.save_reading(reading(edited(post(2))))
    work.posts.set_text(post(3, text="All of it."))
    work.stances.add([stance(origin="post:9")])
    work.stances.add_evidence(evidence(stance()))
    work.alerts.add(alert(2), ["C1", "C2"])
    work.alerts.join(report(alert(1).key))
    work.alerts.save_delivery(Delivery(alert(1).key, "C1").begin(NOW))
    work.alerts.remark(alert(1).key, NOW, "Confirmed by Anna.")
    work.alerts.add_notice(notice(), ["C1"])
    work.captures.touch(capture(seen_last=NOW + HOUR))
    work.captures.add(capture(taken=NOW + HOUR))
    work.captures.save_absences([Absence("policy", "We pause.", NOW)])
    work.conditions.save([Condition("disk", NOW, "12 MB are free.")])
    work.letters.save_subscriber(Subscriber("anna@example.org", NOW, ("amazon",), "Europe/Berlin"))
    work.letters.add(letter())
    work.letters.key("links", "made here")
    work.reviews.add(review())
    work.reviews.add_mute(mute())
    work.reviews.add_proposal(proposal())
    work.reviews.add_echo(review(), post(1).id)


def everything(store: Store) -> list[Any]:
    keys = [alert(number).key for number in (1, 2)]
    posts = [post(number) for number in (1, 2, 3, 4)]
    with store.begin() as work:
        return [
            work.sources.states(),
            work.posts.latest("feed", [one.key for one in posts]),
            work.posts.unread(),
            [work.posts.find(one.url or "") for one in posts],
            work.posts.find("https://example.org/moved"),
            [work.posts.readings(one.id) for one in posts],
            work.posts.count(),
            work.stances.ledger(),
            work.stances.evidence("amazon"),
            work.alerts.all(),
            work.alerts.open_deliveries(),
            [(work.alerts.get(key), work.alerts.reports(key), work.alerts.deliveries(key)) for key in keys],
            [work.alerts.remarks(key) for key in keys],
            work.alerts.notices(),
            work.captures.all("policy"),
            work.captures.absences("policy"),
            work.captures.absences("policy", NOW),
            work.captures.pending(),
            work.conditions.all(),
            work.letters.subscribers(),
            work.letters.of("anna@example.org"),
            work.reviews.all(),
            work.reviews.mutes(),
            work.reviews.proposals(),
            work.reviews.echoes(),
        ]


def commit(store: Store, step: Callable[[UnitOfWork], None]) -> None:
    """One step and its commit: a store may notice at either that it cannot be."""
    with store.begin() as work:
        step(work)
        work.commit()
