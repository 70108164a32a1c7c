"""The demo archive: a throw-away site of invented stories, so that long lists, archives and full days can be looked at.

    python benchmarks/demo.py [DIR] [--count 300] [--seed 1] [--hant-share 0.05]

Afterwards: `python build.py serve --site build/demo`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from sites import PROJECT, lay_out_site


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the site, build it, and return the exit code of the build."""
    parser = argparse.ArgumentParser(description="Build a throw-away site of invented stories.")
    parser.add_argument("folder", type=Path, metavar="DIR", nargs="?", default=PROJECT / "build" / "demo")
    parser.add_argument("--count", type=int, default=300, help="how many stories (default: 300)")
    parser.add_argument("--seed", type=int, default=1, help="another number, another archive (default: 1)")
    parser.add_argument("--hant-share", type=float, default=0.05, help="share of Traditional dumps (default: 0.05)")
    options = parser.parse_args(arguments)
    lay_out_site(options.folder, options.count, options.seed, options.hant_share)
    built = subprocess.run([sys.executable, PROJECT / "build.py", "--site", options.folder], check=False)
    if built.returncode == 0:
        print(f"to look at it: {sys.executable} build.py serve --site {options.folder}")
    return built.returncode


if __name__ == "__main__":
    sys.exit(main())
