"""Hours of ordinary work with faults in it, at a server of its own; run by ``python -m tests.hostile.soak``."""
