"""What alembic runs for every service: migrate over the connection that was handed in."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    transactional_ddl=True,  # SQLite's too, since the transaction begins before the first statement
)
with context.begin_transaction():
    context.run_migrations()
