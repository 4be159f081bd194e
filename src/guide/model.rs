//! A model as the rules see it, whatever language it was written in.

use serde_json::Value;

use super::contract::Remark;
use super::python::{InputCall, Module};
use super::source::Span;

/// Inputs beyond this number are not read; no form has so many.
pub(crate) const MAX_INPUTS: usize = 1_000;

/// Names of what a model is about.
const MAIN: &[&str] = &[
    "prompt",
    "text",
    "image",
    "video",
    "audio",
    "input_image",
    "image_path",
    "audio_file",
    "file",
    "document",
    "query",
    "question",
    "messages",
];

/// Everything that was read about one model.
#[derive(Debug, Default)]
pub(crate) struct Model {
    /// The name it is published under, without host and owner.
    pub(crate) name: Option<Text>,
    /// The one line that says what it does: the README's first paragraph.
    pub(crate) summary: Option<Text>,
    /// The README, for saying that it has no such line.
    pub(crate) readme: Option<usize>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) requirements: Vec<Requirement>,
    /// The file that holds the predictor, when it is Python.
    pub(crate) module: Option<Module>,
    pub(crate) build: Option<Build>,
    /// Top-level names of modules that any Python file of the model imports, sorted; `None` when they were not read.
    pub(crate) imported: Option<Vec<String>>,
    /// What Cog itself will say, drop or change.
    pub(crate) remarks: Vec<Remark>,
    /// Names in the model's folder: weights that are bundled.
    pub(crate) present: Vec<String>,
    /// Files that could not be read, and where they are not in their format.
    pub(crate) faults: Vec<Fault>,
    /// The place to say that the inputs were not seen, when they were not.
    pub(crate) unseen: Option<Span>,
    /// The version of Python that cog.yaml asks for.
    pub(crate) python_version: Option<(u8, u8)>,
    /// Whether this is what `train` names.
    pub(crate) is_training: bool,
}

/// A file, or a part of it, that cannot be read.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) place: Span,
    pub(crate) message: String,
    pub(crate) instead: String,
}

impl Model {
    /// The inputs that Python code writes as `Input(…)`.
    pub(crate) fn input_calls(&self) -> impl Iterator<Item = (&Input, &Module, &InputCall)> {
        let signature = self.module.as_ref().and_then(|module| Some((module, module.signature.as_ref()?)));
        signature.into_iter().flat_map(|(module, signature)| {
            let pairs = self.inputs.iter().zip(&signature.parameters);
            pairs.filter_map(move |(input, parameter)| Some((input, module, parameter.call.as_ref()?)))
        })
    }

    /// Whether the code gives input number `index` a keyword, whatever its value.
    pub(crate) fn gives(&self, index: usize, keyword: &str) -> bool {
        let signature = self.module.as_ref().and_then(|module| Some((module, module.signature.as_ref()?)));
        signature.is_some_and(|(module, signature)| {
            let call = signature.parameters.get(index).and_then(|parameter| parameter.call.as_ref());
            call.is_some_and(|call| call.keyword(module, keyword).is_some())
        })
    }
}

/// A text and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// One input.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Whether `None` is a value of the type.
    pub(crate) optional: bool,
    pub(crate) default: Default,
    /// The words; `None` when there are none and when it takes Python to read them.
    pub(crate) description: Option<Text>,
    /// Whether there is a description that takes Python to read.
    pub(crate) described_by_code: bool,
    pub(crate) ge: Option<f64>,
    pub(crate) le: Option<f64>,
    pub(crate) min_length: Option<f64>,
    pub(crate) max_length: Option<f64>,
    pub(crate) regex: bool,
    /// The values allowed; `None` when there is no such list, empty when there is one that cannot be read.
    pub(crate) choices: Option<Vec<Value>>,
    pub(crate) accept: Option<String>,
    pub(crate) deprecated: bool,
    /// Whether all but name and type is written where it cannot be found.
    pub(crate) is_opaque: bool,
    /// The named group, which only a Rust predictor's document has.
    pub(crate) group: Option<String>,
    /// The name.
    pub(crate) place: Span,
    /// The whole parameter or property.
    pub(crate) scope: Span,
    pub(crate) default_place: Option<Span>,
}

