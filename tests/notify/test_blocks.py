import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.notify.samples import AMAZON, MORATORIUM, told
from tests.slack_blocks import MOST_TEXT, faults, text_size
from watcher.core.alert import Alert
from watcher.core.change import Change
from watcher.core.message import Bulletin
from watcher.core.statement import Audience, Position
from watcher.notify.blocks import Payload, defuse, escape, fit, payload

HOSTILE = (
    "<!channel> <!here|x> <!subteam^S1> <@U0123> <#C1|general> @here @Channel @EVERYONE <javascript:alert(1)|click> "
    "& < > &amp; *bold* `code` \r\n\x00\x07\x1b[31mred\x1b[0m \x1b]8;;http://evil\x07link\x1b]8;;\x07 "
    "\u202egnp.exe\u202c \u2066x\u2069 zero\u200bwidth\ufeff \ud83d \U000e0041tag [x](javascript:1)"
)


def hostile(text: str, changes: int = 1) -> Alert:
    """An alert in which every text that can come from outside is this one."""
    one = replace(MORATORIUM, product=text, jurisdiction=text, condition=text, quote=text)
    outside = replace(AMAZON, vendor_name=text, title=text, source_name=text, reason=text, rule=text)
    return replace(outside, changes=(one,) * changes)


def message(alert: Alert) -> Payload:
    return payload(Bulletin(alert))


def texts(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["text"]] if isinstance(node.get("text"), str) else []
        return own + [text for value in node.values() for text in texts(value)]
    return [text for value in node for text in texts(value)] if isinstance(node, list) else []


def test_the_message_says_who_towards_whom_before_and_after_in_one_glance() -> None:
    header, stance, *_ = message(told(condition="until Congress acts")).blocks
    assert header["text"]["text"] == "Amazon: moratorium towards police (announced)"
    assert ["".join(texts(line)) for line in stance["elements"]] == [
        "no stance on record → moratorium until 10 June 2021, announced 10 June 2020",
        "Condition: until Congress acts",
        "Product: Rekognition",
    ]


def test_the_plain_fallback_is_complete_by_itself_and_begins_with_what_a_telephone_shows() -> None:
    assert message(told(condition="until Congress acts", jurisdiction="US")).text.splitlines() == [
        "Amazon towards police: no stance on record → moratorium until 10 June 2021 (announced)",
        "Announced: 10 June 2020",
        "Condition: until Congress acts",
        "Product: Rekognition",
        "Where: US",
        f"“{MORATORIUM.quote}”",
        "Said by Amazon itself, About Amazon, 10 June 2020",
        "We are implementing a one-year moratorium on police use of Rekognition",
        "https://www.aboutamazon.com/news/policy-news-views/moratorium?a=1&amp;b=2",
        "Why: Amazon had no stance towards police on record.",
        "amazon-0123456789ab",
    ]


def test_the_stance_before_is_told_with_the_day_since_when() -> None:
    alert = told(change=Change.LOOSENED, previous=Position.BAN, previous_since=date(2019, 4, 9))
    assert ": ban since 9 April 2019 → moratorium" in message(alert).text


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (Change.WITHDRAWN, "→ moratorium no longer stated"),
        (Change.LAPSED, "→ moratorium ended, nothing said since"),
    ],
)
def test_a_stance_that_ends_without_a_successor_is_not_given_one(change: Change, after: str) -> None:
    assert after in message(told(change=change)).text.splitlines()[0]


def test_a_report_is_not_told_as_the_vendors_own_voice() -> None:
    alert = replace(AMAZON, own_voice=False, source_name="BBC News", source_kind="news")
    assert "Reported by BBC News (press), 10 June 2020" in message(alert).text.splitlines()


def test_further_changes_of_the_same_post_are_listed_and_the_rest_counted() -> None:
    more = replace(MORATORIUM, audience=Audience.GOVERNMENT, product=None)
    shown = json.dumps(message(replace(AMAZON, changes=(MORATORIUM, *[more] * 12))).blocks)
    assert shown.count("moratorium towards government (announced)") == 8
    assert "and 4 more" in shown


def test_the_key_goes_with_the_message_as_metadata() -> None:
    assert message(AMAZON).metadata == {"event_type": "watcher_alert", "event_payload": {"key": "amazon-0123456789ab"}}


