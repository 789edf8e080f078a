"""The other side of the comparison: one round of the ``reader`` library. Runs in its own environment, `.venv-bench`.

::

    python reader_poll.py subscribe DATABASE < addresses, one a line
    python reader_poll.py poll DATABASE
    python reader_poll.py count DATABASE
"""

import sys

from reader import make_reader

WORKERS = 10


def main() -> None:
    command, database = sys.argv[1:]
    with make_reader(database) as reader:
        if command == "subscribe":
            for address in sys.stdin:
                reader.add_feed(address.strip())
        elif command == "poll":
            reader.update_feeds(workers=WORKERS, scheduled=False)  # all of them, whether due or not
        else:
            print(reader.get_entry_counts().total)


if __name__ == "__main__":
    main()
