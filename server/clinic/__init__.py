"""The tests of the clinic: what can be chosen, how a run of one goes on, and what becomes of it."""
