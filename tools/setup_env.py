"""Make the project's environments: `python3 tools/setup_env.py [check|lab|dask|lint|...]`, with any
Python, since an old one has to be told which it needs. What is made, and how, stands in
environment.py.
"""

import os
import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):
        sys.exit(
            "Taawun needs Python 3.11 or newer, and {} is {}.{}. Install a newer one, or name "
            "one you have: make report PYTHON=python3.12".format(
                sys.executable, *sys.version_info[:2]
            )
        )
    # not this folder: its modules must not stand in for the standard library's
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    from tools.environment import main

    sys.exit(main(*sys.argv[1:]))
