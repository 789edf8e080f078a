"""Edge in: the web becomes entries. ``download`` speaks HTTP, ``feed`` and ``page`` read the bytes."""
