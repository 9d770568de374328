"""Believable demo data: people from many countries to fill campaigns with."""
