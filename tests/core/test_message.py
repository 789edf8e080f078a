from dataclasses import replace

from tests.notify.samples import AMAZON, NOTICE, news, report
from watcher.core.message import Batch, Bulletin, Reply, keys_of, report_key

BBC = news(1)


def test_a_message_is_found_by_the_keys_of_what_it_tells() -> None:
    assert keys_of(Bulletin(AMAZON)) == (AMAZON.key,)
    assert keys_of(Batch((Bulletin(AMAZON), Bulletin(BBC)))) == (AMAZON.key, BBC.key)
    assert keys_of(NOTICE) == (NOTICE.key,)


def test_a_reply_has_a_key_of_its_own_that_does_not_hold_its_alerts() -> None:
    one, other = (Reply(AMAZON, report(AMAZON, number), "1.0") for number in (1, 2))
    assert keys_of(one) == (report_key(AMAZON.key, one.report.post_id),)
    assert keys_of(one) != keys_of(other)
    assert AMAZON.key not in keys_of(one)[0]
    assert report_key(AMAZON.key, "p") != report_key(BBC.key, "p")


def test_sources_count_once_and_the_first_comes_first() -> None:
    again = replace(report(BBC, 3), source_id=BBC.source_id, source_name=BBC.source_name)
    told = Bulletin(BBC, (report(BBC, 2), report(BBC, 1), again))
    assert told.sources == ("BBC News", "Outlet 2", "Outlet 1")


def test_only_the_vendors_own_voice_confirms_what_others_reported() -> None:
    own = report(BBC, 2, own_voice=True)
    assert Bulletin(BBC, (report(BBC, 1),)).confirmation is None
    assert Bulletin(BBC, (report(BBC, 1), own)).confirmation == own
    assert Bulletin(AMAZON, (own,)).confirmation is None
