"""Every command and example of the README runs and prints what it claims."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, flags=re.DOTALL)
# Installing and running this very suite is done by the gate; training and evaluating take minutes.
SKIPPED = (
    "pip install",
    "python -m pytest",
    "iipnlp evaluate",
    "iipnlp train",
    "iipnlp extract corpus/example.txt --model trained",
)


def find_commands():
    lines = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines()]
    parts = [part.strip() for line in lines for part in line.split("&&")]
    return [part for part in parts if part and not part.startswith(SKIPPED)]


def run(arguments, folder):
    environment = os.environ | {"COLUMNS": "80", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        arguments, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def find_output(command):
    """Return the text block that follows the block that ends with a command, if it is its output."""
    for (_, block), (kind, output) in zip(BLOCKS, BLOCKS[1:], strict=False):
        if block.rstrip().endswith(command) and kind == "text":
            return output
    return None


@pytest.fixture(scope="module")
def workplace(tmp_path_factory):
    """A folder in which the README's paths hold; its commands run there one after another."""
    folder = tmp_path_factory.mktemp("readme")
    for name in ("corpus", "training"):
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.mark.parametrize("command", find_commands())
def test_readme_command_runs_and_prints_what_it_claims(command, workplace):
    output = run(["sh", "-c", command], workplace)
    claimed = find_output(command)
    assert claimed is None or output == claimed


def test_readme_python_example_prints_what_it_claims(workplace):
    (place,) = [i for i, (kind, _) in enumerate(BLOCKS) if kind == "python"]
    output = run([sys.executable, "-c", BLOCKS[place][1]], workplace)
    assert output == BLOCKS[place + 1][1]
