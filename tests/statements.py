"""What an engine is asked, as tests that count see it."""

from contextlib import contextmanager

from sqlalchemy import event


@contextmanager
def asked(engine):
    """Collect the statements that are sent, but for those that begin and end a transaction."""
    statements = []

    def collect(_connection, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", collect)
    yield statements
    event.remove(engine, "before_cursor_execute", collect)
