use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::python::{Call, Module};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds downloads by requests, urllib or gdown in `setup` or of an address that is written in the code, and commands that fetch: pget, wget, curl,
/// `pip install`.
///
/// ## Why is this bad?
/// The model starts slower by the download, every time, and not at all when the address is gone.
///
/// ## Example
/// ```python
/// def setup(self):
///     subprocess.check_call(["pget", "-x", WEIGHTS_URL, "weights"])
/// ```
///
/// ## Use instead
/// ```yaml
/// build:
///   run:
///     - pget -x https://example.com/weights.tar weights
/// ```
///
/// ## What it may get wrong
/// Addresses that users give are left alone, unless a command such as pget is called to fetch them.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

const LIBRARIES: &[&str] = &[
    "requests.get",
    "urllib.request.urlretrieve",
    "urllib.request.urlopen",
    "wget.download",
    "gdown.download",
    "httpx.get",
    "urllib.urlretrieve",
    "gdown.download_folder",
];
const SHELLS: &[&str] =
    &["subprocess.run", "subprocess.check_call", "subprocess.check_output", "subprocess.call", "subprocess.Popen", "os.system"];
const COMMANDS: &[&str] = &["pget", "wget", "curl", "gsutil", "aria2c"];

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = &model.module else { return };
    for call in &module.calls {
        let fetches = (LIBRARIES.contains(&call.path.as_str()) && (module.in_setup(call) || has_fixed_address(module, call)))
            || runs_command(module, call);
        if fetches {
            found.at(
                module.span(call.node(module)),
                "something is downloaded when the model runs",
                "the file in the image, put there when it is built",
            );
        }
    }
}

fn has_fixed_address(module: &Module, call: &Call) -> bool {
    let address = call.argument(module, 0).or_else(|| call.keyword(module, "url"));
    address.and_then(|address| module.known_text(address, call.function)).is_some_and(|text| text.starts_with("http"))
}

/// Whether the command fetches something; it may have a name of its own.
fn runs_command(module: &Module, call: &Call) -> bool {
    let Some(argument) = call.argument(module, 0).filter(|_| SHELLS.contains(&call.path.as_str())) else { return false };
    let argument =
        if argument.kind() == "identifier" { module.assigned(argument.text(), call.function).unwrap_or(argument) } else { argument };
    let texts: Vec<&str> = argument.subtree().filter(|part| part.kind() == "string_content").map(|part| part.text()).collect();
    let command = texts.join(" ");
    let mut words = command.split_whitespace();
    match words.next() {
        Some("pip" | "pip3") => words.next() == Some("install"),
        Some(word) => COMMANDS.contains(&word),
        None => false,
    }
}
