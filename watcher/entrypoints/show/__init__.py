"""Answers for people, in 80 columns, and for programs, as JSON."""
