"""Feeds of every format, encoding and oddity, written after the specifications; each with what must come out."""
