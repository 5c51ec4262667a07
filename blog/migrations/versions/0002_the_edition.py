"""The edition: one number that rises with every change of what readers see.

Revision ID: 0002
Revises: 0001
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    edition = op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
    )
    # When the next thing appears by itself is asked once for every edition.
    op.create_index("ix_article_updated_at", "article", ["updated_at"])
    op.create_index("ix_question_published_at", "question", ["published_at"])
    op.bulk_insert(edition, [{"id": 1, "epoch": secrets.randbelow(2**31 - 1) + 1, "number": 0}])


def downgrade():
    for (name,) in op.get_bind().exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'edition_%'"
    ).all():
        op.execute(f'DROP TRIGGER "{name}"')
    op.drop_index("ix_question_published_at", "question")
    op.drop_index("ix_article_updated_at", "article")
    op.drop_table("edition")
