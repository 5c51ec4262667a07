"""What the figures were measured on, and which tools are missing for them."""

import os
import platform
import re
import shutil
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

_INSTALL = {
    "wrk": "apt-get install wrk",
    "nginx": "apt-get install nginx-light",
    "taskset": "apt-get install util-linux",
    "gunicorn": "python3 run.py test installs it with the other tools of development (requirements-dev.txt)",
}


def missing(tools: set[str]) -> dict[str, str]:
    """Return the tools that are not there, each with a sentence that says how to get it."""
    return {
        tool: f"{tool} is missing: {_INSTALL[tool]}"
        for tool in sorted(tools)
        if not shutil.which(tool) and not find_spec(tool)
    }


def about_machine() -> dict[str, str]:
    """Return what the figures depend on: processor, system, versions."""
    return {
        "processor": f"{os.cpu_count()} cores, {_processor()}",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "granian": version("granian"),
        "gunicorn": version("gunicorn") if find_spec("gunicorn") else "none",
        "nginx": _first_line("nginx", "-v").rpartition("/")[2],
        "wrk": _first_line("wrk", "-v").split("[")[0].strip(),
    }


def _processor() -> str:
    found = re.search(r"(?m)^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text("utf-8"))
    return found[1] if found else platform.machine()


def _first_line(*command: str) -> str:
    """Return the first line that a tool says about itself, wherever it says it."""
    if not shutil.which(command[0]):
        return "none"
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip().partition("\n")[0]
