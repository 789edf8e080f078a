"""Writes alerts and posts in whole transactions until it is killed; run by test_crash.py."""

import sys
from itertools import count

from storage.unit_of_work import SqlStore
from tests.storage.samples import alert, post, reading, report
from watcher.core.source import SourceState

POSTS = 7  # in each transaction, beside one alert with two deliveries and one report


def main(url: str) -> None:
    """Number the transactions, and say each number once it is committed."""
    with SqlStore(url) as store:
        with store.begin() as work:
            first = len(work.alerts.all())
        for number in count(first):
            with store.begin() as work:
                posts = [post(number * POSTS + one, text="word " * 500) for one in range(POSTS)]
                work.posts.add_new(posts)
                work.posts.save_reading(reading(posts[0]))
                work.alerts.add(alert(number), ["C1", "C2"])
                work.alerts.join(report(alert(number).key))
                work.sources.save([SourceState("feed", polls=number + 1)])
                work.commit()
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
