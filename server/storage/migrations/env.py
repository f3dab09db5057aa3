"""Alembic's entry: runs the steps on the connection that the caller passed in."""

from alembic import context

from server.storage.models import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
