import io
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.notify.samples import AMAZON, MORATORIUM, NOTICE, report, told
from watcher.core.change import Change
from watcher.core.errors import DeliveryError
from watcher.core.message import Batch, Bulletin, Reply
from watcher.core.modality import Shift
from watcher.core.statement import Position
from watcher.notify.terminal import WIDTH, TerminalNotifier, columns, render, wrap


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_an_alert_reads_well() -> None:
    out = io.StringIO()
    assert TerminalNotifier(out).send(Bulletin(told(condition="until Congress acts")), "terminal") == "printed"
    assert out.getvalue() == (
        "Amazon: moratorium towards police (announced)\n"
        "  Before      no stance on record\n"
        "  After       moratorium until 10 June 2021\n"
        "  Towards     police\n"
        "  Announced   10 June 2020\n"
        "  Condition   until Congress acts\n"
        "  Product     Rekognition\n"
        "  “We're implementing a one-year moratorium on police use of Amazon's facial\n"
        "  recognition technology.”\n"
        "  Said by Amazon itself, About Amazon, 10 June 2020\n"
        "  We are implementing a one-year moratorium on police use of Rekognition\n"
        "  https://www.aboutamazon.com/news/policy-news-views/moratorium?a=1&b=2\n"
        "  Why         Amazon had no stance towards police on record.\n"
        "  rule pauses-police-use, alert amazon-0123456789ab\n"
        "\n"
    )


def test_a_further_change_of_the_same_post_is_shown() -> None:
    assert "  Also        moratorium towards police (announced)" in render(
        Bulletin(replace(AMAZON, changes=(MORATORIUM,) * 2))
    )


@pytest.mark.parametrize("text", ["word " * 400, "x" * 500, "日本語" * 100, "e\u0301" * 300])
def test_no_line_is_wider_than_the_terminal(text: str) -> None:
    alert = replace(told(quote=text, condition=text), title=text, url=f"https://example.com/{text}", vendor_name=text)
    lines = [line for line in render(Bulletin(alert)).splitlines() if "https://" not in line]
    assert max(columns(line) for line in lines) <= WIDTH


def test_an_address_stays_whole_so_that_it_can_be_copied() -> None:
    address = f"https://example.com/{'long-' * 40}"
    assert f"  {address}" in render(Bulletin(replace(AMAZON, url=address))).splitlines()


def test_only_a_terminal_gets_colours_and_they_are_all_reset() -> None:
    screen, pipe = Screen(), io.StringIO()
    TerminalNotifier(screen).send(Bulletin(AMAZON), "terminal")
    TerminalNotifier(pipe).send(Bulletin(AMAZON), "terminal")
    assert "\x1b[1mAmazon: moratorium towards police (announced)\x1b[0m\n" in screen.getvalue()
    assert "\x1b" not in pipe.getvalue()


def test_a_feed_cannot_write_control_sequences_to_the_terminal() -> None:
    hostile = "\x1b[2J\x1b]0;owned\x07\r\nline\x9b31m \u202eevil\u202c\x08"
    alert = replace(told(quote=hostile, condition=hostile, product=hostile), title=hostile, source_name=hostile)
    shown = render(Bulletin(replace(alert, reason=hostile, vendor_name=hostile, url=f"https://x.com/{hostile}")))
    assert not [char for char in shown if char != "\n" and (ord(char) < 32 or 127 <= ord(char) < 160)]
    assert "\u202e" not in shown
    assert "owned" not in shown


def test_a_javascript_address_is_not_shown_as_a_link() -> None:
    assert "javascript" not in render(Bulletin(replace(AMAZON, url="javascript:alert(1)")))


def test_a_stream_that_knows_few_letters_still_gets_the_alert() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    TerminalNotifier(stream).send(Bulletin(AMAZON), "terminal")
    assert raw.getvalue().startswith(b"Amazon: moratorium")


def test_a_closed_terminal_is_the_channels_trouble() -> None:
    stream = io.StringIO()
    stream.close()
    with pytest.raises(DeliveryError) as caught:
        TerminalNotifier(stream, colour=False).send(Bulletin(AMAZON), "terminal")
    assert caught.value.transient


def test_a_terminal_never_knows_what_it_has_shown() -> None:
    notifier = TerminalNotifier(io.StringIO())
    notifier.send(Bulletin(AMAZON), "terminal")
    notifier.edit(Bulletin(AMAZON), "terminal", "printed")
    assert notifier.find([AMAZON.key], "terminal", AMAZON.at) == {}


def test_a_later_report_is_short_and_names_its_alert() -> None:
    shown = render(Reply(AMAZON, report(AMAZON, 1), "printed"))
    assert shown == (
        "Amazon, alert amazon-0123456789ab: Also reported by Outlet 1, 10 June 2020\n"
        "  Amazon pauses, part 1\n"
        "  https://outlet1.example/pause?a=1&b=2\n\n"
    )


def test_reports_that_joined_before_are_counted_in_the_alert() -> None:
    alert = replace(AMAZON, own_voice=False, source_name="BBC News", source_kind="news", source_id="bbc")
    reports = (report(alert, 1), report(alert, 2, own_voice=True, source_name="About Amazon"))
    shown = render(Bulletin(alert, reports, ("Confirmed by Anna.",), late=timedelta(minutes=200)))
    assert "  Told by 3 sources: BBC News, Outlet 1, About Amazon\n" in shown
    assert "  Confirmed by the vendor: Amazon says so itself, About Amazon, 10 June 2020\n" in shown
    assert "  Late by 3 hours: decided 10 June 2020, 21:00 UTC" in shown
    assert "  Confirmed by Anna.\n" in shown


def test_a_notice_is_its_title_and_its_lines() -> None:
    assert render(NOTICE) == (
        "Amazon's moratorium ends in 30 days\n  Towards police, until 10 June 2021.\n  https://example.org/1\n\n"
    )


def test_alerts_in_one_message_are_printed_one_after_the_other() -> None:
    assert render(Batch((Bulletin(AMAZON), Bulletin(AMAZON)))) == render(Bulletin(AMAZON)) * 2


def test_words_are_wrapped_by_columns() -> None:
    assert wrap("aa bb cccccc", 5) == ["aa bb", "ccccc", "c"]


EDITED = {
    "change": Change.LOOSENED,
    "position": Position.BAN,
    "previous": Position.BAN,
    "product": None,
    "until": None,
    "announced": None,
    "quote": "Police should not use it.",
    "before": "Police \x1b[31mmust not use it.",
    "shift": Shift.WEAKER,
    "page_dated": date(2020, 5, 1),
}


def test_an_edited_page_shows_the_sentence_before_and_that_its_date_stayed() -> None:
    shown = render(Bulletin(told(**EDITED)))
    assert "  Wording     weaker than before\n" in shown
    assert "  It said     “Police must not use it.”\n" in shown
    assert "  Page date   still 1 May 2020: the edit was not dated\n" in shown
    assert "“Police should not use it.”" in shown


def test_a_withdrawn_sentence_says_where_it_stood_and_is_shown_once() -> None:
    gone = {**EDITED, "change": Change.WITHDRAWN, "before": EDITED["quote"], "shift": None, "page_dated": None}
    shown = render(Bulletin(told(**gone)))
    assert "After       ban no longer stated" in shown
    assert "Stood on Amazon's own page, About Amazon; confirmed gone 10 June 2020" in shown
    assert shown.count("should not use it") == 1
