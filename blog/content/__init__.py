"""What is published: its nouns, its verbs, its questions; knows no web."""
