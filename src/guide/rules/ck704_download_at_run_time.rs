use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::python::{Call, Module};
use crate::guide::rule::{Findings, Rule};
use crate::guide::weights::is_for_input;

/// ## What it does
/// Finds downloads by requests, urllib or gdown in `setup` or of an address that is written in the code, and commands that fetch: pget, wget, curl,
/// `huggingface-cli download`, `pip install`.
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
/// Addresses on this machine are left alone, and so are those that users give: in the call itself, or to the function around it when only `predict` calls
/// that.
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
    "gdown.cached_download",
    "requests.request",
    "httpx.stream",
    "urllib3.request",
    "keras.utils.get_file",
    "tensorflow.keras.utils.get_file",
    "gsutil.cp",
    "smart_open.open",
];
const SHELLS: &[&str] =
    &["subprocess.run", "subprocess.check_call", "subprocess.check_output", "subprocess.call", "subprocess.Popen", "os.system"];
/// Where servers beside the model answer.
const HERE: &[&str] = &["://127.0.0.1", "://localhost", "://0.0.0.0", "://[::1]"];
const COMMANDS: &[&str] = &["pget", "wget", "curl", "gsutil", "aria2c"];

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = &model.module else { return };
    for call in module.running() {
        let fetches = (LIBRARIES.contains(&call.path.as_str()) && downloads(module, call)) || runs_command(module, call);
        if fetches && !is_for_input(model, module, call) {
            found.at(
                module.span(call.node(module)),
                "something is downloaded when the model runs",
                "the file in the image, put there when it is built",
            );
        }
    }
}

/// Whether the library's call fetches the same thing every time, and from elsewhere.
fn downloads(module: &Module, call: &Call) -> bool {
    let address = call.argument(module, 0).or_else(|| call.keyword(module, "url"));
    let is_here = |text: &str| HERE.iter().any(|host| text.contains(host));
    match address.and_then(|address| module.known_text(address, call.function)) {
        Some(text) => !is_here(&text) && (text.starts_with("http") || module.in_setup(call)),
        None => module.in_setup(call) && !address.is_some_and(|address| is_here(address.text())),
    }
}

/// Whether the command fetches something; it may have a name of its own.
fn runs_command(module: &Module, call: &Call) -> bool {
    let Some(argument) = call.argument(module, 0).filter(|_| SHELLS.contains(&call.path.as_str())) else { return false };
    let argument =
        if argument.kind() == "identifier" { module.assigned(argument.text(), call.function).unwrap_or(argument) } else { argument };
    let texts: Vec<&str> = argument.subtree().filter(|part| part.kind() == "string_content").map(|part| part.text()).collect();
    let command = texts.join(" ");
    if HERE.iter().any(|host| command.contains(host)) {
        return false;
    }
    let mut words = command.split_whitespace();
    match words.next() {
        Some("pip" | "pip3") => words.next() == Some("install"),
        Some("huggingface-cli" | "hf") => words.next() == Some("download"),
        Some(word) => COMMANDS.contains(&word),
        None => false,
    }
}
