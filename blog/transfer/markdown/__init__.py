"""A folder of Markdown files with YAML front matter: read into items, and written from them; knows no rows."""