/// The type of an input, `Optional` taken off.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    File,
    Secret,
    Object,
    List(Box<Kind>),
    Union,
    /// Not given, or nothing that Cog knows.
    Unknown,
}

/// What an input is when it is left out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Default {
    Absent,
    /// A value; `Value::Null` for None.
    Value(Value),
    /// An expression that cannot be read without running it.
    Unreadable,
}

impl Default {
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Value(value) => value.as_f64(),
            _ => None,
        }
    }

    pub(crate) const fn is_none(&self) -> bool {
        matches!(self, Self::Value(Value::Null))
    }
}

impl Input {
    /// Whether a request must give it, as far as can be told.
    pub(crate) fn is_required(&self) -> bool {
        match &self.default {
            Default::Absent => !self.optional,
            Default::Value(Value::Null) => !self.optional && self.kind != Kind::Secret,
            _ => false,
        }
    }

    pub(crate) const fn is_number(&self) -> bool {
        matches!(self.kind, Kind::Integer | Kind::Number)
    }

    /// Whether it is a file or a list of files.
    pub(crate) fn is_file(&self) -> bool {
        match &self.kind {
            Kind::File => true,
            Kind::List(item) => **item == Kind::File,
            _ => false,
        }
    }

    /// The description, empty when there is none.
    pub(crate) fn says(&self) -> &str {
        self.description.as_ref().map_or("", |text| text.text.as_str())
    }

    /// Where the description stands, or the name when there is none.
    pub(crate) fn description_place(&self) -> Span {
        self.description.as_ref().map_or(self.place, |text| text.span)
    }

    /// Whether the model is about this input, as far as its name tells.
    pub(crate) fn is_main(&self) -> bool {
        MAIN.contains(&self.name.as_str()) && matches!(self.kind, Kind::Text | Kind::File)
    }

    /// Whether this is the seed of the random numbers.
    pub(crate) fn is_seed(&self) -> bool {
        self.is_number() && (self.name == "seed" || self.name.ends_with("_seed"))
    }
}

/// One dependency.
#[derive(Debug)]
pub(crate) struct Requirement {
    /// As written.
    pub(crate) name: String,
    /// Lower case, `_` and `.` turned into `-`, without extras.
    pub(crate) key: String,
    /// The version it is held to.
    pub(crate) pin: Pin,
    /// What stands behind `==`, empty if nothing does.
    pub(crate) version: String,
    /// Whether hashes of files stand beside it, or may stand on the next line.
    pub(crate) hashed: bool,
    pub(crate) ecosystem: Ecosystem,
    /// Whether a command of the build installs it, maybe over what is there already.
    pub(crate) in_command: bool,
    /// `; python_version < "3.11"` and the like, empty when there is none.
    pub(crate) marker: String,
    /// The whole line, or the whole entry of a list.
    pub(crate) span: Span,
    pub(crate) name_span: Span,
}

/// Where a dependency comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ecosystem {
    Python,
    Rust,
}

/// How firmly a dependency is held.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pin {
    /// One version, or one file.
    Exact,
    /// Several versions would do; the text is what was asked for, empty for any.
    Loose(String),
    /// A repository, with what stands after `@`.
    Git(Option<String>),
}

/// The `build` part of cog.yaml.
#[derive(Debug)]
pub(crate) struct Build {
    /// The commands of `run`.
    pub(crate) commands: Vec<String>,
    /// Where a finding about the build points: the key `build`.
    pub(crate) span: Span,
    /// Names of environment variables that are set.
    pub(crate) environment: Vec<String>,
}
