import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.fakes import JsonParser, WordReader
from watcher.core.source import SourceKind
from watcher.core.stance import Stance
from watcher.core.statement import Audience, Position
from watcher.usecases.archive import BadLine, Record, records
from watcher.usecases.backtest import Markup, as_line, backtest
from watcher.usecases.memory import MemoryStore

BAN = "face. amazon ban police"


def post(record_id: str, text: str | None, published: str = "2020-06-10T17:00:00+00:00", **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": record_id,
        "source": {"name": "Daily News", "kind": "news"},
        "url": f"https://news.example/{record_id}",
        "title": f"Title {record_id}",
        "published": published,
    }
    return made | ({} if text is None else {"text": text}) | more


def capture(record_id: str, text: str, captured: str) -> dict[str, Any]:
    return {
        "id": record_id,
        "kind": "policy",
        "source": "aws-terms",
        "vendor": "amazon",
        "url": "https://aws.example/terms",
        "title": "Terms",
        "captured": captured,
        "text": text,
    }


def lines(*found: dict[str, Any]) -> list[str]:
    return [json.dumps(one) for one in found]


def parsed(text: Iterable[str], **more: Any) -> list[Record]:
    found = list(records(text, **more))
    assert not [one for one in found if isinstance(one, BadLine)]
    return [one for one in found if isinstance(one, Record)]


def told(*found: dict[str, Any], baseline: Iterable[Stance] = ()) -> list[dict[str, str | None]]:
    made = backtest(parsed(lines(*found)), WordReader(), MemoryStore(), tuple(baseline))
    return [as_line(one) for one in made]


def test_a_record_of_the_corpus_is_a_post_of_the_source_it_names() -> None:
    (found,) = parsed(lines(post("d-1", "text", "2020-06-10T20:00:00-05:00", traps=[], statements=[{}])))
    assert (found.id, found.line, found.title, found.text, found.policy) == ("d-1", 1, "Title d-1", "text", False)
    assert (found.at, found.at_raw) == (datetime(2020, 6, 11, 1, tzinfo=UTC), "2020-06-10T20:00:00-05:00")
    assert (found.source.id, found.source.label, found.source.kind) == ("daily-news", "Daily News", SourceKind.NEWS)


def test_a_source_with_id_and_vendor_keeps_them() -> None:
    given = {"id": "aws-blog", "name": "AWS", "kind": "vendor", "vendor": "amazon"}
    (found,) = parsed(lines(post("1", "x", source=given)), vendor_of=lambda name: name)
    assert (found.source.id, found.source.vendor, found.source.kind) == ("aws-blog", "amazon", SourceKind.VENDOR)


def test_the_vendor_behind_a_vendors_source_is_looked_up_by_its_name() -> None:
    made = lines(post("1", "x", source={"name": "IBM", "kind": "vendor"}), post("2", "x"))
    assert [one.source.vendor for one in parsed(made, vendor_of=str.casefold)] == ["ibm", None]
    assert [one.source.vendor for one in parsed(made)] == [None, None]


def test_a_policy_record_is_a_capture_in_the_vendors_own_voice() -> None:
    (found,) = parsed(lines(capture("c1", "x", "2020-06-10T00:00:00Z")))
    assert found.policy
    assert (found.source.id, found.source.vendor, found.source.kind) == ("aws-terms", "amazon", SourceKind.VENDOR)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{", "expected one JSON object (Expecting property name enclosed in double quotes, column 2)"),
        ("[1]", "expected one JSON object"),
        ("[" * 100_000, "expected one JSON object (nested too deeply)"),
        (post("", "x"), "id: expected a text or a whole number"),
        (post("1", "x", id=True), "id: expected a text or a whole number"),
        (post("1", "x", kind="page"), "kind: expected post or policy, not 'page'"),
        (post("1", "x", kind=["post"]), "kind: expected post or policy, not ['post']"),
        (post("1", None), "expected text or html"),
        (post("1", "x") | {"text": 7}, "text: expected a text"),
        (post("1", "x", title=7), "title: expected a text"),
        (
            post("1", "x", "yesterday"),
            "published: expected a date and time as ISO 8601, such as 2020-06-10T17:00:00+00:00",
        ),
        (post("1", "x", source=None), "source: expected an object with id or name, kind and vendor"),
        (post("1", "x", source={"kind": "news"}), "source: expected an id or a name"),
        (
            post("1", "x", source={"name": "N", "kind": "gossip"}),
            "source.kind: expected one of vendor, news, advocacy, government, newsletter, not 'gossip'",
        ),
        (capture("1", "x", "2020-06-10") | {"source": None}, "source: expected the id of the page"),
        (
            capture("1", "x", "2020-06-10") | {"vendor": None},
            "vendor: expected the id of the vendor whose page it is",
        ),
    ],
)
def test_a_bad_line_is_named_with_its_number_and_the_rest_is_read(line: str | dict[str, Any], expected: str) -> None:
    bad = line if isinstance(line, str) else json.dumps(line)
    first, second, third = records(["\n", *lines(post("a", "x")), bad, *lines(post("b", "x"))])
    assert second == BadLine(3, expected)
    assert str(second) == f"line 3: {expected}"
    assert [one.id for one in (first, third) if isinstance(one, Record)] == ["a", "b"]


