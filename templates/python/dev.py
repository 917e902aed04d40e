"""Runs the tests each time a source changes: `.venv/bin/python dev.py`. Signalbox starts the server anew by itself."""

import subprocess
import sys
import time
from pathlib import Path

here = Path(__file__).parent


def state() -> dict[Path, float]:
    return {path: path.stat().st_mtime for path in here.glob("*.py")}


seen: dict[Path, float] = {}
while True:
    now = state()
    if now != seen:
        seen = now
        subprocess.run([sys.executable, "-m", "unittest"], cwd=here, check=False)
    time.sleep(0.5)
