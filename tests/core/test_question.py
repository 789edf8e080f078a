"""What people type, and what it is taken for."""

from datetime import date

import pytest

from watcher.core.question import LONGEST, Ask, Misread, Question, plain, question

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Question(Ask.HELP)),
        ("?", Question(Ask.HELP)),
        ("HELP me", Question(Ask.HELP)),
        ("status", Question(Ask.STATUS)),
        ("status amazon", Question(Ask.STATUS, "amazon")),
        ("status amazon on 2020-07-01", Question(Ask.STATUS, "amazon", date(2020, 7, 1))),
        ("Status: Amazon on 2020-07-01.", Question(Ask.STATUS, "Amazon", date(2020, 7, 1))),
        ("status on 2020-07-01", Question(Ask.STATUS, None, date(2020, 7, 1))),
        ("status amazon --on 2020-07-01", Question(Ask.STATUS, "amazon", date(2020, 7, 1))),
        ("status amazon --on=2020-07-01", Question(Ask.STATUS, "amazon", date(2020, 7, 1))),
        ("status amazon on yesterday", Question(Ask.STATUS, "amazon", date(2026, 11, 22))),
        ("amazon", Question(Ask.STATUS, "amazon")),
        ("Clearview AI on 2021-01-01", Question(Ask.STATUS, "Clearview AI", date(2021, 1, 1))),
        ("<@U0WATCHER> status amazon on 2020-07-01", Question(Ask.STATUS, "amazon", date(2020, 7, 1))),
        ("*status* `amazon`", Question(Ask.STATUS, "amazon")),
        ("history “Face++”", Question(Ask.HISTORY, "Face++")),
        ("status AT&amp;T", Question(Ask.STATUS, "AT&T")),
        ("sources", Question(Ask.SOURCES)),
        ("sources please", Question(Ask.SOURCES)),
        ("pending", Question(Ask.PENDING)),
        ("review", Question(Ask.PENDING)),
        ("digest", Question(Ask.DIGEST)),
        ("mute amazon", Question(Ask.MUTE, "amazon")),
        ("mute amazon until 2026-12-01", Question(Ask.MUTE, "amazon", date(2026, 12, 1))),
        ("snooze amazon for 7 days", Question(Ask.MUTE, "amazon", date(2026, 11, 30))),
        ("mute amazon for 30d", Question(Ask.MUTE, "amazon", date(2026, 12, 23))),
        ("unmute amazon", Question(Ask.UNMUTE, "amazon")),
        ("subscribe <mailto:ann@example.org|ann@example.org>", Question(Ask.SUBSCRIBE, "ann@example.org")),
        ("unsubscribe ann@example.org", Question(Ask.UNSUBSCRIBE, "ann@example.org")),
    ],
)
def test_a_line_is_read_as_it_is_meant(text: str, expected: Question) -> None:
    assert question(text, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "reason", "instead"),
    [
        ("statsu amazon", "'statsu' is nothing that can be asked", "status amazon"),
        ("hsitory amazon", "'hsitory' is nothing that can be asked", "history amazon"),
        ("histroy", "'histroy' is nothing that can be asked", "history"),
        ("unmtue ibm", "'unmtue' is nothing that can be asked", "unmute ibm"),
        ("history", "history needs a vendor", "history amazon"),
        ("mute", "mute needs a vendor", "mute amazon"),
        ("mute until 2026-12-01", "mute needs a vendor", "mute amazon"),
        ("subscribe", "subscribe needs an address", "subscribe me@example.org"),
        (
            "status amazon on 2020-13-01",
            "'2020-13-01' is no date: write it as 2020-07-01",
            "status amazon on 2020-07-01",
        ),
        ("status amazon on Tuesday", "'Tuesday' is no date: write it as 2020-07-01", "status amazon on 2020-07-01"),
        ("mute amazon for ever", "'ever' is no date: write it as 2020-07-01", "mute amazon until 2020-07-01"),
        ("mute amazon for 999 days", "'999 days' is no date: write it as 2020-07-01", "mute amazon until 2020-07-01"),
        ("mute amazon on 2026-12-01", "'on' does not go with this", None),
        ("status amazon until 2026-12-01", "'until' does not go with this", None),
    ],
)
def test_what_is_not_understood_says_what_was_probably_meant(text: str, reason: str, instead: str | None) -> None:
    assert question(text, TODAY) == Misread(reason, instead)


def test_a_flood_of_text_is_a_line() -> None:
    found = question("status " + "a" * 100_000, TODAY)
    assert isinstance(found, Question)
    assert len(found.about or "") < LONGEST


def test_a_line_is_stripped_of_what_slack_puts_around_words() -> None:
    assert plain("<@U1>  _say_ <https://example.org|example.org> &lt;now&gt;") == "say example.org <now>"
