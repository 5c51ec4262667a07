"""Pictures in texts: which text shows which picture, so that those of hidden texts stay hidden.

Revision ID: 0005
Revises: 0002
"""

import re
from urllib.parse import unquote

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXTS = {"article": ("body", "tldr"), "question": ("answer",), "page": ("body",), "person": ("body",)}
IN_MARKDOWN = re.compile(r"/media/([^\s()<>\"'?#\]]+)")


def upgrade():
    use = op.create_table(
        "picture_use",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("owner", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "owner", "name", name=op.f("pk_picture_use")),
    )
    op.create_index("ix_picture_use_name", "picture_use", ["name"])
    connection = op.get_bind()
    for kind, columns in TEXTS.items():
        texts = " || ' ' || ".join(columns)
        found = connection.exec_driver_sql(f"SELECT id, {texts} FROM {kind} WHERE {texts} LIKE '%/media/%'")
        rows = [
            {"kind": kind, "owner": owner, "name": name}
            for owner, text in found.all()
            for name in sorted({unquote(name) for name in IN_MARKDOWN.findall(text)})
        ]
        op.bulk_insert(use, rows)


def downgrade():
    op.drop_table("picture_use")
