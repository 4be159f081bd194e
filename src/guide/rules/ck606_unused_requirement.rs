use crate::guide::finding::Level;
use crate::guide::model::{Ecosystem, Model};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds large packages that no Python file of the model imports.
///
/// ## Why is this bad?
/// Hundreds of megabytes are downloaded at every cold start for nothing.
///
/// ## Example
/// ```text
/// tensorflow==2.17.0
/// ```
///
/// ## Use instead
/// Remove the line.
///
/// ## What it may get wrong
/// Another package may import it, or the code may by name. Hence a hint.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

const HEAVY: &[(&str, &[&str])] = &[
    ("tensorflow", &["tensorflow", "keras", "tf_keras"]),
    ("jax", &["jax", "flax"]),
    ("matplotlib", &["matplotlib", "pylab", "seaborn"]),
    ("seaborn", &["seaborn"]),
    ("pandas", &["pandas"]),
    ("scikit-learn", &["sklearn"]),
    ("scikit-image", &["skimage"]),
    ("gradio", &["gradio"]),
    ("streamlit", &["streamlit"]),
    ("wandb", &["wandb"]),
    ("tensorboard", &["tensorboard", "torch"]),
    ("opencv-python", &["cv2"]),
    ("opencv-python-headless", &["cv2"]),
    ("opencv-contrib-python", &["cv2"]),
    ("pytorch-lightning", &["pytorch_lightning", "lightning"]),
    ("moviepy", &["moviepy"]),
    ("librosa", &["librosa"]),
    ("onnxruntime-gpu", &["onnxruntime", "insightface", "rembg"]),
    ("open3d", &["open3d"]),
    ("spacy", &["spacy"]),
    ("nltk", &["nltk"]),
    ("datasets", &["datasets"]),
    ("deepspeed", &["deepspeed"]),
];

fn check(model: &Model, found: &mut Findings) {
    let Some(imported) = &model.imported else { return };
    for requirement in model.requirements.iter().filter(|requirement| requirement.ecosystem == Ecosystem::Python) {
        let Some((_, modules)) = HEAVY.iter().find(|(name, _)| *name == requirement.key) else { continue };
        if modules.iter().all(|module| imported.binary_search_by(|name| name.as_str().cmp(module)).is_err()) {
            let message = format!("no file imports `{}`", requirement.name);
            found.at(requirement.name_span, message, "remove it if nothing else needs it").scope = requirement.span;
        }
    }
}
