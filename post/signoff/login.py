"""Says under which name this process runs: who renders is logged by it."""

from __future__ import annotations

import getpass
import os


def login_name() -> str:
    """Returns the login of the user that this process runs as, as the system has it, whatever the environment says.

    "uid 1000" for a user without a name; "unknown" where the system has no users.
    """
    if os.name != "posix":
        try:
            return getpass.getuser()
        except (ImportError, OSError):
            return "unknown"
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a container with a number for a user
        return f"uid {os.geteuid()}"
