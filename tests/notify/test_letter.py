"""The letter as mail programs get it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from lxml import html

from tests.storage.samples import alert, stance
from watcher.core.alert import Alert
from watcher.core.digest import Chapter, Digest, Ending, News, Sight, Trouble, year_of
from watcher.core.letter import Letter
from watcher.core.source import Health
from watcher.core.week import Week
from watcher.notify.letter import IN_FULL, IN_LINES, as_html, as_text, message, subject

BEGIN = datetime(2020, 6, 8, 7, tzinfo=UTC)
WEEK = Week("2020-W24", BEGIN, BEGIN + timedelta(days=7))
ZONE = "Europe/Berlin"
LINK = "https://watcher.example/unsubscribe?t=YW5uYQ.c2ln"
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><a href="https://evil.example">click</a>',
    "{{ 7 * 7 }}{% raw %}",
    "</style><h1>Urgent</h1>",
    "Bcc: all@example.org\r\nSubject: forged\r\n\r\nbody",
    "<!channel> <@U123> \x1b[31mred\x07\x00",
    "\u202eevil\u202c \u200bzero\u2066",
)


def digest(*alerts: Alert, **changes: object) -> Digest:
    by_vendor: dict[str, list[News]] = {}
    for one in alerts:
        by_vendor.setdefault(one.vendor_name, []).append(News(one, 2))
    made = Digest(
        week=WEEK,
        chapters=tuple(Chapter(news[0].alert.vendor, name, tuple(news)) for name, news in by_vendor.items()),
        endings=(Ending("Amazon", stance(until=date(2020, 7, 1)), 16),),
        waiting=(),
        sight=Sight(42, 41, (Trouble("IBM blog", Health.FAILING, BEGIN, "timeout"),), ("Apple",), ("IBM",)),
        year=year_of(alerts, date(2020, 6, 15)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # each test knows its field


def letter() -> Letter:
    return Letter("anna@example.org", WEEK, WEEK.end)


def parsed(made: Digest, link: str | None = LINK) -> EmailMessage:
    sent = message(made, letter(), ZONE, link).as_bytes(policy=policy.SMTP)
    back = message_from_bytes(sent, policy=policy.default)
    assert isinstance(back, EmailMessage)
    return back


def words(text: str) -> str:
    return " ".join(html.fromstring(text).text_content().split())


def test_a_letter_says_who_towards_whom_from_what_to_what_and_proves_it() -> None:
    for text in (words(as_html(digest(alert()), ZONE, LINK)), as_text(digest(alert()), ZONE, LINK)):
        told = alert().main
        for part in ("8–15 June 2020", alert().vendor_name, str(told.audience), "2 further reports", "41 of 42"):
            assert part in text
        assert alert().main.quote in text
        assert "Not known, their own pages could not be read: IBM." in text
        assert "failing since 8 June 2020: timeout" in text
        assert "in 16 days" in text


def test_a_letter_of_an_empty_week_says_so_and_claims_no_calm_where_nobody_looked() -> None:
    made = digest()
    assert subject(made, ZONE) == "No change in facial-recognition policy, 8–15 June 2020"
    text = as_text(made, ZONE, None)
    assert "Nothing changed; 41 of 42 sources healthy." in text
    assert "Own pages read, nothing new on them: Apple." in text
    assert "Not known" in text


def test_one_click_ends_the_letters() -> None:
    mail = parsed(digest(alert()))
    assert mail["List-Unsubscribe"] == f"<{LINK}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert LINK in as_text(digest(alert()), ZONE, LINK)
    assert parsed(digest(alert()), None)["List-Unsubscribe"] is None


def test_a_letter_has_a_plain_and_an_html_part_and_the_same_name_at_each_attempt() -> None:
    first, second = parsed(digest(alert())), parsed(digest())
    assert [part.get_content_type() for part in first.iter_parts()] == ["text/plain", "text/html"]
    assert first["Message-ID"] == second["Message-ID"]
    assert "anna" not in first["Message-ID"]


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_a_feed_stay_words(text: str) -> None:
    told = replace(alert().main, quote=text, condition=text, product=text, before=text)
    made = replace(
        alert(), title=text, source_name=text, vendor_name=text, url="javascript:alert(1)", changes=(told, told)
    )
    given = digest(
        made, waiting=(text,), interest=(text,), sight=Sight(1, 0, (Trouble(text, Health.GONE, None, text),))
    )
    shown = as_html(given, ZONE, LINK)
    page = html.fromstring(shown)
    plain = html.fromstring(as_html(digest(replace(alert(), url=None)), ZONE, LINK))
    assert {node.tag for node in page.iter()} <= {node.tag for node in plain.iter()}
    assert [node.get("href") for node in page.iter("a")] == [LINK]
    assert not [name for node in page.iter() for name in node.attrib if name.startswith("on")]
    assert "49" not in words(shown).replace(text, "")
    mail = parsed(given)
    assert mail["Bcc"] is None
    assert len(mail.get_all("Subject", [])) == 1
    for part in (as_text(given, ZONE, LINK), shown, str(mail["Subject"])):
        assert not set(part) & set("\x1b\x07\x00\u202e\u202c\u200b\u2066\r")


def test_a_letter_stays_under_what_mail_programs_cut() -> None:
    long = "facial recognition " * 200
    told = replace(alert().main, quote=long, condition=long, product=long)
    many = [replace(alert(number), changes=(told, told), title=long, reason=long) for number in range(200)]
    made = digest(*many)
    assert len(as_html(made, ZONE, LINK).encode()) < 100_000
    assert len(parsed(made).as_bytes()) < 200_000
    left = 200 - IN_FULL - IN_LINES
    assert f"and {left} more" in as_text(made, ZONE, LINK)
