import json
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from storage import snapshot
from watcher.core.alert import Told
from watcher.core.change import Change
from watcher.core.stance import Stance
from watcher.core.statement import Audience, Position

# What UTF-8 can carry; other text reaches no database.
TEXT = st.text(st.characters(codec="utf-8"))
st.register_type_strategy(str, TEXT)
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))


def through_json(value: Any) -> Any:
    return snapshot.load(type(value), json.loads(json.dumps(snapshot.dump(value), ensure_ascii=False)))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.builds(Stance))
def test_a_stance_comes_back_as_it_went(stance: Stance) -> None:
    assert through_json(stance) == stance


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.builds(Told))
def test_a_change_comes_back_as_it_went(told: Told) -> None:
    back = through_json(told)
    assert back == told
    assert [type(value) for value in snapshot.dump(back).values()] == [
        type(value) for value in snapshot.dump(told).values()
    ]


def test_a_field_that_is_new_takes_its_default_and_one_that_is_gone_is_ignored() -> None:
    at = datetime(2020, 6, 9, tzinfo=UTC)
    stance = Stance("ibm", Audience.POLICE, Position.EXIT, date(2020, 6, 8), at, "post:1")
    stored = snapshot.dump(stance) | {"once": "there"}
    del stored["note"]
    assert snapshot.load(Stance, stored) == stance


def test_enums_come_back_as_enums() -> None:
    told = Told(Change.ANNOUNCED, Audience.POLICE, Position.BAN, None, None, None, None, None, None, None, "q")
    back = through_json(told)
    assert (type(back.change), type(back.audience), type(back.position)) == (Change, Audience, Position)
