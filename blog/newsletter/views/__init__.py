"""The newsletter's pages: signing up, confirming, choosing, leaving, and the issues of the past."""

from .archive import blueprint as archive
from .choosing import blueprint as choosing
from .confirming import blueprint as confirming
from .following import blueprint as following
from .following import links as following_links
from .leaving import blueprint as leaving
from .signing_up import blueprint as signing_up
from .verifying import blueprint as verifying

BLUEPRINTS = (archive, signing_up, confirming, leaving, choosing, verifying, following, following_links)
