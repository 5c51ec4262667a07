"""Every kind of mail that the newsletter knows how to write."""

from blog.outbox.telling import notice_kind

from .following import mails as following
from .issues import letters
from .mail.notice import notice
from .signup import mails as signup
from .verifying import ACCESS

KINDS = (
    notice_kind(lambda to, sentence, since: notice(to, sentence=sentence, since=since)),
    *signup.KINDS,
    ACCESS,
    *letters.KINDS,
    *following.KINDS,
)
