"""One page of every kind that the demo has, for what must hold on all of them."""

PAGES = {
    "home": "/",
    "article": "/articles/sleep-and-memory",
    "articles": "/articles",
    "category": "/categories/mental-health",
    "tag": "/tags/memory",
    "person": "/people/ruth-okafor",
    "questions": "/faq",
    "questions, filtered": "/faq?q=coffee",
    "question": "/faq/what-should-i-do-in-an-emergency",
    "search": "/search",
    "search, found": "/search?q=sleep",
    "search, not found": "/search?q=xyzzy",
    "newsletter": "/newsletter",
    "issue": "/newsletter/issues/sleep-salt-and-asking-again",
    "code": "/newsletter/confirm?r=a-handle-that-is-none",
    "confirmation without a link": "/newsletter/confirm",
    "confirmed": "/newsletter/thanks",
    "follow": "/newsletter/follow/sleep-and-memory",
    "follow, asked": "/newsletter/follow",
    "page": "/about",
    "error": "/nothing-is-here",
}

MISSING = PAGES["error"]
