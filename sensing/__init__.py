"""From radio bytes to blocks of samples in SI units."""
