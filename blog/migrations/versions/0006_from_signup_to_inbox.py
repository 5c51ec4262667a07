"""From signup to inbox: the outbox, suppression, confirmation, issues, and what subscribers chose.

Long, since the tables of mail come together or not at all.

Revision ID: 0006
Revises: 0005
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.String(26)


def key(name="id"):
    return sa.Column(name, sa.Integer(), nullable=False, primary_key=True)


def text(name, **more):
    return sa.Column(name, sa.String(), nullable=False, **more)


def moment(name, *, nullable=True):
    return sa.Column(name, MOMENT, nullable=nullable)


def number(name, *, nullable=False):
    return sa.Column(name, sa.Integer(), nullable=nullable)


def to(name, table, *, nullable=False, gone=None, primary_key=False):
    return sa.Column(
        name,
        sa.Integer(),
        sa.ForeignKey(f"{table}.id", name=CURRENT[-1] + f"_{name}_{table}", ondelete=gone),
        nullable=nullable,
        primary_key=primary_key,
    )


CURRENT = [""]


def table(name, columns, *constraints):
    CURRENT.append(f"fk_{name}")
    made = [column() if callable(column) else column for column in columns]
    keys = [column.name for column in made if column.primary_key]
    for column in made:
        column.primary_key = False
    return op.create_table(name, *made, sa.PrimaryKeyConstraint(*keys, name=f"pk_{name}"), *constraints)


def upgrade():
    standing_key = secrets.token_bytes(32)
    make_outbox(standing_key)
    change_subscribers(standing_key)
    change_consent(standing_key)
    make_choices()
    make_requests()
    make_issues()


def make_outbox(standing_key):
    mailroom = table(
        "mailroom",
        [key(), text("instance"), text("standing_key"), number("mark"), moment("fenced_at"),
         text("fenced_because"), moment("stopped_at"), text("stopped_because"), number("ignored_reports")],
    )
    op.bulk_insert(
        mailroom,
        [{"id": 1, "instance": secrets.token_hex(16), "standing_key": standing_key.hex(), "mark": 0,
          "fenced_because": "", "stopped_because": "", "ignored_reports": 0}],
    )
    table(
        "batch",
        [key(), text("kind"), moment("made_at", nullable=False), moment("paused_at"), text("paused_because"),
         moment("done_at")],
    )
    table(
        "delivery",
        [key(), text("kind"), sa.Column("urgent", sa.Boolean(), nullable=False),
         lambda: to("batch_id", "batch", nullable=True), number("recipient_id", nullable=True),
         number("about_id", nullable=True), text("address"), text("hash"), text("domain"),
         moment("made_at", nullable=False), sa.Column("state", sa.String(10), nullable=False), number("tries"),
         moment("first_tried_at"), moment("tried_at"), moment("next_try_at", nullable=False), text("claim"), moment("claimed_until"), text("message_id"),
         moment("settled_at"), text("answer"), moment("stopped_at")],
        sa.UniqueConstraint("batch_id", "recipient_id", name="uq_delivery_batch_id"),
    )
    op.create_index("ix_delivery_open", "delivery", ["state", "urgent", "next_try_at"])
    op.create_index("ix_delivery_of_batch", "delivery", ["batch_id", "state", "next_try_at"])
    op.create_index("ix_delivery_tried_at", "delivery", ["tried_at"])
    op.create_index("ix_delivery_hash", "delivery", ["hash"])
    op.create_index(
        "ix_delivery_message_id", "delivery", ["message_id"], sqlite_where=sa.text("message_id != ''")
    )
    table(
        "suppression",
        [sa.Column("hash", sa.String(), nullable=False, primary_key=True), text("reason"),
         moment("at", nullable=False), moment("lifted_at")],
    )
    table(
        "notice",
        [sa.Column("key", sa.String(), nullable=False, primary_key=True), number("number"),
         text("sentence"), moment("since", nullable=False), moment("over_at")],
        sa.UniqueConstraint("number", name="uq_notice_number"),
    )


def hash_of(standing_key, compared):
    return hmac.new(standing_key, f"address {compared}".encode(), "sha256").hexdigest()


def leave_hash_of(standing_key, seed):
    """Say again what newsletter/links.py says: a migration must not change with the code."""
    raw = hmac.new(standing_key, f"leave {seed}".encode(), "sha256").digest()
    return hashlib.sha256(urlsafe_b64encode(raw).rstrip(b"=")).hexdigest()


def change_subscribers(standing_key):
    table(
        "subscriber_import",
        [key(), moment("made_at", nullable=False), text("name"), text("basis"), text("digest"),
         moment("finished_at"), moment("undone_at")],
    )
    with op.batch_alter_table("subscriber") as batch:
        batch.alter_column("address", existing_type=sa.String(), nullable=True)
        batch.alter_column("key", existing_type=sa.String(), nullable=True)
        for column in (
            text("hash", server_default=""),
            text("seed", server_default=""),
            sa.Column("leave_hash", sa.String(), nullable=True),
            moment("first_mailed_at"),
            moment("confirmed_at"),
            moment("left_at"),
            moment("paused_until"),
            moment("erased_at"),
            sa.Column("all_topics", sa.Boolean(), nullable=False, server_default=sa.true()),
            sa.Column("bounce_score", sa.Integer(), nullable=False, server_default="0"),
            sa.Column("bounced_on", sa.Date(), nullable=True),
            sa.Column("import_id", sa.Integer(), nullable=True),
        ):
            batch.add_column(column)
    connection = op.get_bind()
    for row in connection.execute(sa.text("SELECT id, key FROM subscriber")).all():
        seed = secrets.token_hex(8)
        connection.execute(
            sa.text("UPDATE subscriber SET hash = :hash, seed = :seed, leave_hash = :leave WHERE id = :id"),
            {"id": row.id, "hash": hash_of(standing_key, row.key), "seed": seed,
             "leave": leave_hash_of(standing_key, seed)},
        )
    with op.batch_alter_table("subscriber") as batch:
        batch.alter_column("hash", existing_type=sa.String(), nullable=False, server_default=None)
        batch.alter_column("seed", existing_type=sa.String(), nullable=False, server_default=None)
        batch.alter_column("leave_hash", existing_type=sa.String(), nullable=False)
        batch.alter_column("all_topics", existing_type=sa.Boolean(), nullable=False, server_default=None)
        batch.alter_column("bounce_score", existing_type=sa.Integer(), nullable=False, server_default=None)
        batch.create_unique_constraint("uq_subscriber_leave_hash", ["leave_hash"])
        batch.create_foreign_key(
            "fk_subscriber_import_id_subscriber_import", "subscriber_import", ["import_id"], ["id"]
        )
        batch.create_index("ix_subscriber_hash", ["hash"])


def change_consent(standing_key):
    table(
        "signup_request",
        [key(), lambda: to("subscriber_id", "subscriber", gone="CASCADE"),
         lambda: to("consent_id", "consent", gone="CASCADE"), moment("asked_at", nullable=False), text("seed"),
         text("network"), text("browser"), sa.Column("later", sa.Boolean(), nullable=False), number("turn"),
         number("tries"), moment("answered_at"), text("answer")],
    )
    # Whoever signed up before there was a confirmation mail gets theirs, paced like everything that waits.
    op.execute(
        "INSERT INTO signup_request "
        "(subscriber_id, consent_id, asked_at, seed, network, browser, later, turn, tries, answer) "
        "SELECT subscriber_id, max(id), max(asked_at), lower(hex(randomblob(8))), '', '', 1, 1, 0, '' "
        "FROM consent GROUP BY subscriber_id"
    )
    with op.batch_alter_table("consent") as batch:
        batch.alter_column("asked_at", new_column_name="at", existing_type=MOMENT, existing_nullable=False)
        batch.drop_column("mail_later")
        batch.add_column(sa.Column("deed", sa.String(16), nullable=False, server_default="asked"))
        batch.add_column(text("hash", server_default=""))
        batch.add_column(sa.Column("method", sa.String(16), nullable=True))
        batch.add_column(sa.Column("asked_id", sa.Integer(), nullable=True))
        batch.add_column(text("note", server_default=""))
    op.execute(
        "UPDATE consent SET hash = (SELECT subscriber.hash FROM subscriber WHERE id = consent.subscriber_id)"
    )
    with op.batch_alter_table("consent") as batch:
        for name, kind in (("deed", sa.String(16)), ("hash", sa.String()), ("note", sa.String())):
            batch.alter_column(name, existing_type=kind, nullable=False, server_default=None)
        batch.create_foreign_key("fk_consent_asked_id_consent", "consent", ["asked_id"], ["id"])
        batch.create_index("ix_consent_asked_id", ["asked_id"])


def make_choices():
    table(
        "subscriber_topic",
        [lambda: to("subscriber_id", "subscriber", gone="CASCADE", primary_key=True),
         lambda: to("category_id", "category", gone="CASCADE", primary_key=True)],
    )
    op.create_index("ix_subscriber_topic_category_id", "subscriber_topic", ["category_id"])
    table(
        "follow",
        [key(), lambda: to("subscriber_id", "subscriber", gone="CASCADE"),
         lambda: to("article_id", "article", gone="CASCADE"), moment("asked_at", nullable=False),
         moment("ends_at", nullable=False), text("known_change")],
        sa.UniqueConstraint("subscriber_id", "article_id", name="uq_follow_subscriber_id"),
    )
    op.create_index("ix_follow_article_id", "follow", ["article_id"])
    table(
        "follow_request",
        [key(), text("hash"), lambda: to("article_id", "article", gone="CASCADE"), moment("asked_at", nullable=False)],
        sa.UniqueConstraint("hash", "article_id", name="uq_follow_request_hash"),
    )
    op.create_index("ix_follow_request_article_id", "follow_request", ["article_id"])
    table(
        "bounce",
        [key(), lambda: to("delivery_id", "delivery", nullable=True), text("hash"), text("kind"),
         moment("at", nullable=False), text("status")],
    )
    op.create_index("ix_bounce_delivery_id", "bounce", ["delivery_id"])
    op.create_index("ix_bounce_hash", "bounce", ["hash"])


def make_requests():
    op.create_index("ix_signup_request_consent_id", "signup_request", ["consent_id"])
    op.create_index("ix_signup_request_of_one", "signup_request", ["subscriber_id", "answered_at", "turn"])
    op.create_index("ix_signup_request_waiting", "signup_request", ["answered_at", "later", "turn", "id"])
    table(
        "mailed_link",
        [key(), lambda: to("subscriber_id", "subscriber", gone="CASCADE"),
         lambda: to("request_id", "signup_request", nullable=True, gone="SET NULL"),
         sa.Column("purpose", sa.String(10), nullable=False), moment("made_at", nullable=False), text("seed"),
         text("browser"), number("tries"), moment("used_at"), sa.Column("data", sa.JSON(), nullable=False)],
    )
    op.create_index("ix_mailed_link_request_id", "mailed_link", ["request_id"])
    op.create_index("ix_mailed_link_lately", "mailed_link", ["subscriber_id", "made_at"])
    op.create_index("ix_mailed_link_purpose", "mailed_link", ["purpose", "made_at"])


def make_issues():
    table(
        "issue",
        [key(), text("slug"), text("subject"), text("preview"), text("body"), moment("made_at", nullable=False),
         moment("changed_at", nullable=False), text("digest_of"), number("counted", nullable=True),
         moment("send_at"), sa.Column("held", sa.Boolean(), nullable=False),
         lambda: to("batch_id", "batch", nullable=True), moment("started_at"), moment("done_at"),
         sa.Column("frozen", sa.JSON(), nullable=False)],
        sa.UniqueConstraint("slug", name="uq_issue_slug"),
    )
    table(
        "issue_article",
        [lambda: to("issue_id", "issue", gone="CASCADE", primary_key=True),
         lambda: to("article_id", "article", gone="CASCADE", primary_key=True), number("position")],
    )
    op.create_index("ix_issue_article_article_id", "issue_article", ["article_id"])
    table(
        "issue_topic",
        [lambda: to("issue_id", "issue", gone="CASCADE", primary_key=True),
         lambda: to("category_id", "category", primary_key=True)],
    )
    op.create_index("ix_issue_topic_category_id", "issue_topic", ["category_id"])


def forget_who_is_out():
    """Keep requests alone: the older version takes every record for one, and whoever left would be asked again."""
    for trigger in ("consent_delete", "consent_update", "consent_replace"):
        op.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    out = (
        "SELECT id FROM subscriber WHERE key IS NULL OR left_at IS NOT NULL "
        "OR hash IN (SELECT hash FROM suppression WHERE lifted_at IS NULL)"
    )
    op.execute(f"DELETE FROM consent WHERE deed != 'asked' OR subscriber_id IN ({out})")
    op.execute(f"DELETE FROM subscriber WHERE id IN ({out})")


def downgrade():
    for name in (
        "issue_topic", "issue_article", "issue", "mailed_link", "bounce", "follow_request", "follow", "subscriber_topic",
    ):
        op.drop_table(name)
    op.drop_table("signup_request")
    forget_who_is_out()
    with op.batch_alter_table("consent") as batch:
        batch.drop_index("ix_consent_asked_id")
        batch.drop_constraint("fk_consent_asked_id_consent", type_="foreignkey")
        batch.alter_column("at", new_column_name="asked_at", existing_type=MOMENT, existing_nullable=False)
        batch.add_column(sa.Column("mail_later", sa.Boolean(), nullable=False, server_default=sa.false()))
        for name in ("deed", "hash", "method", "asked_id", "note"):
            batch.drop_column(name)
    with op.batch_alter_table("consent") as batch:
        batch.alter_column("mail_later", existing_type=sa.Boolean(), nullable=False, server_default=None)
    with op.batch_alter_table("subscriber") as batch:
        batch.drop_constraint("fk_subscriber_import_id_subscriber_import", type_="foreignkey")
        batch.drop_constraint("uq_subscriber_leave_hash", type_="unique")
        batch.drop_index("ix_subscriber_hash")
        for name in (
            "hash", "seed", "leave_hash", "first_mailed_at", "confirmed_at", "left_at", "paused_until",
            "erased_at", "all_topics", "bounce_score", "bounced_on", "import_id",
        ):
            batch.drop_column(name)
        batch.alter_column("address", existing_type=sa.String(), nullable=False)
        batch.alter_column("key", existing_type=sa.String(), nullable=False)
    for name in ("subscriber_import", "notice", "suppression", "delivery", "batch", "mailroom"):
        op.drop_table(name)
