"""The tests of the clinic as people take them: what is said, what is kept, what a result means."""
