"""Renders the rich small job in a process of its own and prints a digest of each file, for test_memory.

usage: python -m tests.laws.render_job FOLDER forwards|backwards   (FOLDER holds the small job's clips)
"""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from post.engine import InProcess
from tests.flow_job import RICH, small_job
from tests.made.stores import open_store

# 178 by 146: two samples past a multiple of 16 either way, and wide enough for the compiled kernel.
ODD = (
    RICH.replace("width: 160", "width: 178")
    .replace("height: 90", "height: 146")
    .replace("{crf: 0, preset: ultrafast}", "{crf: 18, preset: veryfast}")
)


def digests(folder: Path, order: str) -> dict[str, str]:
    """Returns each task's key and the SHA-256 of the file it made, tasks done in that order."""
    tasks = small_job(folder, ODD).tasks()
    with TemporaryDirectory() as place, InProcess() as engine:
        store = open_store(Path(place))
        list(engine.run(tasks if order == "forwards" else tasks[::-1], store))
        made = {task.key: store.get(task.key) for task in tasks}
        return {key: sha256(path.read_bytes()).hexdigest() for key, path in made.items() if path}


if __name__ == "__main__":
    print(json.dumps(digests(Path(sys.argv[1]), sys.argv[2]), sort_keys=True))
