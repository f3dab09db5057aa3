"""What holds for every test: kernels come from the same cache that the program uses."""

from server.kernels_cache import set_kernels_cache

set_kernels_cache()
