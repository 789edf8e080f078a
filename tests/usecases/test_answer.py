from datetime import UTC, date, datetime, timedelta

from tests.fakes import source
from tests.ledgers import NOON, VENDORS, alert_of, evidence, joined, post, row, statement, store_of
from watcher.core.errors import FetchTrouble
from watcher.core.source import Health, SourceState
from watcher.core.statement import Audience, Position
from watcher.usecases import answer

LATER = date(2020, 7, 1)


def test_a_vendor_is_known_by_id_name_alias_unit_and_product_in_any_case() -> None:
    for text in ("northgate", "Northgate", "NORTHGATE SYSTEMS", " facegate "):
        assert answer.vendor_named(text, VENDORS).vendor == "northgate", text


def test_a_vendor_of_the_ledger_is_known_even_if_no_list_names_it() -> None:
    assert answer.vendor_named("Oldco", VENDORS, ["oldco"]).vendor == "oldco"


def test_an_unknown_name_is_answered_with_what_it_may_mean() -> None:
    found = answer.vendor_named("Northgte", VENDORS)
    assert (found.vendor, found.suggestions) == (None, ("northgate",))
    assert answer.vendor_named("Zzz", VENDORS) == answer.Named(None)


def test_status_tells_what_held_on_a_day_and_not_what_came_later() -> None:
    store = store_of([row(position=Position.ALLOW, held_from=date(2018, 1, 1)), row()])
    before = answer.status(store, VENDORS, date(2020, 6, 9))
    after = answer.status(store, VENDORS, LATER)
    assert [(one.position, one.since) for one in before] == [(Position.ALLOW, date(2018, 1, 1))]
    assert [(one.position, one.since) for one in after] == [(Position.MORATORIUM, date(2020, 6, 10))]
    assert after[0].vendor_name == "Northgate"


def test_status_as_known_earlier_leaves_out_what_was_learnt_later() -> None:
    learnt = NOON + timedelta(days=400)
    late = row(position=Position.BAN, held_from=date(2020, 6, 11), recorded_at=learnt)
    store = store_of([row(), late], [evidence(row(), "post:late", recorded_at=learnt)])
    then = answer.status(store, VENDORS, LATER, known_on=NOON)
    assert [(one.position, one.evidence) for one in then] == [(Position.MORATORIUM, 1)]
    assert [one.position for one in answer.status(store, VENDORS, LATER)] == [Position.BAN]


def test_a_call_for_rules_never_hides_what_the_vendor_sells() -> None:
    store = store_of([row(), row(position=Position.ADVOCATE, held_from=date(2020, 6, 20))])
    found = answer.status(store, VENDORS, LATER)
    assert [one.position for one in found] == [Position.MORATORIUM, Position.ADVOCATE]


def test_terms_that_are_filled_in_later_do_not_move_the_beginning() -> None:
    filled = row(held_from=date(2020, 6, 12), until=date(2021, 6, 10), product="FaceGate")
    one, *rest = answer.status(store_of([row(), filled]), VENDORS, LATER)
    assert rest == []
    assert (one.since, one.changed, one.row.until) == (date(2020, 6, 10), date(2020, 6, 12), date(2021, 6, 10))
    assert (one.product, one.evidence) == ("FaceGate", 2)


def test_a_moratorium_that_begins_after_another_has_ended_is_a_new_one() -> None:
    first = row(until=date(2020, 6, 20))
    again = row(held_from=date(2020, 6, 25), until=date(2021, 6, 25))
    (one,) = answer.status(store_of([first, again]), VENDORS, LATER)
    assert (one.since, one.changed) == (date(2020, 6, 25), None)


def test_a_moratorium_is_marked_once_its_end_has_passed_and_not_on_its_last_day() -> None:
    store = store_of([row(until=date(2020, 6, 30))])
    assert [one.lapsed for one in answer.status(store, VENDORS, date(2020, 6, 30))] == [False]
    assert [one.lapsed for one in answer.status(store, VENDORS, LATER)] == [True]


def test_a_stance_on_one_product_leaves_another_stance_on_all_of_them_standing() -> None:
    narrow = row(position=Position.ALLOW, product="FaceGate Mini", held_from=date(2020, 6, 12))
    found = answer.status(store_of([row(), narrow]), VENDORS, LATER)
    assert [(one.position, one.product) for one in found] == [
        (Position.MORATORIUM, None),
        (Position.ALLOW, "FaceGate Mini"),
    ]


def test_a_later_stance_on_everything_takes_the_place_of_those_on_single_products() -> None:
    old = row(position=Position.ALLOW, product="FaceGate", held_from=date(2018, 1, 1))
    assert [one.position for one in answer.status(store_of([old, row()]), VENDORS, LATER)] == [Position.MORATORIUM]


def test_an_exit_for_everyone_is_shown_beside_the_milder_stance_that_it_covers() -> None:
    leave = row(audience=Audience.EVERYONE, position=Position.EXIT, held_from=date(2020, 6, 20))
    police, everyone = answer.status(store_of([row(), leave]), VENDORS, LATER)
    assert police.covered_by == leave
    assert everyone.covered_by is None


def test_a_stance_for_everyone_that_is_older_or_milder_covers_nothing() -> None:
    older = row(audience=Audience.EVERYONE, position=Position.EXIT, held_from=date(2019, 1, 1))
    milder = row(audience=Audience.EVERYONE, position=Position.ALLOW, held_from=date(2020, 6, 20))
    assert answer.status(store_of([older, row()]), VENDORS, LATER)[0].covered_by is None
    assert answer.status(store_of([row(), milder]), VENDORS, LATER)[0].covered_by is None


