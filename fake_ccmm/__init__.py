"""A mock of Avaya CCMM's Outbound Web Services."""

__version__ = "0.1.0"
