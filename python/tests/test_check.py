"""The publishing guide from Python."""

import json
import subprocess
import sys
from pathlib import Path

import cog_kit
import pytest

RUN = """from cog import BaseRunner, Input, Path


class Runner(BaseRunner):
    def run(self, img: Path = Input(description="Picture to sharpen, as PNG, JPEG or WebP.")) -> Path:
        return img
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "cog.yaml").write_text("build:\n  python_version: '3.12'\nrun: run.py:Runner\n")
    (tmp_path / "run.py").write_text(RUN)
    return tmp_path


def cog_kit_command(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("cog-kit")
    return subprocess.run([command, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60)


def test_findings_say_what_and_where(model: Path) -> None:
    found = {finding.code: finding for finding in cog_kit.check(model)}
    abbreviated = found["CK101"]
    assert (abbreviated.name, abbreviated.level, abbreviated.line) == ("abbreviated-input", "warning", 5)
    assert abbreviated.file.endswith("run.py")
    assert "img" in abbreviated.message
    assert abbreviated.why
    assert abbreviated.instead
    assert repr(abbreviated).startswith("<cog_kit.Finding warning CK101 at ")


def test_what_cannot_be_checked_raises(tmp_path: Path) -> None:
    with pytest.raises(cog_kit.GuideError) as caught:
        cog_kit.check(tmp_path)
    assert caught.value.code.startswith("guide.")
    assert isinstance(caught.value, cog_kit.CogKitError)


def test_the_command_prints_a_report_and_its_exit_code_tells(model: Path) -> None:
    done = cog_kit_command("check", model)
    assert done.returncode == 1
    assert "CK101" in done.stdout
    assert done.stderr == ""
    assert cog_kit_command("check", model, "--level", "error").returncode == 0
    assert "CK101" in {finding["code"] for finding in json.loads(cog_kit_command("check", model, "--format", "json").stdout)["findings"]}
    failed = cog_kit_command("check", model / "nothing")
    assert failed.returncode == 2
    assert failed.stderr.startswith("error: ")
