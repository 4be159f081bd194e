//! Containers that hold many kinds of content: named by what is inside.

use std::io::Read;

use flate2::read::GzDecoder;

use super::{
    super::bytes::{len_be, len_le, slice, u16_le, u32_be},
    text,
};

/// The name of a container's content; none if the bytes are no container that is known.
pub(super) fn name(bytes: &[u8]) -> Option<String> {
    iso_media(bytes)
        .or_else(|| riff(bytes))
        .or_else(|| iff(bytes).map(str::to_owned))
        .or_else(|| matroska(bytes).map(str::to_owned))
        .or_else(|| ogg(bytes).map(str::to_owned))
        .or_else(|| zip(bytes).map(str::to_owned))
        .or_else(|| ole(bytes).map(str::to_owned))
        .or_else(|| gzip(bytes).map(str::to_owned))
        .or_else(|| program(bytes).map(str::to_owned))
}

/// ISO base media files (ISO/IEC 14496-12) by their major brand, and QuickTime movies that start without one.
fn iso_media(bytes: &[u8]) -> Option<String> {
    let kind = slice(bytes, 4, 4)?;
    if kind != b"ftyp" {
        return quicktime(bytes).then(|| "a QuickTime (MOV) video".to_owned());
    }
    let brand = slice(bytes, 8, 4).unwrap_or_default();
    let name = match brand {
        b"qt  " => "a QuickTime (MOV) video",
        b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" => "an HEIC file",
        b"avif" | b"avis" => "an AVIF file",
        b"M4A " | b"M4B " | b"M4P " | b"F4A " | b"F4B " => "an MPEG-4 audio file (M4A)",
        b"M4V " | b"M4VH" | b"M4VP" => "an MPEG-4 video (M4V)",
        b"F4V " | b"F4P " => "a Flash video (F4V)",
        b"isom" | b"iso2" | b"iso3" | b"iso4" | b"iso5" | b"iso6" | b"iso7" | b"iso8" | b"iso9" | b"mp41" | b"mp42" | b"mp71" | b"avc1"
        | b"dash" | b"mmp4" | b"MSNV" | b"NDSC" | b"ndsc" | b"cmfc" | b"dby1" | b"XAVC" => "an MP4 video",
        b"jp2 " | b"jpx " | b"jpm " | b"mjp2" | b"jph " => "a JPEG 2000 image",
        b"jxl " => "a JPEG XL image",
        [b'3', b'g', b'p' | b'g' | b'r' | b's' | b'e', _] => "a 3GP video",
        [b'3', b'g', b'2', _] => "a 3GP2 video",
        _ => return Some(format!("an MP4-like file of the kind `{}`", brand.escape_ascii())),
    };
    Some(name.to_owned())
}

/// Whether the bytes start with a box that only QuickTime movies start with.
fn quicktime(bytes: &[u8]) -> bool {
    let Some(length) = len_be(bytes, 0) else { return false };
    let is_box = |at| {
        matches!(
            slice(bytes, at, 4),
            Some(b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"pnot" | b"moof" | b"mvhd" | b"cmov" | b"styp" | b"sidx")
        )
    };
    match slice(bytes, 4, 4) {
        Some(b"moov" | b"mdat" | b"wide" | b"pnot" | b"moof" | b"styp" | b"sidx") => length <= 1 || length >= 8,
        Some(b"free" | b"skip") => length >= 8 && length.checked_add(4).is_some_and(is_box),
        _ => false,
    }
}

fn riff(bytes: &[u8]) -> Option<String> {
    if !(bytes.starts_with(b"RIFF") || bytes.starts_with(b"RIFX") || bytes.starts_with(b"RF64")) {
        return None;
    }
    let name = match slice(bytes, 8, 4)? {
        b"AVI " => "an AVI video",
        b"WAVE" => "a WAV audio file",
        b"ACON" => "an animated cursor (ANI)",
        b"RMID" => "a MIDI file",
        [b'C', b'D', b'R', _] => "a CorelDRAW drawing",
        kind => return Some(format!("a RIFF file of the kind `{}`", kind.escape_ascii())),
    };
    Some(name.to_owned())
}

