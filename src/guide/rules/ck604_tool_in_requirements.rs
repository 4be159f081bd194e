use crate::guide::finding::Level;
use crate::guide::model::{Ecosystem, Model};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds tools for development among the requirements: tests, formatters, notebooks.
///
/// ## Why is this bad?
/// They make the image larger and the start slower, and bring dependencies that clash with the model's.
///
/// ## Example
/// ```text
/// pytest==8.3.2
/// ```
///
/// ## Use instead
/// ```text
/// # in requirements-dev.txt
/// pytest==8.3.2
/// ```
///
/// ## What it may get wrong
/// A library that imports such a tool when it runs. What a file of the model imports is left alone.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

const TOOLS: &[&str] = &[
    "pytest",
    "black",
    "flake8",
    "ruff",
    "mypy",
    "isort",
    "pylint",
    "pre-commit",
    "jupyter",
    "jupyterlab",
    "notebook",
    "ipython",
    "ipykernel",
    "ipdb",
    "tox",
    "nox",
    "twine",
    "coverage",
    "autopep8",
    "pyright",
    "bandit",
    "sphinx",
    "mkdocs",
    "line-profiler",
    "memory-profiler",
    "pip-tools",
    "pipreqs",
    "commitizen",
];

fn check(model: &Model, found: &mut Findings) {
    let python = model.requirements.iter().filter(|requirement| requirement.ecosystem == Ecosystem::Python);
    let is_tool = |key: &str| TOOLS.contains(&key) || key.starts_with("pytest-");
    for requirement in python.filter(|requirement| is_tool(&requirement.key) && !is_imported(model, &requirement.key)) {
        let message = format!("`{}` is a tool for development", requirement.name);
        found.at(requirement.name_span, message, "a requirements file that the image does not install").scope = requirement.span;
    }
}

/// Whether the model uses it: `IPython` for `ipython`.
fn is_imported(model: &Model, key: &str) -> bool {
    let module = key.replace('-', "_");
    model.imported.as_ref().is_some_and(|imported| imported.iter().any(|name| name.eq_ignore_ascii_case(&module)))
}
