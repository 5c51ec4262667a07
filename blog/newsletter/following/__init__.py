"""Following an article: to be told, once for each change and for a year, when it was updated or reviewed again."""
