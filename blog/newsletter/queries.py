"""Questions about subscribers; one definition of who may get an issue."""

from datetime import datetime

from sqlalchemy import BindParameter, Select, bindparam, or_, select

from blog.lib.db import this_moment
from blog.lib.prepared import Prepared
from blog.outbox.models import Delivery, Suppression
from blog.outbox.suppressing import is_suppressed

from .models import Subscriber


def reachable(at: datetime | BindParameter[datetime]) -> Select[Subscriber]:
    """Return who may get an issue at this moment: confirmed, not left, not pausing, not suppressed."""
    suppressed = select(Suppression.hash).where(
        Suppression.hash == Subscriber.hash, Suppression.lifted_at.is_(None)
    )
    return select(Subscriber).where(
        Subscriber.confirmed_at.is_not(None),
        Subscriber.left_at.is_(None),
        Subscriber.erased_at.is_(None),
        or_(Subscriber.paused_until.is_(None), Subscriber.paused_until <= at),
        ~suppressed.exists(),
    )


_MAY_GET = Prepared(
    reachable(this_moment()).with_only_columns(Subscriber.id).where(Subscriber.id == bindparam("whose")), int
)


def may_get_letters(delivery: Delivery) -> bool:
    """Tell whether the recipient may get a letter at this moment, whatever was so when the issue was frozen.

    Asked inside the transaction that says "delivering"; the address it was frozen for must be free, too.
    """
    whose = delivery.recipient_id
    return _MAY_GET.first(whose=whose) is not None and not is_suppressed(delivery.hash)
