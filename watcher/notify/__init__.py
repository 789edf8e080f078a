"""Edge out: alerts reach people. ``slack`` and ``terminal`` only send; ``blocks`` only renders."""
