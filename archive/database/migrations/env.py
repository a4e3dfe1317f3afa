"""Run migrations on the connection that `archive.database.engine` hands over, inside its
transaction."""

from alembic import context

from archive.database.engine import VERSION_TABLE
from archive.database.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