fn iff(bytes: &[u8]) -> Option<&'static str> {
    if !bytes.starts_with(b"FORM") {
        return None;
    }
    match slice(bytes, 8, 4)? {
        b"AIFF" | b"AIFC" => Some("an AIFF audio file"),
        b"ILBM" | b"PBM " | b"ACBM" => Some("an Amiga image (IFF)"),
        b"8SVX" => Some("an Amiga audio file (IFF)"),
        _ => Some("an IFF file"),
    }
}

fn matroska(bytes: &[u8]) -> Option<&'static str> {
    let head = bytes.get(..bytes.len().min(64)).filter(|head| head.starts_with(b"\x1aE\xdf\xa3"))?;
    let says = |word: &[u8]| head.windows(word.len()).any(|window| window == word);
    Some(if says(b"webm") {
        "a WebM video"
    } else if says(b"matroska") {
        "a Matroska (MKV) video"
    } else {
        "a Matroska or WebM video"
    })
}

fn ogg(bytes: &[u8]) -> Option<&'static str> {
    let head = bytes.get(..bytes.len().min(128)).filter(|head| head.starts_with(b"OggS"))?;
    let says = |word: &[u8]| head.windows(word.len()).any(|window| window == word);
    Some(if says(b"OpusHead") {
        "an Opus audio file"
    } else if says(b"\x01vorbis") || says(b"\x7fFLAC") || says(b"Speex   ") {
        "an Ogg audio file"
    } else if says(b"\x80theora") || says(b"\x01video") {
        "an Ogg video"
    } else {
        "an Ogg audio or video file"
    })
}

/// Bytes of a ZIP archive that are searched for the names of its files.
const ZIP_HEAD: usize = 64 << 10;

/// ZIP archives by the names of their first files.
fn zip(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"PK\x05\x06") {
        return Some("an empty ZIP archive");
    }
    if !(bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x07\x08")) {
        return None;
    }
    let head = bytes.get(..bytes.len().min(ZIP_HEAD)).unwrap_or_default();
    let tail = bytes.get(bytes.len().saturating_sub(ZIP_HEAD)..).unwrap_or_default();
    // Local file headers, and those of the central directory at the end of the archive.
    let names = || zip_names(head, b"PK\x03\x04", 26, 30).chain(zip_names(tail, b"PK\x01\x02", 28, 46));
    let has = |start: &[u8]| names().any(|name| name.starts_with(start));
    let ends = |end: &[u8]| names().any(|name| name.ends_with(end));
    let first = zip_names(head, b"PK\x03\x04", 26, 30).next().unwrap_or_default();
    if first == b"mimetype" {
        return Some(open_document(slice(head, 30 + first.len(), 64.min(head.len().saturating_sub(38))).unwrap_or_default()));
    }
    Some(if has(b"word/") {
        "a Word document (DOCX)"
    } else if has(b"xl/") {
        "an Excel workbook (XLSX)"
    } else if has(b"ppt/") {
        "a PowerPoint presentation (PPTX)"
    } else if has(b"visio/") {
        "a Visio drawing (VSDX)"
    } else if has(b"[Content_Types].xml") {
        "an Office document"
    } else if has(b"AndroidManifest.xml") {
        "an Android app (APK)"
    } else if has(b"META-INF/MANIFEST.MF") {
        "a Java archive (JAR)"
    } else if ends(b"data.pkl") || has(b"archive/") && ends(b"/version") {
        "a PyTorch model file"
    } else if ends(b".npy") {
        "a NumPy archive (.npz)"
    } else if has(b"Index/") && ends(b".iwa") {
        "an Apple iWork document"
    } else if has(b"Payload/") {
        "an iOS app (IPA)"
    } else {
        "a ZIP archive"
    })
}

/// The names behind headers with this signature; their length stands at `length_at`, and they start at `name_at`.
fn zip_names<'a>(bytes: &'a [u8], signature: &'static [u8; 4], length_at: usize, name_at: usize) -> impl Iterator<Item = &'a [u8]> {
    let starts = bytes.windows(4).enumerate().filter(move |(_, window)| *window == signature).map(|(at, _)| at);
    starts.filter_map(move |at| slice(bytes, at + name_at, u16_le(bytes, at + length_at)?.into()))
}

