"""The mails of the newsletter: what each says, in the site's language; sending them is the outbox's."""