def test_a_single_deal_moves_no_standing_stance_and_is_shown_only_where_there_is_none() -> None:
    deal = row(position=Position.ALLOW, held_from=date(2020, 6, 20), deal=True)
    standing = row(position=Position.BAN, held_from=date(2020, 6, 25))
    for rows, expected in (
        ([row(), deal], Position.MORATORIUM),
        ([deal], Position.ALLOW),
        ([deal, standing], Position.BAN),
    ):
        assert [one.position for one in answer.status(store_of(rows), VENDORS, LATER)] == [expected]


def test_evidence_is_counted_by_post_and_the_vendors_own_voice_among_it_counts() -> None:
    further = [
        evidence(row(), "post:a"),
        evidence(row(), "post:a", quote="said twice"),
        evidence(row(), "post:b", own_voice=True),
    ]
    (one,) = answer.status(store_of([row()], further), VENDORS, LATER)
    assert (one.evidence, one.own_voice) == (3, True)


def test_status_of_one_vendor_leaves_out_the_others_and_all_are_in_the_order_of_their_names() -> None:
    store = store_of([row(), row(vendor="eastworks")])
    assert [one.vendor for one in answer.status(store, VENDORS, LATER)] == ["eastworks", "northgate"]
    assert [one.vendor for one in answer.status(store, VENDORS, LATER, vendor="northgate")] == ["northgate"]
    assert answer.vendors_on_record(store) == ("eastworks", "northgate")


def test_history_follows_the_worlds_clock_and_brings_the_proof() -> None:
    old = row(position=Position.ALLOW, held_from=date(2018, 1, 1), recorded_at=NOON + timedelta(days=1))
    told = evidence(row(), "post:a")
    found = answer.history(store_of([row(), old], [told]), "northgate")
    assert [one.row.held_from.year for one in found] == [2018, 2020]
    assert found[1].evidence == (told,)


def test_what_was_taken_back_is_in_no_answer() -> None:
    wrong = row(position=Position.BAN, held_from=date(2020, 6, 20))
    back = row(held_from=date(2020, 6, 20), retracts=wrong.id, origin="review:1")
    store = store_of([row(), wrong, back])
    assert [one.row.position for one in answer.history(store, "northgate")] == [Position.MORATORIUM]
    assert [one.position for one in answer.status(store, VENDORS, LATER)] == [Position.MORATORIUM]


def test_a_source_that_was_never_polled_is_new_and_one_in_trouble_is_not_healthy() -> None:
    states = {"b": SourceState("b", health=Health.FAILING, trouble=FetchTrouble.TIMEOUT, title="The B Post")}
    store = store_of([])
    with store.begin() as work:
        work.sources.save(states.values())
        work.commit()
    first, second = answer.sources(store, [source("a"), source("b", name=None)])
    assert (first.state.health, first.healthy) == (Health.NEW, True)
    assert (second.name, second.healthy) == ("The B Post", False)


def test_alerts_come_newest_first_with_their_deliveries_and_reports() -> None:
    store, said = store_of([]), statement()
    first, second = post(), post("guid:2", published=NOON + timedelta(days=1))
    alerts = [alert_of(said, first), alert_of(statement(position=Position.BAN), second)]
    with store.begin() as work:
        work.posts.add_new([first, second])
        for number, alert in enumerate(alerts):
            work.alerts.add(alert, ("terminal",) if number else ("C1", "C2"))
        work.alerts.join(joined(alerts[0], second))
        work.commit()
    found = {one.alert.key: one for one in answer.alerts(store)}
    assert [delivery.channel for delivery in found[alerts[0].key].deliveries] == ["C1", "C2"]
    assert [report.source_name for report in found[alerts[0].key].reports] == ["The Press"]
    assert len(answer.alerts(store, limit=1)) == 1
    assert answer.alerts(store, vendor="eastworks") == []


def test_the_whole_ledger_is_there_to_be_exported() -> None:
    rows = [row(), row(vendor="eastworks", recorded_at=datetime(2021, 1, 1, tzinfo=UTC))]
    assert set(answer.whole_ledger(store_of(rows)).rows) == set(rows)


def test_each_place_keeps_its_own_stance() -> None:
    rows = [
        row(position=Position.EXIT, jurisdiction="Canada"),
        row(position=Position.EXIT, jurisdiction="Australia", held_from=date(2020, 6, 12)),
        row(position=Position.ALLOW, held_from=date(2020, 6, 14)),
        row(position=Position.RESTRICT, jurisdiction="UK", held_from=date(2020, 6, 12)),
        row(position=Position.ALLOW, jurisdiction="UK", held_from=date(2020, 6, 14), origin="post:uk"),
    ]
    found = {(one.position, one.row.jurisdiction) for one in answer.status(store_of(rows), VENDORS, LATER)}
    assert found == {
        (Position.EXIT, "Canada"),
        (Position.EXIT, "Australia"),
        (Position.ALLOW, None),
        (Position.ALLOW, "UK"),
    }


def test_a_stricter_stance_for_the_world_ends_a_laxer_one_of_a_place() -> None:
    rows = [row(position=Position.ALLOW, held_from=date(2018, 11, 8), jurisdiction="US"), row(jurisdiction="global")]
    assert [one.position for one in answer.status(store_of(rows), VENDORS, LATER)] == [Position.MORATORIUM]


def test_a_looser_account_of_the_same_day_gives_way_to_the_precise_one_that_names_the_product() -> None:
    rows = [
        row(position=Position.BAN, origin="post:a"),
        row(product="FaceGate", until=date(2021, 6, 10), origin="post:b"),
    ]
    assert [one.position for one in answer.status(store_of(rows), VENDORS, LATER)] == [Position.MORATORIUM]