/// ZIP archives whose first file is their media type.
fn open_document(media_type: &[u8]) -> &'static str {
    const KINDS: &[(&[u8], &str)] = &[
        (b"application/vnd.oasis.opendocument.text", "an OpenDocument text (ODT)"),
        (b"application/vnd.oasis.opendocument.spreadsheet", "an OpenDocument spreadsheet (ODS)"),
        (b"application/vnd.oasis.opendocument.presentation", "an OpenDocument presentation (ODP)"),
        (b"application/vnd.oasis.opendocument.graphics", "an OpenDocument drawing (ODG)"),
        (b"application/epub+zip", "an EPUB book"),
        (b"image/openraster", "an OpenRaster image"),
        (b"application/x-krita", "a Krita image"),
    ];
    KINDS.iter().find(|(kind, _)| media_type.starts_with(kind)).map_or("an OpenDocument file", |(_, name)| name)
}

/// Compound files by the streams that their first directory sector names.
fn ole(bytes: &[u8]) -> Option<&'static str> {
    const ENTRY: usize = 128;
    const NAMES: &[(&str, &str)] = &[
        ("WordDocument", "an old Word document (DOC)"),
        ("Workbook", "an old Excel workbook (XLS)"),
        ("Book", "an old Excel workbook (XLS)"),
        ("PowerPoint Document", "an old PowerPoint presentation (PPT)"),
        ("VisioDocument", "an old Visio drawing (VSD)"),
        ("__properties_version1.0", "an Outlook message (MSG)"),
        ("Catalog", "a Windows thumbnail cache (Thumbs.db)"),
    ];
    if !bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return None;
    }
    let shift = u16_le(bytes, 30).filter(|shift| (7..=16).contains(shift)).unwrap_or(9);
    let directory = len_le(bytes, 48).and_then(|sector| sector.checked_add(1)?.checked_mul(1 << shift));
    let sector = directory.and_then(|at| bytes.get(at..)).map(|rest| rest.get(..1 << shift).unwrap_or(rest)).unwrap_or_default();
    let is_named = |entry: &[u8], name: &str| {
        let units = entry.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
        units.take(name.len()).eq(name.encode_utf16())
    };
    let found = NAMES.iter().find(|(name, _)| sector.chunks_exact(ENTRY).any(|entry| is_named(entry, name)));
    Some(found.map_or("an old Office document (OLE)", |(_, name)| name))
}

/// Gzip data; an SVG drawing inside of it is found.
fn gzip(bytes: &[u8]) -> Option<&'static str> {
    if !bytes.starts_with(b"\x1f\x8b") {
        return None;
    }
    let mut start = Vec::new();
    // What can be decompressed of a damaged or cut file is enough.
    let _ = GzDecoder::new(bytes).take(4096).read_to_end(&mut start);
    Some(if text::is_svg(&start) {
        "a compressed SVG drawing (SVGZ)"
    } else if slice(&start, 257, 5) == Some(b"ustar") {
        "a compressed tar archive (TGZ)"
    } else {
        "gzip-compressed data"
    })
}

/// Programs whose signatures are shared, or too short to be trusted alone.
fn program(bytes: &[u8]) -> Option<&'static str> {
    match bytes.get(..4)? {
        // The second number counts architectures in a Mach-O file, and is a version of 45 or more in a Java class.
        b"\xca\xfe\xba\xbe" => Some(if u32_be(bytes, 4)? & 0xffff < 45 { "a macOS program or library (Mach-O)" } else { "a Java class" }),
        [b'M', b'Z', ..] => {
            let is_portable = len_le(bytes, 60).and_then(|at| slice(bytes, at, 4)) == Some(b"PE\0\0");
            // Text may start with the same two letters, but holds no zeros.
            let is_binary = bytes.get(..64.min(bytes.len())).is_some_and(|head| head.contains(&0));
            if is_portable { Some("a Windows program or library (PE)") } else { is_binary.then_some("a DOS or Windows program") }
        }
        _ => None,
    }
}
