import json
import logging
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes import JsonParser, WordReader
from watcher.usecases.analyze import Analysis, analyze
from watcher.usecases.archive import Record, records
from watcher.usecases.backtest import Markup

MARKUP = Markup(JsonParser(), lambda html: html.replace("<p>", ""))
POST = {
    "id": "p1",
    "source": {"name": "Press", "kind": "news"},
    "title": "A face",
    "published": "2020-06-10T20:00:00-07:00",
    "text": "amazon ban police",
}
PAGE = {"id": "c1", "kind": "policy", "source": "terms", "vendor": "ibm", "captured": "2020-06-10", "title": "Face"}


def read(*found: dict[str, Any], reader: WordReader | None = None) -> list[Analysis]:
    archive = [one for one in records(map(json.dumps, found)) if isinstance(one, Record)]
    assert len(archive) == len(found)
    return list(analyze(archive, reader or WordReader(), MARKUP))


def test_each_record_is_read_by_itself_and_in_its_order() -> None:
    found = read(POST, {**POST, "id": "p2", "text": "nothing"}, {**POST, "id": "p3"})
    assert [(one.id, len(one.statements)) for one in found] == [("p1", 1), ("p2", 0), ("p3", 1)]


def test_today_means_the_authors_day() -> None:
    reader = WordReader()
    (one,) = read(POST, reader=reader)
    assert reader.documents[0].published.utcoffset() == timedelta(hours=-7)
    assert one.statements[0].announced is not None
    assert one.statements[0].announced.isoformat() == "2020-06-10"


def test_what_does_not_name_the_technology_is_not_read_and_says_so() -> None:
    reader = WordReader()
    (one,) = read({**POST, "title": "x", "text": "y"}, reader=reader)
    assert (reader.documents, one.note) == ([], "does not name the technology")


def test_a_policy_page_is_read_as_its_vendors_own_document() -> None:
    reader = WordReader()
    (one,) = read({**PAGE, "text": "ibm ban police"}, reader=reader)
    assert (reader.documents[0].policy, reader.documents[0].vendor) == (True, "ibm")
    assert one.statements[0].own_voice


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({**POST, "text": None, "html": "<p>amazon ban police"}, "amazon ban police"),
        ({**POST, "text": None, "html": "<body>amazon ban police"}, "<body>amazon ban police"),
        ({**PAGE, "html": "face ban"}, "face ban"),
    ],
)
def test_html_is_made_text_and_offsets_are_those_of_the_text(given: dict[str, Any], text: str) -> None:
    (one,) = read({key: value for key, value in given.items() if value is not None})
    assert one.text == text
    assert all(one.text[said.start : said.end] == said.quote for said in one.statements)


def test_a_bot_wall_and_a_text_that_trips_a_rule_are_named_and_stop_nobody(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        wall, trap, fine = read({**PAGE, "html": "a wall"}, {**POST, "text": "face poison"}, POST)
    assert (wall.failed, wall.note) == (True, "could not be read: a bot wall")
    assert (trap.failed, trap.note) == (True, "could not be read: ZeroDivisionError")
    assert (fine.failed, len(fine.statements)) == (False, 1)
