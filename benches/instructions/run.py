"""Counts instructions and holds them against benches/instructions.json. Run by `scripts/bench-instructions.sh`, which makes sure of valgrind.

Counts depend on the vectors that the code chose, so every choice has numbers of its own. Valgrind knows AVX2, but not AVX-512.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COUNTS = ROOT / "benches" / "instructions.json"
FOLDER = ROOT / "target" / "bench" / "instructions"
# Each pipeline, and the picture that it reads.
PIPELINES = {"jpeg-to-1024": "photo.jpg", "png-flattened": "cut-out.png"}
# By how much a count may grow. Between two runs of one program, counts differ by far less.
TOLERANCE = 0.05


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench-instructions.sh", description="Counts the instructions of fixed pipelines.")
    parser.add_argument("--bless", action="store_true", help="keep the new numbers in benches/instructions.json")
    bless = parser.parse_args().bless
    program = built()
    FOLDER.mkdir(parents=True, exist_ok=True)
    subprocess.run([program, "draw", FOLDER], check=True)

    kept = json.loads(COUNTS.read_text())
    complaints = []
    for name, picture in PIPELINES.items():
        vectors, instructions = counted(program, name)
        found = {"instructions": instructions, "picture_bytes": (FOLDER / picture).stat().st_size}
        complaint = compared(f"{name} ({vectors})", found, kept.get(vectors, {}).get(name))
        if complaint:
            complaints.append(complaint)
        kept.setdefault(vectors, {})[name] = found
    if bless:
        COUNTS.write_text(json.dumps(kept, indent=2) + "\n")
        print("kept in benches/instructions.json")
        return 0
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    if complaints:
        print("If this is meant: scripts/bench-instructions.sh --bless", file=sys.stderr)
    return int(bool(complaints))


def built() -> Path:
    """The program, built for release with the codecs of the default features."""
    options = ["--no-default-features", "--features", "image", "--bench", "instructions", "--no-run", "--message-format=json-render-diagnostics"]
    messages = subprocess.run(["cargo", "bench", *options], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    artifacts = (json.loads(line) for line in messages.splitlines())
    return next(Path(found["executable"]) for found in artifacts if found.get("executable"))


def counted(program: Path, name: str) -> tuple[str, int]:
    """The vectors that a pipeline chose, and the instructions from the start of its program to the end."""
    counts = FOLDER / f"{name}.callgrind"
    command = ["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={counts}", program, "run", name, FOLDER]
    vectors = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    total = re.search(r"^totals: (\d+)$", counts.read_text(), re.MULTILINE)
    if not total:
        raise SystemExit(f"{counts} has no line `totals: NUMBER`; is this another version of callgrind?")
    return vectors, int(total[1])


def compared(name: str, found: dict[str, int], kept: dict[str, int] | None) -> str | None:
    """What is wrong with a count, if anything is; prints it beside the one kept."""
    instructions = found["instructions"]
    if kept is None:
        print(f"{name}: {instructions:,} instructions")
        return f"{name}: benches/instructions.json has no number to compare with"
    change = instructions / kept["instructions"] - 1
    print(f"{name}: {instructions:,} instructions, {kept['instructions']:,} were kept: {change:+.2%}")
    if found["picture_bytes"] != kept["picture_bytes"]:
        sizes = f"{found['picture_bytes']:,} bytes instead of {kept['picture_bytes']:,}"
        return f"{name}: the picture that it reads is another, {sizes}: did an encoder change? Counts cannot be compared"
    if change > TOLERANCE:
        return f"{name}: {instructions - kept['instructions']:,} instructions more, {change:.1%}; {TOLERANCE:.0%} are allowed"
    return None


if __name__ == "__main__":
    sys.exit(main())
