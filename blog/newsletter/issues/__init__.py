"""An issue, from its draft to the archive: written, tested, said to be sent, held, frozen, sent, kept."""
