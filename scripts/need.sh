#!/usr/bin/env bash
# Makes sure of what the commands need beyond Rust: a C compiler, Python 3.10+ with venv and pip. Installs Debian packages when run as root.
set -euo pipefail

missing=()
command -v cc >/dev/null || missing+=(build-essential)
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
  missing+=(python3 python3-venv python3-pip)
elif ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
  missing+=(python3-venv)
fi

if ((${#missing[@]})); then
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]}"
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends "${missing[@]}"
  else
    echo "Missing: ${missing[*]}. Install with: sudo apt-get install ${missing[*]}" >&2
    exit 1
  fi
fi
if ! command -v cargo >/dev/null; then
  echo "Missing: Rust. Install it with rustup; rust-toolchain.toml names the version." >&2
  exit 1
fi
