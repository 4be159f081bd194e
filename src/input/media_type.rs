//! Media types and the extensions of their files.

use std::ffi::OsStr;
use std::path::Path;

/// The type of anything that is not known better (RFC 2046 section 4.5.1).
pub(super) const UNKNOWN: &str = "application/octet-stream";

/// Media types that models meet, and those for which the registries name none or a rarely used extension. The first line with a type or an extension
/// counts; everything else is looked up in `mime-db`, by the crate `mime2ext`, and in `mime_guess`.
const PREFERRED: &[(&str, &str)] = &[
    ("text/plain", "txt"),
    ("text/csv", "csv"),
    ("text/html", "html"),
    ("text/markdown", "md"),
    ("text/x-markdown", "md"),
    ("text/x-python", "py"),
    ("text/javascript", "js"),
    ("application/json", "json"),
    ("application/jsonl", "jsonl"),
    ("application/x-ndjson", "ndjson"),
    ("application/octet-stream", "bin"),
    ("application/pdf", "pdf"),
    ("application/x-tar", "tar"),
    ("application/xml", "xml"),
    ("text/xml", "xml"),
    ("application/yaml", "yaml"),
    ("application/x-yaml", "yaml"),
    ("application/zip", "zip"),
    ("application/gzip", "gz"),
    ("application/x-gzip", "gz"),
    ("application/zstd", "zst"),
    ("application/x-npy", "npy"),
    ("application/x-npz", "npz"),
    ("application/x-hdf5", "h5"),
    ("image/avif", "avif"),
    ("image/bmp", "bmp"),
    ("image/gif", "gif"),
    ("image/heic", "heic"),
    ("image/heif", "heif"),
    ("image/jpeg", "jpg"),
    ("image/jpg", "jpg"),
    ("image/pjpeg", "jpg"),
    ("image/jpeg", "jpeg"),
    ("image/png", "png"),
    ("image/x-png", "png"),
    ("image/svg+xml", "svg"),
    ("image/tiff", "tiff"),
    ("image/tiff", "tif"),
    ("image/webp", "webp"),
    ("image/x-exr", "exr"),
    ("image/aces", "exr"),
    ("audio/aac", "aac"),
    ("audio/aiff", "aiff"),
    ("audio/x-aiff", "aiff"),
    ("audio/flac", "flac"),
    ("audio/x-flac", "flac"),
    ("audio/mp4", "m4a"),
    ("audio/m4a", "m4a"),
    ("audio/x-m4a", "m4a"),
    ("audio/mpeg", "mp3"),
    ("audio/mp3", "mp3"),
    ("audio/mpeg3", "mp3"),
    ("audio/x-mpeg", "mp3"),
    ("audio/ogg", "ogg"),
    ("application/ogg", "ogg"),
    ("audio/vorbis", "ogg"),
    ("audio/opus", "opus"),
    ("audio/wav", "wav"),
    ("audio/vnd.wave", "wav"),
    ("video/webm", "webm"),
    ("audio/webm", "webm"),
    ("video/mp4", "mp4"),
    ("video/mpeg", "mpeg"),
    ("video/ogg", "ogv"),
    ("video/quicktime", "mov"),
    ("video/avi", "avi"),
    ("video/msvideo", "avi"),
    ("video/x-msvideo", "avi"),
    ("video/x-matroska", "mkv"),
    ("model/gltf-binary", "glb"),
    ("model/gltf+json", "gltf"),
    ("model/obj", "obj"),
    ("model/ply", "ply"),
    ("model/stl", "stl"),
];

/// Types whose extension the registries know under another spelling: with or without `x-`, as a `vnd.` type.
const PREFIXES: &[&str] = &["x-", "vnd."];

/// The extension, without a dot, of files of a media type, in any spelling and with or without parameters.
pub(super) fn extension(media_type: &str) -> Option<&'static str> {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (kind, name) = essence.split_once('/')?;
    let plain = PREFIXES.iter().fold(name, |name, prefix| name.strip_prefix(prefix).unwrap_or(name));
    looked_up(&essence)
        .or_else(|| looked_up(&format!("{kind}/{plain}")))
        .or_else(|| looked_up(&format!("{kind}/x-{plain}")))
        // RFC 6839: the suffix names the format that the type is written in.
        .or_else(|| {
            ["json", "xml", "zip", "gzip", "yaml"]
                .into_iter()
                .find(|suffix| name.strip_suffix(*suffix).is_some_and(|name| name.ends_with('+')))
        })
        .map(|extension| if extension == "gzip" { "gz" } else { extension })
}

fn looked_up(media_type: &str) -> Option<&'static str> {
    let preferred = PREFERRED.iter().find(|(known, _)| *known == media_type).map(|(_, extension)| *extension);
    preferred.or_else(|| mime2ext::mime2ext(media_type)).or_else(|| match mime_guess::get_mime_extensions_str(media_type) {
        // A list is sorted by the alphabet and says nothing of which extension is usual.
        Some([only]) => Some(*only),
        _ => None,
    })
}

/// The media type of a file by its extension; [`UNKNOWN`] if that is unknown.
pub(crate) fn media_type(path: &Path) -> &'static str {
    let own = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    let preferred = PREFERRED.iter().find(|(_, extension)| extension.eq_ignore_ascii_case(own)).map(|(media_type, _)| *media_type);
    preferred.or_else(|| mime_guess::from_ext(own).first_raw()).unwrap_or(UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_media_type_has_its_usual_extension() {
        let cases = [
            ("model/gltf-binary", "glb"),
            ("application/gzip", "gz"),
            ("application/x-gzip", "gz"),
            ("video/ogg", "ogv"),
            ("audio/opus", "opus"),
            ("audio/webm", "webm"),
            ("audio/mp3", "mp3"),
            ("audio/vnd.wave", "wav"),
            ("audio/wave", "wav"),
            ("IMAGE/Jpeg; quality=1", "jpg"),
            ("image/jp2", "jp2"),
            ("image/vnd.microsoft.icon", "ico"),
            ("image/jxl", "jxl"),
            ("video/3gpp", "3gp"),
            ("video/x-flv", "flv"),
            ("audio/midi", "mid"),
            ("audio/amr", "amr"),
            ("font/ttf", "ttf"),
            ("application/x-7z-compressed", "7z"),
            ("application/vnd.apache.parquet", "parquet"),
            ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
            ("application/x-xz", "xz"),
            ("text/yaml", "yaml"),
            ("application/vnd.example+json", "json"),
        ];
        for (media_type, expected) in cases {
            assert_eq!(extension(media_type), Some(expected), "{media_type}");
        }
        for unknown in ["", "image", "image/", "application/x-unknown", "a/b/c"] {
            assert_eq!(extension(unknown), None, "{unknown:?}");
        }
    }

    #[test]
    fn every_usual_extension_has_its_media_type() {
        let cases = [
            ("a.JPEG", "image/jpeg"),
            ("a.tif", "image/tiff"),
            ("a.glb", "model/gltf-binary"),
            ("a.tar.gz", "application/gzip"),
            ("a.xyz-unknown", UNKNOWN),
            ("a", UNKNOWN),
        ];
        for (name, expected) in cases {
            assert_eq!(media_type(Path::new(name)), expected, "{name}");
        }
    }
}
