"""The commands, by what they are for: watching, asking, reading without a record, and looking after the record."""
