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
/// A library that imports such a tool when it runs.
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
    "yapf",
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
    for requirement in python.filter(|requirement| TOOLS.contains(&requirement.key.as_str()) || requirement.key.starts_with("pytest-")) {
        let message = format!("`{}` is a tool for development", requirement.name);
        found.at(requirement.name_span, message, "a requirements file that the image does not install").scope = requirement.span;
    }
}
