"""The record on SQLite or PostgreSQL: the only SQL. It knows ``watcher.core`` and is known only by the bootstrap."""
