"""Write the sample recordings again: `python -m sensing.simulator [--out DIR]`."""

import argparse
from pathlib import Path

from sensing.simulator.samples import FOLDER, write_samples


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sensing.simulator", description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder to write to (default: the one that ships)")
    for path in write_samples(parser.parse_args().out):
        print(f"{path}  {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
