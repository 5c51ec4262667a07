"""How a rule says no: one sentence that a person can act on."""


class Refused(Exception):  # noqa: N818 (it reads as what it says: `raise Refused("...")`)
    """A rule or a border said no; the message is one plain sentence: what, where, what to do."""
