"""The virtual environment of the peers."""
import filecmp
import os
import shutil
import subprocess
import sys

from comparison import settings

HOME = settings.BENCHMARKS / ".venv-compare"
PYTHON = HOME / "bin" / "python"
REQUIREMENTS = settings.BENCHMARKS / "requirements-compare.txt"


def enter(arguments):
    """Goes on in the virtual environment's Python, which is made where it is missing or stale."""
    if sys.prefix == str(HOME):
        return
    make()
    os.execv(PYTHON, [str(PYTHON), *arguments])


def make():
    installed = HOME / "requirements.txt"
    if installed.exists() and filecmp.cmp(REQUIREMENTS, installed, shallow=False):
        return
    print("installing the peers into", HOME, file=sys.stderr)
    shutil.rmtree(HOME, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", HOME], check=True)
    subprocess.run(
        [PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--requirement", REQUIREMENTS],
        check=True)
    shutil.copy(REQUIREMENTS, installed)
