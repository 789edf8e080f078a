from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.config import baseline
from watcher.config.facts import Channel, Relation
from watcher.config.vendors import load_vendors
from watcher.core.errors import ConfigError
from watcher.core.stance import Ledger, Stance
from watcher.core.statement import Audience, Position

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EVENT = """\
  - id: {id}
    vendor: ibm
    date: {date}
    position: exit
    audience: everyone
    channel: {channel}
    summary: It left.
"""


def shipped() -> dict[str, Stance]:
    return {stance.origin.removeprefix("baseline:"): stance for stance in baseline.load(None, NOW)}


def rows(tmp_path: Path, text: str) -> tuple[Stance, ...]:
    (tmp_path / "b.yaml").write_text(text, "utf-8")
    return baseline.load(str(tmp_path / "b.yaml"), NOW)


def refusal(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "b.yaml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        baseline.load(str(tmp_path / "b.yaml"), NOW, load_vendors())
    return [f"{fault.line}: {fault.key}: {fault.expected}" for fault in caught.value.faults]


def event(name: str = "ibm-1", day: str = "2020-06-08", channel: str = "letter", more: str = "") -> str:
    return "events:\n" + EVENT.format(id=name, date=day, channel=channel) + more


# --- what is shipped


def test_the_shipped_ledger_is_sound_and_names_known_vendors_only() -> None:
    stances = baseline.load(None, NOW, load_vendors())
    assert len(stances) > 120
    assert len({stance.id for stance in stances}) == len(stances)
    assert list(stances) == sorted(stances, key=lambda row: (row.held_from, row.recorded_at, row.id))
    assert {stance.recorded_at for stance in stances} == {NOW}


def test_the_pauses_of_june_2020_are_there_with_their_terms() -> None:
    amazon, ibm = shipped()["amazon-2020-06-police-moratorium"], shipped()["ibm-2020-06-exit-general-purpose"]
    assert (amazon.position, amazon.audience, amazon.product) == (Position.MORATORIUM, Audience.POLICE, "Rekognition")
    assert (amazon.held_from, amazon.until, amazon.own_voice) == (date(2020, 6, 10), date(2021, 6, 10), True)
    assert (ibm.position, ibm.held_from, ibm.source) == (Position.EXIT, date(2020, 6, 8), "letter")
    assert amazon.url
    assert amazon.confidence == "verified-two-sources"


def test_a_month_without_a_day_counts_from_its_first_and_says_so() -> None:
    meta = shipped()["meta-2017-12-face-recognition-setting"]
    assert meta.held_from == date(2017, 12, 1)
    assert meta.note is not None
    assert "The day is not known, only 2017-12." in meta.note


def test_a_year_without_a_month_counts_from_its_first_day_too(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, event(day="2019", more="    until: 2021\n"))
    assert (row.held_from, row.until) == (date(2019, 1, 1), date(2021, 12, 31))


def test_an_end_in_a_month_lasts_to_its_last_day() -> None:
    row = shipped()["clearview-ai-2022-05-illinois-agencies"]
    assert row.until == date(2027, 5, 31)
    assert row.note is not None
    assert "only 2027-05 is known" in row.note


def test_what_is_from_memory_stays_marked() -> None:
    uber = shipped()["uber-2016-09-real-time-id-check"]
    assert uber.note is not None
    assert "Day from memory" in uber.note


def test_what_only_repeats_or_enforces_is_no_stance_of_its_own() -> None:
    found = shipped()
    for name in (
        "amazon-2020-02-no-count-of-police-users",
        "microsoft-2020-08-face-api-police-terms",
        "ibm-2021-05-stance-repeated",
        "microsoft-copilot-terms",
    ):
        assert name not in found
    assert "amazon-2024-01-moratorium-scope" in found, "it repeats one event, and narrows another"


def test_a_deed_that_sits_badly_with_a_stance_does_not_overwrite_it() -> None:
    assert "ibm-2020-08-uk-leds-contract" not in shipped()
    held = Ledger.of(baseline.load(None, NOW)).history("ibm", date(2021, 1, 1))
    police = [row for row in held if row.audience is Audience.POLICE]
    assert police == []


def test_what_is_beside_the_point_makes_no_stance() -> None:
    found = shipped()
    assert "microsoft-2019-06-ms-celeb-removed" not in found
    assert "microsoft-2020-03-anyvision-divest" not in found
    assert "google-2025-02-surveillance-pledge-dropped" not in found


def test_before_june_2020_microsoft_had_left_nothing() -> None:
    early = baseline.as_of(baseline.load(None, NOW), datetime(2020, 6, 1, tzinfo=UTC))
    positions = {row.position for row in early if row.vendor == "microsoft"}
    assert positions == {Position.ADVOCATE, Position.RESTRICT}


def test_standing_wording_of_unknown_age_counts_from_the_collection_and_says_so() -> None:
    row = shipped()["oosto-ethical-ai"]
    assert row.held_from == date(2026, 11, 1)
    assert row.note is not None
    assert "First seen: unknown" in row.note
    assert row.own_voice


def test_words_that_had_been_lost_at_commas_are_back() -> None:
    assert (
        shipped()["verkada-availability"].condition == "face functions are not offered in Texas, Illinois and Portland"
    )
    assert str(shipped()["microsoft-enterprise-ai-code"].condition).endswith("Face API and text to speech")


def test_no_two_wordings_of_one_day_hide_each_other() -> None:
    stances = baseline.load(None, NOW)
    keys = [(row.vendor, row.audience, row.product, row.held_from) for row in stances]
    assert len(set(keys)) == len(keys)


# --- own voice


@pytest.mark.parametrize(
    ("channel", "own"),
    [
        ("letter", True),
        ("blog", True),
        ("speech", True),
        ("terms-edit", True),
        ("policy-page", True),
        ("signage", True),
        ("interview", False),
        ("statement-to-reporter", False),
        ("statement-to-advocacy-group", False),
        ("court-settlement", False),
        ("regulator-order", False),
        ("customer-press-release", False),
        ("silent-page-removal", False),
        ("leak", False),
    ],
)
def test_the_channel_decides_whether_the_vendor_speaks(tmp_path: Path, channel: str, own: bool) -> None:
    (row,) = rows(tmp_path, event(channel=channel))
    assert row.own_voice is own
    assert row.source == channel.replace("-", " ")


def test_a_vendor_that_said_nothing_has_no_voice_in_any_channel(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, event(more="    explicit: false\n"))
    assert not row.own_voice
    assert row.note == "It left. The vendor said nothing itself; it shows only in what it did."


def test_every_channel_and_relation_has_its_word() -> None:
    assert len(Channel) == 25
    assert {relation for relation in Relation if not relation.changes} == {
        Relation.REPEATS,
        Relation.ENFORCES,
        Relation.SITS_BADLY_WITH,
    }


# --- as of


def test_as_of_keeps_what_held_before_the_day_and_was_known_at_the_moment() -> None:
    when = datetime(2020, 6, 10, 8, 30, tzinfo=UTC)
    early = baseline.as_of(baseline.load(None, NOW), when)
    origins = {row.origin for row in early}
    assert "baseline:ibm-2020-06-exit-general-purpose" in origins
    assert "baseline:amazon-2020-06-police-moratorium" not in origins
    assert {row.recorded_at for row in early} == {when}


def test_notes_of_an_early_ledger_tell_nothing_of_later_days() -> None:
    early = baseline.as_of(baseline.load(None, NOW), datetime(2020, 6, 1, tzinfo=UTC))
    assert not [row.origin for row in early if "202" in str(row.note).replace("2020", "")]


# --- evidence


def test_further_sources_and_repetitions_are_evidence() -> None:
    ids = {row.id: row.origin for row in baseline.load(None, NOW)}
    found = baseline.load_evidence(None, NOW)
    assert {item.stance_id for item in found} <= set(ids)
    ibm = [item for item in found if ids[item.stance_id] == "baseline:ibm-2020-06-exit-general-purpose"]
    assert {item.origin for item in ibm} == {
        "baseline:ibm-2020-06-exit-general-purpose",
        "baseline:ibm-2021-05-stance-repeated",
    }
    assert len({(item.stance_id, item.url, item.origin, item.stated_on) for item in found}) == len(found)


def test_the_last_sighting_of_a_wording_is_evidence() -> None:
    row = shipped()["amazon-aws-service-terms-50-9"]
    last = [item.stated_on for item in baseline.load_evidence(None, NOW) if item.stance_id == row.id]
    assert last == [date(2026, 8, 21)]


# --- faults


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    told = refusal(
        tmp_path,
        "events:\n"
        + EVENT.format(id="a", date="2020-13", channel="letter")
        + EVENT.format(id="b", date="2020-06-08", channel="leter")
        + EVENT.format(id="c", date="soon", channel="blog")
        + "standing:\n  - {id: d, vendor: ibm, document: D, says: none, position: bann, audience: police, url: x}\n"
        + "stances:\n  - {vendor: ibm, audience: police, position: ban, held_from: 2020-06-08, origin: o}\n"
        + "  - {vendor: ibm, audience: police, position: ban, held_from: 2020-06-08, origin: o, recorded_at: 2020-06-08}\n",
    )
    assert told == [
        "4: events[0].date (a): a day that exists",
        "14: events[1].channel (b): "
        + ", ".join(list(Channel)[:-1])
        + " or leak, not 'leter'; did you mean \"letter\"?",
        "18: events[2].date (c): a day such as 2020-06-10, or a month such as 2020-06",
        (
            "24: standing[0].position (d): exit, ban, moratorium, restrict, allow or advocate, not 'bann'; "
            'did you mean "ban"?'
        ),
        "26: stances[0].recorded_at: is missing",
        "27: stances[1].recorded_at: a moment with its zone, such as 2020-06-10T12:00:00+00:00",
    ]


def test_faults_between_entries_are_told(tmp_path: Path) -> None:
    told = refusal(
        tmp_path,
        "events:\n"
        + EVENT.format(id="a", date="2020-06-08", channel="letter")
        + "    until: 2020-05\n    relates_to: {repeats: aa}\n"
        + EVENT.format(id="a", date="2020-06-09", channel="blog").replace("ibm", "imb")
        + "standing:\n  - {id: d, vendor: ibm, document: D, says: none, position: ban, audience: police, url: x}\n",
    )
    assert told == [
        "9: events[0].until (a): a day after the event's own",
        "10: events[0].relates_to.repeats (a): the id of an event that is in the ledger, not 'aa'; did you mean \"a\"?",
        "11: events[1].id (a): an id that is used once",
        "12: events[1].vendor: a known vendor, not 'imb'; did you mean \"ibm\"?",
        "19: standing[0].first_seen (d): a day, or `collected` at the top of the file",
    ]


@pytest.mark.parametrize("moment", ["2020-06-08T12:00:00", "yesterday", "2020-06-08 25:00:00+00:00", "1"])
def test_a_row_without_its_moment_and_zone_is_refused(tmp_path: Path, moment: str) -> None:
    row = f"{{vendor: ibm, audience: police, position: ban, held_from: 2020-06-08, origin: o, recorded_at: '{moment}'}}"
    (told,) = refusal(tmp_path, f"stances:\n  - {row}\n")
    assert "a moment with its zone" in told


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist; `watcher export"):
        baseline.load(str(tmp_path / "none.yaml"), NOW)


# --- export


def test_the_shipped_ledger_survives_export_and_import(tmp_path: Path) -> None:
    stances = baseline.load(None, NOW)
    assert rows(tmp_path, baseline.export(stances)) == stances


def test_an_empty_ledger_survives_export_and_import(tmp_path: Path) -> None:
    assert rows(tmp_path, baseline.export(())) == ()


TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])
STANCES = st.builds(
    Stance,
    vendor=st.sampled_from(["ibm", "x", "id-me"]),
    audience=st.sampled_from(Audience),
    position=st.sampled_from(Position),
    held_from=DAYS,
    recorded_at=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=ZONES),  # noqa: DTZ001 (bounds are naive)
    origin=TEXT,
    product=st.none() | TEXT,
    jurisdiction=st.none() | TEXT,
    until=st.none() | DAYS,
    condition=st.none() | TEXT,
    quote=st.none() | TEXT,
    url=st.none() | TEXT,
    source=st.none() | TEXT,
    own_voice=st.booleans(),
    confidence=st.none() | TEXT,
    note=st.none() | TEXT,
    withdrawn=st.booleans(),
    retracts=st.none() | TEXT,
)


@given(st.lists(STANCES, max_size=4))
def test_whatever_a_ledger_holds_survives_export_and_import(
    tmp_path_factory: pytest.TempPathFactory, stances: list[Stance]
) -> None:
    file = tmp_path_factory.mktemp("export") / "ledger.yaml"
    file.write_text(baseline.export(stances), "utf-8", newline="")
    expected = sorted(stances, key=lambda row: (row.held_from, row.recorded_at, row.id))
    assert list(baseline.load(str(file), NOW)) == expected
