"""The command `cog-kit`."""

import json
import subprocess
import sys
from pathlib import Path

import cog_kit
import pytest
from pictures import PHONE, PICTURES

COMMAND = Path(sys.executable).with_name("cog-kit")


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60)


def test_the_version_is_printed() -> None:
    assert run("--version").stdout == f"cog-kit {cog_kit.__version__}\n"


def test_one_picture_becomes_the_file_that_is_named(tmp_path: Path) -> None:
    for name, form in (("out.png", "PNG"), ("sub/out.jpeg", "JPEG"), ("out", "WebP")):
        done = run("prepare", PHONE, "-o", tmp_path / name, "--max-side", 300, "--multiple-of", 8)
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr.endswith("1 prepared, 0 failed\n")
        info = cog_kit.info(tmp_path / name)
        assert (info.format, info.size) == (form, (296, 224))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out.png", "sub"]


def test_many_pictures_become_a_folder_and_failures_are_counted(tmp_path: Path) -> None:
    pictures = [PICTURES / "grey.jpg", PICTURES / "disc_rgba.png", PICTURES / "bomb.jpg", PICTURES / "none.jpg"]
    done = run(
        "prepare", *pictures, "-o", tmp_path / "out", "--size", "32x32", "--fit", "contain", "--background", "#727272"
    )
    assert done.returncode == 1
    assert done.stderr.endswith("2 prepared, 2 failed\n")
    assert "none.jpg: No such file or directory" in done.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["disc_rgba.webp", "grey.webp"]


@pytest.mark.parametrize(
    "arguments", [(), ("prepare",), ("prepare", PHONE), ("prepare", PHONE, "-o", "x", "--fit", "crop")]
)
def test_a_wrong_command_line_ends_with_2(arguments: tuple[object, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "error:" in done.stderr


def test_info_is_a_table_or_json() -> None:
    done = run("info", PHONE, PICTURES / "disc_rgba.webp")
    heading, phone, disc = done.stdout.splitlines()
    assert heading.split()[:3] == ["file", "format", "size"]
    assert phone.split()[1:5] == ["JPEG", "1600x1200", "6", "8"]
    assert disc.split()[1:3] == ["WebP", "64x48"]
    lines = run("info", "--json", PHONE, PICTURES / "bomb.jpg").stdout.splitlines()
    phone_facts, bomb = map(json.loads, lines)
    assert (phone_facts["size"], phone_facts["stored_size"], phone_facts["orientation"]) == (
        [1600, 1200],
        [1200, 1600],
        6,
    )
    assert bomb["code"] == "image.too_many_pixels"
