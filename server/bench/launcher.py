"""Starts a program on one core and writes down what it took: python launcher.py REPORT COMMAND ...

A process of its own, and a small one, because a program's peak memory begins with that of the process that started it.
"""

import json
import os
import resource
import subprocess
import sys


def main() -> int:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    status = subprocess.call(sys.argv[2:])
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(sys.argv[1], "w") as report:  # noqa: PTH123 - pathlib would make this process larger
        json.dump({"cpu_s": usage.ru_utime + usage.ru_stime, "maxrss": usage.ru_maxrss}, report)
    return status


if __name__ == "__main__":
    sys.exit(main())
