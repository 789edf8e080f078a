"""Who calls us: the command line and the scheduler. The only place where the clock is read."""
