"""The parts of the gait detector: rhythm, rises, contacts, and the judgement that makes steps and bouts of them."""
