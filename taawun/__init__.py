"""Ta'awun, "cooperation": from printed figures to a brief whose every number says where it comes
from.
"""

import os
import sys
from importlib import import_module

# In a notebook that a person runs. By name, for no build needs it, and `paths` is not read before a
# kernel knows its tables.
_shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
if _shell is not None and "TAAWUN_PROCESSED" not in os.environ:
    import_module("taawun.lab").begin(_shell)
