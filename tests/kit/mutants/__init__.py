"""The kit's own proof: mocks with one rule broken on purpose, each of which a clause of that rule must catch."""
