"""Chores: what the background worker did, and when it will do it again.

Revision ID: 0004
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "chore",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("last_run_at", sa.String(length=26), nullable=True),
        sa.Column("next_run_at", sa.String(length=26), nullable=False),
        sa.Column("missed_runs", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chore")),
    )


def downgrade():
    op.drop_table("chore")
