"""Alerts, the messages about them, and who is to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("person_key", sa.String(), nullable=False),
        sa.Column("session_id", sa.String()),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", sa.String()),
        sa.Column("body", sa.JSON(), nullable=False),
    )
    op.create_index("alerts_of_person", "alerts", ["person_key", "at"])
    op.create_index("alerts_in_state", "alerts", ["state", "at"])
    op.create_table(
        "outbox",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("alert_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("contact_name", sa.String(), nullable=False),
        sa.Column("channel_no", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.String()),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("sent_at", sa.String()),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("error", sa.String()),
        sa.Column("link_hash", sa.String(), unique=True),
        sa.Column("link_until", sa.String()),
    )
    op.create_index("outbox_in_state", "outbox", ["state"])
    op.create_index("outbox_of_alert", "outbox", ["alert_id"])
    op.create_table(
        "care_plans",
        sa.Column("person_key", sa.String(), primary_key=True),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("snooze", sa.JSON()),
    )


def downgrade() -> None:
    op.drop_table("care_plans")
    op.drop_table("outbox")
    op.drop_table("alerts")
