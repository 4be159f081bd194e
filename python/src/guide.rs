//! The publishing guide, as Python sees it.

use std::path::PathBuf;

use cog_kit::guide::{self, Config, Finding, Format, GuideError, Level};
use pyo3::{exceptions::PyValueError, prelude::*};

use crate::error::raise_guide;

/// One thing that the publishing guide would have otherwise.
#[pyclass(frozen, get_all, module = "cog_kit._native", name = "Finding")]
pub(crate) struct PyFinding {
    /// The rule's code, such as `CK101`.
    code: &'static str,
    /// The rule's name, such as `abbreviated-input`.
    name: &'static str,
    /// `hint`, `warning` or `error`.
    level: &'static str,
    /// What is wrong, in one line.
    message: String,
    /// The file as it was named.
    file: String,
    /// The line, from 1.
    line: usize,
    /// The column, from 1, in characters.
    column: usize,
    /// Why it matters, in a sentence.
    why: &'static str,
    /// What to write instead.
    instead: String,
}

impl From<&Finding> for PyFinding {
    fn from(finding: &Finding) -> Self {
        Self {
            code: finding.code,
            name: finding.name,
            level: finding.level.as_str(),
            message: finding.message.clone(),
            file: finding.place.file.clone(),
            line: finding.place.line,
            column: finding.place.column,
            why: finding.why,
            instead: finding.instead.clone(),
        }
    }
}

#[pymethods]
impl PyFinding {
    fn __repr__(&self) -> String {
        format!("<cog_kit.Finding {} {} at {}:{}:{}: {}>", self.level, self.code, self.file, self.line, self.column, self.message)
    }
}

/// Checks a model against the publishing guide and returns what it would have otherwise: a list of Finding, by file and place.
///
/// `path` is a folder with cog.yaml or Cargo.toml, one of these files, a Python file, a requirements file or an OpenAPI document; or the `http://`
/// address of one. The `cog-kit.toml` beside it or above it configures the rules. Nothing that is read is run.
///
/// Raises `GuideError` if there is no model to check, and `FileNotFoundError` or another `OSError` for a file that cannot be read.
#[pyfunction]
pub(crate) fn check(py: Python<'_>, path: PathBuf) -> PyResult<Vec<PyFinding>> {
    let report = py.detach(|| guide::check(&path.to_string_lossy())).map_err(|error| raise_guide(py, &error))?;
    Ok(report.findings().iter().map(PyFinding::from).collect())
}

/// What the command prints for some models, and whether something was found at `level` (by default that of `cog-kit.toml`, else `warning`) or above.
#[pyfunction]
pub(crate) fn report(py: Python<'_>, paths: Vec<PathBuf>, format: &str, colour: bool, level: Option<&str>) -> PyResult<(String, bool)> {
    let format = Format::from_name(format)
        .map(|format| format.with_colour(colour))
        .ok_or_else(|| PyValueError::new_err(format!("found format `{format}`, expected {}", Format::NAMES.join(", "))))?;
    let level = match level {
        Some(name) => Some(
            Level::from_name(name)
                .ok_or_else(|| PyValueError::new_err(format!("found level `{name}`, expected {}", Level::NAMES.join(", "))))?,
        ),
        None => None,
    };
    let all = || {
        let mut found = false;
        let mut reports = Vec::new();
        for path in &paths {
            let target = path.to_string_lossy();
            let config = Config::find(&target)?;
            let report = guide::check_with(&target, &config)?;
            found |= report.reaches(level.or(config.level).unwrap_or(Level::Warning));
            reports.push(report);
        }
        Ok::<_, GuideError>((guide::Report::join(reports).render(format), found))
    };
    py.detach(all).map_err(|error| raise_guide(py, &error))
}
