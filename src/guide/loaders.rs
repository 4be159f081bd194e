//! Functions of libraries that download weights, and what keeps each from doing so.

use super::model::Model;
use super::python::{Call, Module};

/// A function that downloads.
pub(super) struct Loader {
    /// The full name; a star stands for any part before or after it.
    path: &'static str,
    when: When,
    /// What to write instead.
    pub(super) instead: &'static str,
}

/// When the call downloads.
enum When {
    /// Always, unless one of these keywords is given.
    Always(&'static [&'static str]),
    /// When the first argument or this keyword is a name and not a path, unless one of these keywords is given.
    Named(&'static str, &'static [&'static str]),
    /// When this keyword is given and neither false, None nor a path.
    Asked(&'static str),
    /// As before, for either of two keywords.
    AskedEither(&'static str, &'static str),
    /// Unless this keyword is None or a path.
    Unless(&'static str),
}

const FILE: &str = "the file in the image, put there when it is built, and its path here";
const FOLDER: &str = "the folder in the image, filled when it is built, and its path here";
const BUILD: &str = "the same call in a command of `build.run`, so that the image has the files";
const STATE: &str = "no weights here, and `load_state_dict` with a file in the image";

const fn of(path: &'static str, when: When, instead: &'static str) -> Loader {
    Loader { path, when, instead }
}

/// The table.
pub(super) const LOADERS: &[Loader] = &[
    of("whisper.load_model", When::Named("name", &["download_root"]), FILE),
    of("whisperx.load_model", When::Named("whisper_arch", &["download_root"]), FOLDER),
    of("whisperx.load_align_model", When::Always(&["model_dir"]), "`model_dir` with a folder in the image"),
    of("faster_whisper.WhisperModel", When::Named("model_size_or_path", &["download_root", "local_files_only"]), FOLDER),
    of("whisper_timestamped.load_model", When::Named("name", &["download_root"]), FILE),
    of("stable_whisper.load_model", When::Named("name", &["download_root"]), FILE),
    of("sentence_transformers.SentenceTransformer", When::Named("model_name_or_path", &["cache_folder", "local_files_only"]), FOLDER),
    of("sentence_transformers.CrossEncoder", When::Named("model_name", &["local_files_only"]), FOLDER),
    of("ultralytics.YOLO", When::Named("model", &[]), FILE),
    of("ultralytics.SAM", When::Named("model", &[]), FILE),
    of("ultralytics.RTDETR", When::Named("model", &[]), FILE),
    of("ultralytics.FastSAM", When::Named("model", &[]), FILE),
    of("insightface.app.FaceAnalysis", When::Always(&["root"]), "`root` with a folder in the image"),
    of("insightface.model_zoo.get_model", When::Named("name", &["root"]), FILE),
    of("demucs.pretrained.get_model", When::Always(&["repo"]), "`repo` with a folder in the image"),
    of("demucs.api.Separator", When::Always(&["repo"]), "`repo` with a folder in the image"),
    of("denoiser.pretrained.*", When::Always(&[]), BUILD),
    of("timm.create_model", When::Asked("pretrained"), "`pretrained=False` and `checkpoint_path` with a file in the image"),
    of("torchvision.models.*", When::AskedEither("weights", "pretrained"), STATE),
    of("clip.load", When::Named("name", &["download_root"]), FILE),
    of("open_clip.create_model_and_transforms", When::Asked("pretrained"), FILE),
    of("open_clip.create_model", When::Asked("pretrained"), FILE),
    of("open_clip.create_model_from_pretrained", When::Always(&["cache_dir"]), FILE),
    of("nltk.download", When::Always(&["download_dir"]), BUILD),
    of("spacy.cli.download", When::Always(&[]), "the package of the language in the requirements"),
    of("stanza.download", When::Always(&["model_dir"]), BUILD),
    of(
        "stanza.Pipeline",
        When::Always(&["dir", "model_dir", "download_method"]),
        "`dir` with a folder in the image, and `download_method=None`",
    ),
    of("TTS.api.TTS", When::Named("model_name", &["model_path"]), "`model_path` and `config_path` with files in the image"),
    of("tensorflow_hub.load", When::Named("handle", &[]), FOLDER),
    of("tensorflow_hub.KerasLayer", When::Named("handle", &[]), FOLDER),
    of("keras.applications.*", When::Unless("weights"), "`weights` with a file in the image"),
    of("tensorflow.keras.applications.*", When::Unless("weights"), "`weights` with a file in the image"),
    of(
        "segmentation_models_pytorch.*",
        When::Unless("encoder_weights"),
        "`encoder_weights=None` and `load_state_dict` with a file in the image",
    ),
    of("lpips.LPIPS", When::Always(&["model_path", "pretrained"]), BUILD),
    of(
        "easyocr.Reader",
        When::Always(&["model_storage_directory", "download_enabled"]),
        "`model_storage_directory` with a folder in the image",
    ),
    of(
        "paddleocr.PaddleOCR",
        When::Always(&["det_model_dir", "rec_model_dir", "text_detection_model_dir"]),
        "the folders of the models in the image",
    ),
    of("gfpgan.GFPGANer", When::Named("model_path", &[]), FILE),
    of("realesrgan.RealESRGANer", When::Named("model_path", &[]), FILE),
    of(
        "facexlib.utils.face_restoration_helper.FaceRestoreHelper",
        When::Always(&["model_rootpath"]),
        "`model_rootpath` with a folder in the image",
    ),
    of("facenet_pytorch.InceptionResnetV1", When::Asked("pretrained"), STATE),
    of("face_alignment.FaceAlignment", When::Always(&[]), BUILD),
    of("rembg.new_session", When::Always(&[]), "`U2NET_HOME` with a folder in the image"),
    of("torchaudio.pipelines.*.get_model", When::Always(&["dl_kwargs"]), BUILD),
    of("audiocraft.models.*.get_pretrained", When::Named("name", &[]), FOLDER),
    of("bark.preload_models", When::Always(&[]), BUILD),
    of("bark.generation.preload_models", When::Always(&[]), BUILD),
    of("encodec.EncodecModel.*", When::Always(&["repository"]), "`repository` with a folder in the image"),
    of("fasttext.util.download_model", When::Always(&[]), BUILD),
    of("gensim.downloader.load", When::Always(&[]), BUILD),
    of("pyiqa.create_metric", When::Always(&["pretrained_model_path"]), BUILD),
    of("deepface.DeepFace.build_model", When::Always(&[]), BUILD),
    of("kornia.feature.LoFTR", When::Asked("pretrained"), STATE),
    of("transformers.pipeline", When::Named("model", &["local_files_only"]), FOLDER),
    of("efficientnet_pytorch.EfficientNet.from_pretrained", When::Always(&["weights_path"]), "`weights_path` with a file in the image"),
    of("speechbrain.*.from_hparams", When::Named("source", &["savedir"]), FOLDER),
    of("nemo.*.from_pretrained", When::Named("model_name", &[]), "`restore_from` with a file in the image"),
    of("flair.models.*.load", When::Named("model", &[]), FILE),
];

impl Loader {
    /// Whether a call is one of this function.
    pub(super) fn is_called(&self, call: &Call) -> bool {
        match self.path.split_once('*') {
            Some((start, end)) => {
                let rest = call.path.strip_prefix(start).filter(|rest| !rest.contains("()"));
                rest.is_some_and(|rest| rest.len() > end.len() && rest.ends_with(end) && (!end.is_empty() || !rest.contains('.')))
            }
            None => call.path == self.path,
        }
    }
}

/// What the call downloads, in words; nothing if it takes what the image has.
pub(super) fn downloaded(model: &Model, module: &Module, call: &Call, loader: &Loader) -> Option<String> {
    let keyword = |name: &str| call.keyword(module, name);
    let known = |node| module.known_text(node, call.function);
    let off = |name: &str| keyword(name).is_some_and(|value| matches!(value.kind(), "false" | "none"));
    if call.has_splat(module) {
        return None;
    }
    let name = match loader.when {
        When::Always(keeps) => {
            if keeps.iter().any(|keep| keyword(keep).is_some()) {
                return None;
            }
            call.argument(module, 0).and_then(known)
        }
        When::Named(name, keeps) => {
            if keeps.iter().any(|keep| keyword(keep).is_some_and(|value| value.kind() != "false")) {
                return None;
            }
            // The task of a pipeline comes first; everything else is named first.
            let first = keyword(name).or_else(|| call.argument(module, usize::from(loader.path.ends_with(".pipeline"))));
            Some(known(first?).filter(|text| !is_path(text, model))?)
        }
        When::Asked(name) | When::AskedEither(name, _) => {
            let other = if let When::AskedEither(_, other) = loader.when { keyword(other).filter(|_| !off(other)) } else { None };
            let value = keyword(name).filter(|_| !off(name)).or(other)?;
            let text = known(value);
            if text.as_ref().is_some_and(|text| is_path(text, model)) || keyword("checkpoint_path").is_some() {
                return None;
            }
            text.or_else(|| call.argument(module, 0).and_then(known))
        }
        When::Unless(name) => {
            let is_class = call.method().starts_with(|c: char| c.is_ascii_uppercase());
            let given = keyword(name);
            if !is_class || off(name) || given.and_then(known).is_some_and(|text| is_path(&text, model)) {
                return None;
            }
            given.and_then(known)
        }
    };
    // A command that names the library or the weights fills the cache when the image is built.
    let library = loader.path.split('.').next().unwrap_or(loader.path);
    let built = |word: &str| {
        model.build.as_ref().is_some_and(|build| build.commands.iter().any(|command| command.contains(word) && !is_install(command, word)))
    };
    let named = name.as_deref().filter(|name| name.len() > 3);
    if built(library) || named.is_some_and(built) {
        return None;
    }
    Some(name.map_or_else(|| "weights".to_owned(), |name| format!("`{}`", name.chars().take(60).collect::<String>())))
}

/// Whether a command only installs the library.
fn is_install(command: &str, word: &str) -> bool {
    command.contains("pip install") && !command.contains("import") && !command.contains(&format!("{word}.")) && !command.contains("&&")
}

/// Whether a text is a path in the image, or a file that lies beside the model.
fn is_path(text: &str, model: &Model) -> bool {
    let is_address = text.contains("://");
    let folder = text.split('/').next().unwrap_or(text);
    let starts = text.starts_with(['/', '.', '~']) || model.present.iter().any(|name| name == folder);
    let nested = text.contains('/') && super::weights::is_local_folder(folder);
    !is_address && (starts || nested)
}
