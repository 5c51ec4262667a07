"""The nouns of what is published."""

from .article import Article, ArticleQuestion, Correction, Credit, CreditRole, Reference
from .page import Page
from .person import Person
from .picture import PictureUse
from .question import Question
from .topic import Category, Tag, article_tag

__all__ = [
    "Article",
    "ArticleQuestion",
    "Category",
    "Correction",
    "Credit",
    "CreditRole",
    "Page",
    "Person",
    "PictureUse",
    "Question",
    "Reference",
    "Tag",
    "article_tag",
]
