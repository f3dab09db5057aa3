"""What Surefoot notices about itself, and the stumbles of the week: told quietly, and never like a fall."""
