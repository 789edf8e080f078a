"""Answers on their way to Slack, and what they look like there."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.ledgers import NOON, row
from tests.slack_blocks import MOST_TEXT, faults, text_size
from tests.slack_workspace import BOT_TOKEN, Workspace
from tests.storage.samples import alert, mute, proposal, report, review
from watcher.core.source import Health, Source, SourceKind, SourceState, SourceType
from watcher.core.statement import Audience
from watcher.entrypoints.slack_answers import Place, Voice
from watcher.notify.pages import choices, laid
from watcher.notify.replies import page
from watcher.usecases.answer import AlertLine, Chapter, SourceLine, Standing
from watcher.usecases.reply import Choose, Fares, Heard, Help, History, Muted, Reply, Said, Sorry, Stances, Waits, Week
from watcher.usecases.review import Echo, Pending, Ruled, Silence, Waiting

HOSTILE = "<!channel> <@U1> @here *bold* `code` \u202e\x1b[31m\r\n& <http://evil.example|click>"
SOURCE = Source("press", SourceType.FEED, "https://press.example/feed", SourceKind.NEWS)
TOLD = alert(
    vendor_name=HOSTILE,
    source_name=HOSTILE,
    url="javascript:alert(1)",
    changes=(replace(alert().main, quote=HOSTILE * 40, condition=HOSTILE),),
)
STANCE = row(quote=HOSTILE, condition=HOSTILE, source=HOSTILE, url="data:text/html,x")


def standing(number: int) -> Standing:
    day = STANCE.held_from
    name = f"{HOSTILE} {number}"
    return Standing("northgate", name, Audience.POLICE, STANCE.position, day, None, STANCE, own_voice=False, evidence=2)


REPLIES: list[Reply] = [
    Help(),
    Said(HOSTILE),
    Sorry(f"no vendor is known as {HOSTILE!r}", HOSTILE),
    Stances(NOON.date(), (), HOSTILE),
    Stances(NOON.date(), tuple(map(standing, range(200)))),
    History(HOSTILE, tuple(Chapter(STANCE) for _ in range(200))),
    History("Northgate", ()),
    Fares((SourceLine(SOURCE, SourceState("press", health=Health.FAILING, detail=HOSTILE)),), NOON),
    Waits(Pending(), {}),
    Waits(
        Pending(
            tuple(Waiting(replace(TOLD, key=f"k-{number}"), (report("k"),)) for number in range(60)),
            (proposal(phrase=HOSTILE), proposal(phrase=None)),
            (Silence(mute(), (TOLD,)),),
            (Echo(review(note=HOSTILE), TOLD, 3),),
        ),
        {"amazon": HOSTILE},
    ),
    Week(NOON, (AlertLine(TOLD, (), (report("k"),)),), 1, 2, 1),
    Muted(HOSTILE, mute()),
    Heard("Amazon", None, ()),
    Heard(HOSTILE, mute(), (TOLD,) * 60),
    Choose(TOLD),
    Ruled(TOLD, review(note=HOSTILE), rows=2),
    Ruled(TOLD, review(), new=False),
]


@pytest.mark.parametrize("reply", REPLIES, ids=lambda one: type(one).__name__)
def test_an_answer_is_within_slacks_limits_and_harmless(reply: Reply) -> None:
    shown = laid(page(reply))
    assert faults(shown.blocks) == []
    assert text_size(shown.blocks) <= MOST_TEXT
    assert 0 < len(shown.text) <= 40_000
    for text in (shown.text, str(shown.blocks)):
        assert "<!channel>" not in text
        assert "<@U1>" not in text
        assert "@here" not in text
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "javascript:" not in text
    assert "<http" not in shown.text


def test_what_has_no_room_is_counted() -> None:
    shown = laid(page(Heard("Amazon", mute(), (alert(),) * 60)))
    assert "And 40 more." in shown.text
    assert shown.blocks[-1]["elements"][0]["text"] == "And 40 more."


def test_the_choice_of_days_is_within_slacks_limits() -> None:
    assert faults(choices(TOLD)) == []


# --- on the way


@pytest.fixture
def slack() -> Iterator[Workspace]:
    with Workspace() as workspace:
        yield workspace


def test_an_answer_that_fails_is_tried_again(slack: Workspace) -> None:
    slack.failing, slept = 2, list[float]()
    said = Voice(BOT_TOKEN, slack.url, slept.append).say(Help(), Place(f"{slack.root}/respond/1"))
    assert (said, slept) == (True, [1.0, 2.0])
    assert slack.answered()["text"].startswith("What can be asked")


def test_an_answer_that_never_arrives_is_given_up_and_logged(
    slack: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    slack.failing = 99
    assert not Voice(BOT_TOKEN, slack.url, lambda _: None).say(Help(), Place(channel="C1", thread="1.0"))
    assert "an answer in Slack did not arrive" in caplog.text
    assert BOT_TOKEN not in caplog.text


@pytest.mark.parametrize(
    "address",
    [
        "http://evil.example/respond",
        "https://evil.example/hooks.slack.com",
        "http://hooks.slack.com/x",
        "https://hooks.slack.com.evil.example/x",
        "file:///etc/passwd",
        "gopher://x",
        "",
    ],
)
def test_no_address_but_slacks_is_answered(slack: Workspace, address: str) -> None:
    assert not Voice(BOT_TOKEN, slack.url).say(Help(), Place(address))


def test_without_an_address_one_person_alone_is_answered_in_the_channel(slack: Workspace) -> None:
    assert Voice(BOT_TOKEN, slack.url).say(Help(), Place(channel="C1", user="U1"))
    posted = slack.posted()
    assert (posted["method"], posted["user"]) == ("chat.postEphemeral", "U1")


def test_a_source_that_was_never_read_says_so() -> None:
    fresh = Fares((SourceLine(SOURCE, SourceState("press", health=Health.FAILING)),), datetime.now(UTC))
    assert "never read so far" in laid(page(fresh)).text
    state = SourceState("press", health=Health.FAILING, last_success=NOON - timedelta(days=3))
    assert "last good 3 days ago" in laid(page(Fares((SourceLine(SOURCE, state),), NOON))).text
