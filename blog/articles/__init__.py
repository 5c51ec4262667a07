"""The public face of articles: listings, one article, its Markdown."""
