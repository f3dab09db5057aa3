"""People with what is kept about them, and whose every session is."""

import sqlalchemy as sa
from alembic import op

from server.names import name_key

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("height_m", sa.Double()),
        sa.Column("sensor_height_m", sa.Double()),
        sa.Column("age_years", sa.Double()),
        sa.Column("sex", sa.String()),
        sa.Column("condition", sa.String()),
        sa.Column("calibrations", sa.JSON(), nullable=False),
    )
    op.add_column("sessions", sa.Column("person_key", sa.String(), nullable=False, server_default=""))
    op.create_index("sessions_of_person", "sessions", ["person_key", "started_at"])
    sessions = sa.table("sessions", sa.column("label", sa.String()), sa.column("person_key", sa.String()))
    connection = op.get_bind()
    for label in connection.execute(sa.select(sessions.c.label).distinct()).scalars().all():
        connection.execute(sa.update(sessions).where(sessions.c.label == label).values(person_key=name_key(label)))


def downgrade() -> None:
    op.drop_index("sessions_of_person", "sessions")
    op.drop_column("sessions", "person_key")
    op.drop_table("people")
