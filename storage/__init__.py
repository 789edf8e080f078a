"""The record on SQLite or PostgreSQL: the only SQL; knows ``watcher.core`` and is known only by ``watcher.bootstrap``."""
