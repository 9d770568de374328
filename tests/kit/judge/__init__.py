"""Judging journals: made with real calls to a real mock, and by hand where that is not feasible."""
