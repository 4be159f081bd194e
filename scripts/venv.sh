# Sourced: `tools PACKAGE…` makes target/tools, a virtual environment that holds the given packages.
tools() {
  local venv=target/tools
  [[ -x $venv/bin/python ]] || python3 -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
}
