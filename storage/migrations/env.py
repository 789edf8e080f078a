"""Run by Alembic, on the connection and inside the transaction that ``storage.migrate`` hands it."""

from alembic import context
from sqlalchemy import Connection

from storage.tables import metadata


def run(connection: Connection) -> None:
    """Apply revisions, or compare the tables with the database.

    Batch mode makes an altered SQLite table anew and thereby drops its triggers: a revision that alters ``stances`` or
    ``evidence`` creates their guards again.
    """
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
