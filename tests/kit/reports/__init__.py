"""The forms of a report: console, JSON lines, JUnit XML, HTML."""
