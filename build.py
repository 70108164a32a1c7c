"""Build the site: `python build.py`; `python build.py --help` tells the rest."""

from gengduo.cli import run

if __name__ == "__main__":
    run()