def test_numbers_as_ids_dates_without_zone_and_half_characters_are_read() -> None:
    line = '{"id": 7, "source": "daily", "published": "2020-06-10", "text": "a \\ud83d b", "title": null}'
    (found,) = parsed([f"\ufeff{line}"])
    assert (found.id, found.source.id, found.text, found.title) == ("7", "daily", "a ? b", "")
    assert found.at == datetime(2020, 6, 10, tzinfo=UTC)


def test_an_archive_is_replayed_in_order_of_time_and_one_event_alerts_once() -> None:
    found = told(
        post("late", BAN, "2020-06-11T09:00:00+00:00"),
        post("first", BAN, "2020-06-10T17:00:00+00:00"),
        post("other", "face. ibm exit everyone", "2020-06-08T17:00:00+00:00"),
    )
    assert [one["record"] for one in found] == ["other", "first"]
    assert found[1] == {
        "record": "first",
        "at": "2020-06-10T17:00:00+00:00",
        "vendor": "amazon",
        "audience": "police",
        "position": "ban",
        "previous": None,
        "change": "announced",
        "product": None,
        "until": None,
        "condition": None,
        "quote": "amazon ban police",
        "url": "https://news.example/first",
        "before": None,
        "shift": None,
        "page_dated": None,
    }


def test_a_baseline_makes_a_repetition_of_what_it_holds() -> None:
    known = Stance(
        "amazon", Audience.POLICE, Position.BAN, date(2020, 1, 1), datetime(2020, 1, 1, tzinfo=UTC), "baseline:x"
    )
    assert told(post("a", BAN), baseline=[known]) == []


def test_alerts_are_yielded_as_they_happen() -> None:
    running = backtest(
        parsed(lines(post("a", BAN), post("b", "face. ibm ban police", "2020-07-10"))), WordReader(), MemoryStore()
    )
    assert next(running).record == "a"
    assert next(running).record == "b"
    assert next(running, None) is None


def test_an_old_post_of_an_archive_is_news_of_its_day() -> None:
    assert len(told(post("a", BAN, "2018-01-01"))) == 1


def test_the_first_capture_of_a_page_is_its_baseline_and_new_wording_is_news() -> None:
    found = told(
        capture("c1", "Our face rules. amazon allow police.", "2020-06-01T00:00:00Z"),
        capture("c2", "Our  face rules. amazon allow police.", "2020-06-02T00:00:00Z"),
        capture("c3", "Our face rules. It is face recognition: amazon ban police.", "2020-07-03T00:00:00Z"),
    )
    assert [(one["record"], one["previous"], one["position"]) for one in found] == [("c3", "allow", "ban")]


def test_a_record_that_comes_twice_is_one_post_and_an_edited_one_a_version() -> None:
    found = told(post("a", BAN), post("a", BAN), post("a", "face. amazon ban business", "2020-06-11"))
    assert [one["audience"] for one in found] == ["police", "business"]


def test_html_stands_for_text() -> None:
    markup = Markup(JsonParser(), lambda html: html.replace("<p>", ""))
    found = [
        post("fragment", None, html=f"<p>{BAN}"),
        post("page", None, html="<html>face. ibm ban police"),
        capture("wall", "", "2020-06-01T00:00:00Z") | {"text": None, "html": "a wall"},
        capture("c1", "", "2020-06-02T00:00:00Z") | {"text": None, "html": "face. microsoft ban police"},
    ]
    store = MemoryStore()
    made = backtest(parsed(lines(*found)), WordReader(), store, markup=markup)
    assert {one.record for one in made} == {"fragment", "page"}
    with store.begin() as work:
        assert [stored.text for stored in work.captures.all("aws-terms")] == ["face. microsoft ban police"]
        assert [row.position for row in work.stances.ledger("microsoft").rows] == [Position.BAN]


def test_an_empty_capture_says_nothing() -> None:
    assert told(capture("c1", " ", "2020-06-01"), capture("c2", "face. amazon ban police.", "2020-06-02")) == []


def test_a_page_without_text_is_told_once_two_later_captures_a_day_apart_agree() -> None:
    rules = "Our face rules. amazon ban police."
    days = [("2020-06-01", rules), ("2020-06-09", ""), ("2020-06-10", ""), ("2020-06-11", ""), ("2020-06-12", "")]
    looks = [capture(day, text, day) for day, text in days]
    looks[2] |= {"text": None, "html": " "}
    found = told(*looks)
    assert [(one["record"], one["change"], one["previous"]) for one in found] == [("2020-06-11", "withdrawn", "ban")]


def test_a_page_that_answers_404_or_leads_home_needs_no_text() -> None:
    rules = capture("c1", "Our face rules. amazon ban police.", "2020-06-01")
    gone = [capture(f"g{n}", "", f"2020-06-1{n}") | {"text": None, "status": 404} for n in range(2)]
    home = capture("home", "Welcome", "2020-06-12") | {"final_url": "https://aws.example/"}
    assert [one["record"] for one in told(rules, *gone, home)] == ["home"]


def test_an_answer_of_another_error_says_nothing_of_the_page() -> None:
    rules = capture("c1", "Our face rules. amazon ban police.", "2020-06-01")
    broken = [capture(f"g{n}", "", f"2020-06-1{n}") | {"text": None, "status": 503} for n in range(4)]
    assert told(rules, *broken) == []
