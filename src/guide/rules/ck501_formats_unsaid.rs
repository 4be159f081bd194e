use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};
use crate::guide::words::says_any;

/// ## What it does
/// Finds file inputs that neither `accept` nor the description gives a format.
///
/// ## Why is this bad?
/// Users learn by failing whether a HEIC photo, an animated GIF or a RAW file is taken.
///
/// ## Example
/// ```python
/// image: Path = Input(description="Picture to restore.")
/// ```
///
/// ## Use instead
/// ```python
/// image: Path = Input(description="Picture to restore: JPEG, PNG or WebP.", accept="image/*")
/// ```
///
/// ## What it may get wrong
/// A format that it does not know the name of.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

const FORMATS: &[&str] = &[
    "jpg",
    "jpeg",
    "png",
    "webp",
    "gif",
    "bmp",
    "tif",
    "tiff",
    "heic",
    "avif",
    "svg",
    "exr",
    "hdr",
    "raw",
    "mp4",
    "mov",
    "webm",
    "mkv",
    "avi",
    "wav",
    "mp3",
    "flac",
    "ogg",
    "m4a",
    "opus",
    "aac",
    "zip",
    "tar",
    "gz",
    "tgz",
    "safetensors",
    "pdf",
    "txt",
    "text file",
    "csv",
    "tsv",
    "json",
    "jsonl",
    "yaml",
    "xml",
    "glb",
    "gltf",
    "obj",
    "ply",
    "stl",
    "fbx",
    "usdz",
    "pdb",
    "cif",
    "fasta",
    "sdf",
    "mol",
    "npy",
    "npz",
    "parquet",
    "dicom",
    "nifti",
    "nii",
    "mid",
    "midi",
    "srt",
    "vtt",
    "ttf",
    "otf",
    "docx",
    "html",
    "ckpt",
    "pt",
    "pth",
    "bin",
    "onnx",
    "gguf",
    "any format",
    "any image",
    "any picture",
    "common formats",
    "any audio",
    "any video",
    "all formats",
    "pickle",
    "ipynb",
    "md",
    "markdown",
    "las",
    "laz",
    "pcd",
    "bvh",
    "hdf5",
    "h5",
];

fn check(model: &Model, found: &mut Findings) {
    let files = model.inputs.iter().enumerate().filter(|(_, input)| input.is_file() && !input.deprecated && !input.described_by_code);
    for (index, input) in files.filter(|(_, input)| input.accept.is_none()) {
        if !model.gives(index, "accept") && !says_any(input.says(), FORMATS) {
            let message = format!("file input `{}` does not say which formats it takes", input.name);
            found.input(input, message, "`accept=\"image/*\"` or the like, and the formats in the description");
        }
    }
}
