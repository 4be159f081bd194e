//! A Dockerfile whose image Cog takes for one of its own.

use std::env::consts::EXE_SUFFIX;

use serde_json::json;

use crate::serve::COG_VERSION;

/// The Rust that builds the image, at least the one that cog-kit needs.
const RUST: &str = env!("CARGO_PKG_RUST_VERSION");

/// A multi-stage Dockerfile for the binary `name`, with `schema` (on one line) in its labels and in `.cog/openapi_schema.json`.
///
/// Cog reads three labels, and calls `python` in two ways: `-m pip freeze` when it builds, `-m cog.server.http …` when it trains or serves. A script
/// answers both, so that the image needs no Python. The files that the configuration names need not exist: Cog looks whether there are such keys.
pub(super) fn text(name: &str, schema: &str, trains: bool) -> String {
    let name = name.trim_end_matches(EXE_SUFFIX);
    let mut config = json!({"build": {"gpu": false, "python_version": "3.13"}, "predict": "run.py:Runner"});
    if trains {
        config["train"] = "train.py:train".into();
    }
    let config = config.to_string();
    let labels = [("run.cog.config", config.as_str()), ("run.cog.version", COG_VERSION), ("run.cog.openapi_schema", schema)]
        .map(|(label, value)| format!("LABEL {label}={}\n", quoted(value)))
        .concat();
    format!(
        r#"# syntax=docker/dockerfile:1
FROM rust:{RUST}-slim-bookworm AS build
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/build/target \
    cargo build --release --locked --bin {name} && cp target/release/{name} /model && strip /model
RUN /model schema --output /openapi_schema.json

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates tini \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /model /usr/local/bin/{name}
COPY --from=build /openapi_schema.json /src/.cog/openapi_schema.json
COPY --chmod=755 <<'SHIM' /usr/local/bin/python
#!/bin/sh
# Stands where Cog calls Python: for the list of packages, and for its server.
if [ "$*" = "-m pip freeze" ]; then
  exit 0
fi
while [ $# -gt 0 ] && [ "$1" != cog.server.http ]; do
  shift
done
if [ $# -eq 0 ]; then
  echo "this image has no Python" >&2
  exit 127
fi
shift
exec {name} serve "$@"
SHIM
WORKDIR /src
EXPOSE 5000
{labels}ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["{name}", "serve"]
"#
    )
}

/// A label's value between double quotes, in which a Dockerfile expands variables.
fn quoted(value: &str) -> String {
    let mut quoted = String::from('"');
    for letter in value.chars() {
        if matches!(letter, '"' | '\\' | '$') {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_survives_quotes_backslashes_and_dollars() {
        assert_eq!(quoted(r#"{"pattern":"^\\d$"}"#), r#""{\"pattern\":\"^\\\\d\$\"}""#);
    }

    #[test]
    fn labels_stand_on_one_line_each() {
        let text = text("hello", r#"{"openapi":"3.0.2"}"#, true);
        let labels: Vec<&str> = text.lines().filter(|line| line.starts_with("LABEL ")).collect();
        assert_eq!(labels.len(), 3);
        assert!(labels.iter().all(|line| line.ends_with('"')), "{labels:?}");
    }
}
