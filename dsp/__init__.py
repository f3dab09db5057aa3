"""From blocks of samples to events: pure, streaming and causal."""
