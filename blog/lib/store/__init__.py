"""The page store: finished answers in front of Flask, fresh to the second."""

from .answers import Answer
from .serving import PageStore
from .slots import begin_reading, reads, slot_of_request
from .standing import keep_pages
from .warming import keep_warm

__all__ = ["Answer", "PageStore", "begin_reading", "keep_pages", "keep_warm", "reads", "slot_of_request"]
