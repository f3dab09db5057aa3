"""Notices about the watching itself, and what wearers say of possible stumbles."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_key", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("over_at", sa.String()),
        sa.Column("body", sa.JSON(), nullable=False),
    )
    op.create_index("notices_of_person", "notices", ["person_key", "at"])
    op.create_index("notices_open", "notices", ["over_at", "at"])
    op.create_table(
        "stumble_answers",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
    )
    op.create_index("ix_stumble_answers_session_id", "stumble_answers", ["session_id"])


def downgrade() -> None:
    op.drop_table("stumble_answers")
    op.drop_table("notices")
