"""The documentation: pages for people, and the tools that make some of them."""
