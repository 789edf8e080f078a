"""The pure core: values in, values out. Standard library only; no network, file, database, clock or log.

In order of flow: vendor, source, post, sentence, rule, reader, statement, stance, change, alert, delivery, cadence.
"""
