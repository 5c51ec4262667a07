"""The nouns of the newsletter."""

from .consent import Consent, Deed, Method, Wording
from .issue import Issue, IssueArticle, IssueTopic, Stage
from .request import MailedLink, Purpose, SignupRequest
from .subscriber import Bounce, Follow, FollowRequest, Subscriber, SubscriberImport, SubscriberTopic

__all__ = [
    "Bounce",
    "Consent",
    "Deed",
    "Follow",
    "FollowRequest",
    "Issue",
    "IssueArticle",
    "IssueTopic",
    "MailedLink",
    "Method",
    "Purpose",
    "SignupRequest",
    "Stage",
    "Subscriber",
    "SubscriberImport",
    "SubscriberTopic",
    "Wording",
]
