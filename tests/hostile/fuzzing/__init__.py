"""Inputs that nobody would send on purpose, made from what is in order; run by ``python -m tests.hostile.fuzz``."""
