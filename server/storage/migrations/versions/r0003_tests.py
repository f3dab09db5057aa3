"""Runs of the tests of the clinic."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tests",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("person_key", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("protocol", sa.String(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("started_by", sa.String()),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since_s", sa.Double(), nullable=False),
        sa.Column("cue_s", sa.Double()),
        sa.Column("end_cue_s", sa.Double()),
        sa.Column("problem", sa.String()),
        sa.Column("event", sa.JSON()),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("invalidated", sa.JSON()),
    )
    op.create_index("tests_of_session", "tests", ["session_id"])
    op.create_index("tests_of_person", "tests", ["person_key", "protocol", "created_at"])


def downgrade() -> None:
    op.drop_table("tests")
