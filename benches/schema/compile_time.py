"""How long a struct of 78 inputs takes to compile, beside the same struct with serde's Deserialize alone.

    python3 benches/schema/compile_time.py

Both stand in a crate of their own that also decodes one request; their dependencies are built before. The crates are built in turn, and the medians compared.
"""

import os
import re
import statistics
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / "compile-time"
ROUNDS = 9

OURS = """
use cog_kit::input::{InputError, Seed, Sources};
use cog_kit::{Input, Path};

pub fn decode(request: &serde_json::Map<String, serde_json::Value>) -> Result<Inputs, InputError> {
    Inputs::decode(request, &Sources::remote())
}
"""

SERDE = """
use serde::Deserialize;

type Path = std::path::PathBuf;
type Seed = Option<u32>;

pub fn decode(request: serde_json::Map<String, serde_json::Value>) -> serde_json::Result<Inputs> {
    serde_json::from_value(serde_json::Value::Object(request))
}
"""


def main() -> None:
    struct = (Path(__file__).with_name("large.rs")).read_text()
    plain = re.sub(r" *#\[input\(.*\)\]\n", "", struct).replace("derive(Input)", "derive(Deserialize)")
    cog_kit = f'cog-kit = {{ path = "{ROOT}", default-features = false, features = ["input"] }}\n'
    write("with-input", OURS + struct, cog_kit)
    write("with-serde", SERDE + plain, 'serde = { version = "1", features = ["derive"] }\n')
    (FOLDER / "Cargo.toml").write_text('[workspace]\nresolver = "3"\nmembers = ["with-input", "with-serde"]\n')
    (FOLDER / "Cargo.lock").write_bytes((ROOT / "Cargo.lock").read_bytes())
    for command in ("check", "build"):
        times: dict[str, list[float]] = {"with-serde": [], "with-input": []}
        for crate in times:
            seconds(command, crate)
        for _ in range(ROUNDS):
            for crate, taken in times.items():
                taken.append(seconds(command, crate))
        serde, ours = (statistics.median(taken) for taken in times.values())
        print(f"cargo {command}: serde {serde:.2f} s, Input {ours:.2f} s, {ours - serde:.2f} s more (medians of {ROUNDS})")


def write(crate: str, text: str, dependency: str) -> None:
    """Writes a crate of one file."""
    source = FOLDER / crate / "src"
    source.mkdir(parents=True, exist_ok=True)
    (source / "lib.rs").write_text(text)
    manifest = f'[package]\nname = "{crate}"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\nserde_json = "1"\n{dependency}'
    (FOLDER / crate / "Cargo.toml").write_text(manifest)


def seconds(command: str, crate: str) -> float:
    """Seconds that cargo takes for a crate whose source was touched."""
    (FOLDER / crate / "src" / "lib.rs").touch()
    environment = os.environ | {"CARGO_INCREMENTAL": "0"}
    start = time.perf_counter()
    subprocess.run(["cargo", command, "--quiet", "--package", crate], cwd=FOLDER, env=environment, check=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
