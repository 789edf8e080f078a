"""The revisions of the database, applied by ``storage.migrate``."""