@pytest.mark.parametrize("changes", [1, 60])
@pytest.mark.parametrize(
    "text", ["", " ", "x" * 50_000, "word " * 20_000, "&" * 20_000, "\U0001f600" * 20_000, "<!channel>" * 5_000]
)
def test_whatever_a_feed_holds_slack_takes_the_message(text: str, changes: int) -> None:
    told_ = message(hostile(text, changes))
    assert faults(told_.blocks) == []
    assert text_size(told_.blocks) <= MOST_TEXT
    assert 0 < len(told_.text) <= 40_000


@settings(max_examples=60, deadline=None)
@given(st.text(), st.one_of(st.none(), st.text()))
def test_no_text_and_no_address_makes_a_message_that_slack_refuses(text: str, url: str | None) -> None:
    told_ = message(replace(hostile(text), url=url))
    assert faults(told_.blocks) == []
    json.dumps([told_.text, told_.blocks]).encode("ascii")


def test_nothing_from_a_feed_rings_a_channel_or_moves_a_cursor() -> None:
    told_ = message(hostile(HOSTILE))
    for text in [told_.text, *texts(told_.blocks)]:
        assert not re.search(r"<[!@#]|@(here|channel|everyone)|[\x00-\x09\x0b-\x1f\x7f-\x9f]", text, re.IGNORECASE)
        assert not re.search("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]", text)
        assert "[31m" not in text
        assert "\n" not in text or text == told_.text


def test_the_fallback_has_no_character_that_slack_interprets_but_our_escapes() -> None:
    text = message(hostile(HOSTILE)).text
    assert "<" not in text
    assert ">" not in text
    assert re.sub(r"&(amp|lt|gt);", "", text).count("&") == 0


def test_slack_is_given_no_markup_to_interpret() -> None:
    assert "mrkdwn" not in json.dumps(message(hostile("*bold*")).blocks)


def test_an_ordinary_ampersand_and_less_than_stay_as_they_are_where_nothing_is_interpreted() -> None:
    shown = texts(message(told(quote="AT&T said 3 < 5, write to press@amazon.com")).blocks)
    assert "“AT&T said 3 < 5, write to press@amazon.com”" in shown


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.com/a b", "https://example.com/a%20b"),
        ("https://example.com/|<x>", "https://example.com/%7C%3Cx%3E"),
        ("HTTPS://Example.com/", "HTTPS://Example.com/"),
        ("https://good.com\\@evil.com/", "https://good.com%5C@evil.com/"),
        ("javascript:alert(1)", None),
        (" java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://example.com/", None),
        ("//example.com/", None),
        ("https://", None),
        ("http://[broken", None),
        ("https://example.com/" + "x" * 3_000, None),
        (None, None),
        ("", None),
    ],
)
def test_a_link_leads_to_the_web_or_is_none(url: str | None, link: str | None) -> None:
    blocks = message(replace(AMAZON, url=url)).blocks
    assert re.findall(r'"type": "link", "url": "([^"]*)"', json.dumps(blocks).replace("\\\\", "\\")) == (
        [link] if link else []
    )
    assert faults(blocks) == []


def test_the_host_stands_beside_a_link_so_that_a_title_cannot_pretend_another() -> None:
    shown = texts(message(replace(AMAZON, title="https://amazon.com/", url="https://evil.example/")).blocks)
    assert " (evil.example)" in shown


def test_long_texts_are_cut_at_a_word() -> None:
    header = message(replace(AMAZON, vendor_name="long name " * 30)).blocks[0]["text"]["text"]
    assert len(header) <= 150
    assert header.endswith(("long…", "name…"))


def test_every_limit_is_enforced_on_a_block_of_any_kind() -> None:
    long = "x" * 5_000
    plain, markdown = {"type": "plain_text", "text": long}, {"type": "mrkdwn", "text": long}
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": plain},
        {"type": "section", "text": markdown, "fields": [markdown] * 12},
        {"type": "context", "elements": [plain] * 12},
        {"type": "actions", "elements": [{"type": "button", "text": plain, "action_id": "a"}] * 30},
        {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": long}]}]},
    ]
    assert all(faults([block]) for block in blocks)
    assert [faults([fit(block)]) for block in blocks] == [[], [], [], [], []]


def test_a_cut_leaves_no_half_of_an_escape() -> None:
    field = {"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 1_997 + escape("&&")}]}
    assert fit(field)["fields"][0]["text"] == "x" * 1_997 + "…"


def test_defusing_keeps_what_was_said_readable() -> None:
    assert defuse("<!channel> and @here") == "‹!channel> and ＠here"  # the look-alikes are the point
