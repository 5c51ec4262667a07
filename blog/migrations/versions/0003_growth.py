"""Lists of any length are read from an index; titles have a full-text index of their own.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SPAN = 2**40
OPTIONS = "tokenize = 'unicode61 remove_diacritics 2'"
USES = "FROM article_question AS used JOIN article ON article.id = used.article_id"
WITH_CATEGORY = (
    f"{USES} WHERE used.question_id = question.id "
    "AND article.category_id IS NOT NULL AND article.published_at IS NOT NULL"
)


def upgrade():
    # Columns are added in place: batch mode would copy the tables and lose their triggers.
    for table in ("article_tag", "credit"):
        op.add_column(table, sa.Column("published_at", sa.String(26), nullable=True))
        op.execute(
            f"UPDATE {table} SET published_at = "
            f"(SELECT article.published_at FROM article WHERE article.id = {table}.article_id)"
        )
    op.drop_index("ix_article_tag_tag_id", "article_tag")
    op.create_index("ix_article_tag_newest", "article_tag", ["tag_id", "published_at"])
    op.drop_index("ix_credit_person_id", "credit")
    op.create_index("ix_credit_newest", "credit", ["person_id", "role", "published_at", "article_id"])
    add_to_questions()
    number_by_kind("rowid % 8 * :span + rowid / 8")
    op.execute(f"CREATE VIRTUAL TABLE fulltext_title USING fts5(title, {OPTIONS}, prefix = '3 4 5')")
    op.execute("INSERT INTO fulltext_title (rowid, title) SELECT rowid, title FROM fulltext ORDER BY rowid")


def add_to_questions():
    op.add_column("question", sa.Column("shown_from", sa.String(26), nullable=True))
    op.add_column("question", sa.Column("listed_category_id", sa.Integer(), nullable=True))
    op.add_column("question", sa.Column("listed_from", sa.String(26), nullable=True))
    op.execute(
        "UPDATE question SET shown_from = "
        f"(SELECT min(moment) FROM (SELECT article.published_at AS moment {USES} "
        "WHERE used.question_id = question.id "
        "UNION ALL SELECT question.published_at WHERE question.stands_alone))"
    )
    op.execute(
        "UPDATE question SET listed_category_id = coalesce(category_id, (SELECT article.category_id "
        f"{WITH_CATEGORY} ORDER BY article.published_at, article.id LIMIT 1)), "
        "listed_from = CASE WHEN category_id IS NOT NULL THEN shown_from "
        f"ELSE (SELECT min(article.published_at) {WITH_CATEGORY}) END"
    )
    op.create_index(
        "ix_question_listed", "question", ["listed_category_id", "question", "id", "shown_from", "listed_from"]
    )
    op.create_index("ix_question_listed_from", "question", ["listed_from"])


def number_by_kind(number):
    """Give the rows of the full-text index other numbers; their order is what is found newest first."""
    op.execute(f"CREATE VIRTUAL TABLE fulltext_new USING fts5(title, body, more, {OPTIONS}, prefix = '3')")
    op.get_bind().execute(
        sa.text(
            "INSERT INTO fulltext_new (rowid, title, body, more) "
            f"SELECT {number} AS number, title, body, more FROM fulltext ORDER BY number"
        ),
        {"span": SPAN},
    )
    op.execute("DROP TABLE fulltext")
    op.execute("ALTER TABLE fulltext_new RENAME TO fulltext")


def downgrade():
    for (name,) in (
        op.get_bind()
        .exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'carry_%'")
        .all()
    ):
        op.execute(f'DROP TRIGGER "{name}"')
    op.execute("DROP TABLE fulltext_title")
    number_by_kind("rowid % :span * 8 + rowid / :span")
    op.drop_index("ix_question_listed_from", "question")
    op.drop_index("ix_question_listed", "question")
    for name in ("listed_from", "listed_category_id", "shown_from"):
        op.drop_column("question", name)
    op.drop_index("ix_credit_newest", "credit")
    op.create_index("ix_credit_person_id", "credit", ["person_id"])
    op.drop_index("ix_article_tag_newest", "article_tag")
    op.create_index("ix_article_tag_tag_id", "article_tag", ["tag_id"])
    for table in ("credit", "article_tag"):
        op.drop_column(table, "published_at")
