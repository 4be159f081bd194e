//! Every kind of content that is not a readable image has its name in the error.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use super::*;

fn name(bytes: &[u8]) -> String {
    let error = match format(bytes) {
        Ok(found) => codec::header(found, bytes).map_err(|error| explain(bytes, error)).unwrap_err(),
        Err(error) => error,
    };
    assert_eq!(error.code(), "image.unknown_format", "{error}");
    let text = error.to_string();
    let found =
        text.strip_prefix("not a picture in a known format: found ").and_then(|rest| rest.strip_suffix(&format!(", expected {READABLE}")));
    found.unwrap_or_else(|| panic!("{text}")).to_owned()
}

fn assert_names(cases: &[(&[u8], &str)]) {
    for (bytes, expected) in cases {
        assert_eq!(name(bytes), *expected, "{}", bytes.get(..bytes.len().min(40)).unwrap().escape_ascii());
    }
}

/// Bytes at an offset, with zeros before and behind them.
fn at(offset: usize, magic: &[u8]) -> Vec<u8> {
    [vec![0; offset].as_slice(), magic, &[0; 64]].concat()
}

#[test]
fn camera_raw_images_are_named() {
    assert_names(&[
        (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", "a Canon CR3 camera raw file"),
        (b"II*\0\x10\0\0\0CR\x02\0\0\0\0\0\0\0\0\0", "a Canon CR2 camera raw file without a preview"),
        (b"FUJIFILMCCD-RAW 0201", "a Fujifilm RAF camera raw file"),
        (b"FOVb\0\0\x02\0", "a Sigma X3F camera raw file"),
        (b"IIU\0\x18\0\0\0", "a Panasonic RW2 camera raw file"),
        (b"IIRO\x08\0\0\0", "an Olympus ORF camera raw file"),
        (b"\0MRM\0\0\0\0", "a Minolta MRW camera raw file"),
        (b"II\x1a\0\0\0HEAPCCDR", "a Canon CRW camera raw file"),
    ]);
}

#[test]
fn video_is_named_by_its_container_and_brand() {
    let transport = [[0x47u8; 188], [0x47; 188], [0x47; 188]].concat();
    assert_names(&[
        (b"RIFF\x24\0\0\0AVI LIST", "an AVI video"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "an MP4 video"),
        (b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2", "an MP4 video"),
        (b"\0\0\0\x18ftyp3gp5\0\0\0\0isom", "a 3GP video"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "a QuickTime (MOV) video"),
        (b"\0\0\0\x08wide\0\0\x40\0mdat", "a QuickTime (MOV) video"),
        (b"\0\0\x40\0mdat....", "a QuickTime (MOV) video"),
        (b"\0\0\x40\0moov\0\0\0\x6cmvhd", "a QuickTime (MOV) video"),
        (b"\0\0\0\x08free\0\0\x40\0mdat", "a QuickTime (MOV) video"),
        (b"\x1aE\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "a WebM video"),
        (b"\x1aE\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82\x88matroska", "a Matroska (MKV) video"),
        (b"FLV\x01\x05\0\0\0\x09", "a Flash video (FLV)"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9", "a Windows Media (ASF, WMV or WMA) file"),
        (b"\0\0\x01\xba\x44\0", "an MPEG program stream video"),
        (b"\x47\x40\0\x10\0\0\xb0\x0d", "an MPEG transport stream video"),
        (&transport, "an MPEG transport stream video"),
        (b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x2a\x80theora", "an Ogg video"),
        (b"\0\0\0\x14ftypxyz1\0\0\0\0", "an MP4-like file of the kind `xyz1`"),
    ]);
}

#[test]
fn images_in_other_formats_are_named() {
    let targa = [b"\0\0\x02\0\0\0\0\0\0\0\0\0\x02\0\x01\0\x18\x20".as_slice(), &[7; 6]].concat();
    let palette_targa = [b"\0\x01\x01\0\0\x02\0\x18\0\0\0\0\x02\0\x01\0\x08\0".as_slice(), &[7; 8]].concat();
    let footer = [vec![1; 300].as_slice(), b"TRUEVISION-XFILE.\0"].concat();
    assert_names(&[
        (b"\xff\x4f\xff\x51\0\x2f\0\0", "a JPEG 2000 code stream"),
        (b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ", "a JPEG 2000 image"),
        (b"\xff\x0a\xfa\x7f", "a JPEG XL code stream"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL image"),
        (b"II\xbc\x01\x20\0\0\0", "a JPEG XR image"),
        (b"8BPS\0\x01\0\0\0\0\0\0", "a Photoshop document (PSD)"),
        (b"8BPS\0\x02\0\0\0\0\0\0", "a large Photoshop document (PSB)"),
        (b"gimp xcf file\0", "a GIMP image (XCF)"),
        (b"\x76\x2f\x31\x01\x02\0\0\0", "an OpenEXR image"),
        (b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n", "a Radiance HDR image"),
        (b"SIMPLE  =                    T", "a FITS image"),
        (&at(128, b"DICM"), "a DICOM medical image"),
        (&at(40, b" EMF"), "an enhanced Windows metafile (EMF)"),
        (b"\xd7\xcd\xc6\x9a\0\0", "a Windows metafile (WMF)"),
        (b"DDS \x7c\0\0\0", "a DirectDraw surface (DDS)"),
        (b"\xabKTX 11\xbb\r\n\x1a\n", "a KTX texture"),
        (b"BLP2\x01\0\0\0", "a Blizzard texture (BLP)"),
        (b"qoif\0\0\0\x02", "a QOI image"),
        (b"farbfeld\0\0\0\x02", "a farbfeld image"),
        (b"BPG\xfb\0", "a BPG image"),
        (b"FLIF\x44\x31\x01", "a FLIF image"),
        (b"\x8aMNG\r\n\x1a\n", "an MNG animation"),
        (b"\x8bJNG\r\n\x1a\n", "a JNG image"),
        (b"icns\0\0\x02\0", "an Apple icon (ICNS)"),
        (b"P6\n2 1\n255\n\x01\x02\x03\x04\x05\x06", "a Netpbm image (PBM, PGM, PPM or PAM)"),
        (b"P1\n# comment\n2 1\n0 1\n", "a Netpbm image (PBM, PGM, PPM or PAM)"),
        (b"\x0a\x05\x01\x08\0\0\0\0\x01\0\x01\0", "a PCX image"),
        (b"\0\0\x09\x02\xff\x80\x01\x00", "a WBMP image"),
        (&targa, "a Targa (TGA) image"),
        (&palette_targa, "a Targa (TGA) image"),
        (&footer, "a Targa (TGA) image"),
        (b"AT&TFORM\0\0\0\x20DJVU", "a DjVu document"),
    ]);
}

#[test]
fn svg_is_found_behind_declarations_comments_and_in_any_encoding() {
    let plain = "<?xml version=\"1.0\"?>\n<!-- Generator -->\n<!DOCTYPE svg PUBLIC \"a\" \"b\" [ <!ENTITY x \"y\"> ]>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    let units = |make: fn(u16) -> [u8; 2]| plain.encode_utf16().flat_map(make).collect::<Vec<u8>>();
    let mut zipped = GzEncoder::new(Vec::new(), Compression::default());
    zipped.write_all(plain.as_bytes()).unwrap();
    let cases: [Vec<u8>; 9] = [
        plain.as_bytes().to_vec(),
        b"<!-- Generator: Adobe Illustrator 24 -->\n<svg xmlns=\"\"/>".to_vec(),
        b"\xef\xbb\xbf\n <svg>".to_vec(),
        b"<svg:svg xmlns:svg=\"\">".to_vec(),
        [b"\xff\xfe".as_slice(), &units(u16::to_le_bytes)].concat(),
        [b"\xfe\xff".as_slice(), &units(u16::to_be_bytes)].concat(),
        units(u16::to_le_bytes),
        units(u16::to_be_bytes),
        format!("<!--{}--><svg/>", "-- ".repeat(900)).into_bytes(),
    ];
    for case in cases {
        assert_eq!(name(&case), "an SVG drawing", "{}", case[..40.min(case.len())].escape_ascii());
    }
    assert_eq!(name(&zipped.finish().unwrap()), "a compressed SVG drawing (SVGZ)");
}

#[test]
fn documents_and_text_are_named() {
    assert_names(&[
        (b"", "an empty file"),
        (&[0; 40], "40 bytes that are all 0"),
        (b" \n ", "nothing but blank space"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF document"),
        (b"junk\r\n\x01%PDF-1.4", "a PDF document"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "a PostScript document or EPS drawing"),
        (b"\xc5\xd0\xd3\xc6\x20\0\0\0", "an EPS drawing"),
        (b"<!DOCTYPE html><html>", HTML),
        (b"\n<html lang=en>", HTML),
        (b"\xef\xbb\xbf<!-- saved --><HTML>", HTML),
        (b"<div>Not found</div>", HTML),
        (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "an XML document that starts with <Error>"),
        (b"{\"detail\": \"not found\"}", "JSON text that starts with \"{\\\"detail\\\": \\\"not found\\\"}\""),
        (b"data:image/png;base64,iVBOR", "the text of a data URI of type `image/png` (decode it first)"),
        (b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ", "the base64 text of a PNG image (decode it first)"),
        (b"\"/9j/4AAQSkZJRgABAQAAAQABAAD\"", "the base64 text of a JPEG image (decode it first)"),
        (b"UklGRiQAAABXRUJQVlA4IBgAAAAwAQ\nCdASo", "the base64 text of a WebP image (decode it first)"),
        (b"89504e470d0a1a0a0000000d49484452", "the hexadecimal text of a PNG image (decode it first)"),
        (b"b'\\x89PNG\\r\\n\\x1a\\n'", "the text of Python bytes (write the bytes themselves)"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00", "a Git LFS pointer (the file itself was not fetched)"),
        (b"https://example.com/a.png", "a URL as text (download what it leads to first)"),
        (b"hello there", "text that starts with \"hello there\""),
        ("caf\u{e9}".as_bytes(), "text that starts with \"caf\u{e9}\""),
        (b"\xff\xfeh\0i\0", "text that starts with \"hi\""),
        (b"FWS is a word", "text that starts with \"FWS is a word\""),
        (b"MZ is a pair of letters, and this is no program", "text that starts with \"MZ is a pair of letters,\""),
        (b"#!/bin/sh\n", "a script"),
        (b"{\\rtf1\\ansi", "an RTF document"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\xff\xe0", "an HTTP response with its headers"),
    ]);
}

const HTML: &str = "an HTML page (the address leads to a web page, not to an image)";

/// A ZIP archive's local header of a file, stored.
fn zipped(name: &str, content: &str) -> Vec<u8> {
    let lengths = [name.len(), 0].map(|length| u16::try_from(length).unwrap().to_le_bytes()).concat();
    [b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".as_slice(), &lengths, name.as_bytes(), content.as_bytes()].concat()
}

/// An OLE file whose first directory sector names a stream.
fn compound(stream: &str) -> Vec<u8> {
    let mut file = vec![0; 512 * 3];
    file[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    file[30] = 9;
    file[48] = 1;
    for (index, unit) in stream.encode_utf16().enumerate() {
        file[512 * 2 + 128 + index * 2..][..2].copy_from_slice(&unit.to_le_bytes());
    }
    file
}

#[test]
fn office_files_and_archives_are_named_by_what_is_inside() {
    let two = |first: &str, second: &str| [zipped(first, ""), zipped(second, "")].concat();
    let odt = zipped("mimetype", "application/vnd.oasis.opendocument.text");
    assert_names(&[
        (&two("[Content_Types].xml", "word/document.xml"), "a Word document (DOCX)"),
        (&two("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook (XLSX)"),
        (&two("[Content_Types].xml", "ppt/presentation.xml"), "a PowerPoint presentation (PPTX)"),
        (&odt, "an OpenDocument text (ODT)"),
        (&zipped("mimetype", "application/epub+zip"), "an EPUB book"),
        (&zipped("photo.jpg", "..."), "a ZIP archive"),
        (&zipped("arr_0.npy", "..."), "a NumPy archive (.npz)"),
        (&two("archive/data.pkl", "archive/version"), "a PyTorch model file"),
        (b"PK\x05\x06\0\0\0\0", "an empty ZIP archive"),
        (&compound("WordDocument"), "an old Word document (DOC)"),
        (&compound("Workbook"), "an old Excel workbook (XLS)"),
        (&compound("PowerPoint Document"), "an old PowerPoint presentation (PPT)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (OLE)"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "gzip-compressed data"),
        (b"BZh91AY&SY\x01\x02", "bzip2-compressed data"),
        (b"\xfd7zXZ\0\0\x04", "xz-compressed data"),
        (b"\x28\xb5\x2f\xfd\x04\0", "Zstandard-compressed data"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "a 7z archive"),
        (b"Rar!\x1a\x07\x01\0", "a RAR archive"),
        (&at(257, b"ustar"), "a tar archive"),
    ]);
}

#[test]
fn programs_audio_fonts_and_data_are_named() {
    let mut portable = vec![0; 80];
    portable[..2].copy_from_slice(b"MZ");
    portable[60] = 64;
    portable[64..68].copy_from_slice(b"PE\0\0");
    assert_names(&[
        (b"\x7fELF\x02\x01\x01\0", "a Linux program or library (ELF)"),
        (&portable, "a Windows program or library (PE)"),
        (b"\xcf\xfa\xed\xfe\x07\0\0\x01", "a macOS program or library (Mach-O)"),
        (b"\xca\xfe\xba\xbe\0\0\0\x02", "a macOS program or library (Mach-O)"),
        (b"\xca\xfe\xba\xbe\0\0\0\x41", "a Java class"),
        (b"\0asm\x01\0\0\0", "a WebAssembly module"),
        (b"ID3\x04\0\0\0\0\0\0", "an MP3 audio file"),
        (b"\xff\xfb\x90\x64\0\0", "an MP3 audio file"),
        (b"\xff\xf1\x50\x80\x02\x1f\xfc", "an AAC audio file"),
        (b"RIFF\0\0\0\0WAVEfmt ", "a WAV audio file"),
        (b"fLaC\0\0\0\x22", "a FLAC audio file"),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", "an MPEG-4 audio file (M4A)"),
        (b"MThd\0\0\0\x06", "a MIDI file"),
        (b"FORM\0\0\0\x20AIFF", "an AIFF audio file"),
        (b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead", "an Opus audio file"),
        (b"\0\x01\0\0\0\x0f\0\x80", "a TrueType font"),
        (b"OTTO\0\x0a\0\x80", "an OpenType font"),
        (b"wOF2\0\x01\0\0", "a web font (WOFF2)"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"\x93NUMPY\x01\0", "a NumPy array (.npy)"),
        (b"\x10\0\0\0\0\0\0\0{\"a\":{}}", "safetensors model weights"),
        (b"\x80\x02\x8a\x0a\x6c\xfc", "a Python pickle, such as an old PyTorch model file"),
        (b"\x80\x04\x95\0\0\0", "a Python pickle, such as an old PyTorch model file"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
        (b"GGUF\x03\0\0\0", "GGUF model weights"),
        (b"\0\x05\x16\x07\0\x02\0\0", "an AppleDouble file (`._name`) with a file's attributes, not the file itself"),
        (b"\x01\x02\x03", "3 bytes that start with 01 02 03"),
    ]);
}

#[test]
fn images_that_do_not_start_at_the_first_byte_are_found() {
    assert_names(&[
        (b"\n\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG image behind 1 other byte (remove what stands before it)"),
        (b"--boundary\r\n\r\n\x89PNG\r\n\x1a\n", "a PNG image behind 14 other bytes (remove what stands before it)"),
        (b"\x89PNG\n\x1a\n\0\0\0\x0dIHDR", "a PNG image with a damaged signature, as a transfer in text mode leaves it"),
        (b"\xefPNG\r\n\x1a\n\0\0\0\x0dIHDR", "a PNG image with a damaged signature, as a transfer in text mode leaves it"),
    ]);
}

#[test]
fn content_cut_anywhere_has_a_name_and_never_panics() {
    let files = [
        compound("WordDocument"),
        zipped("mimetype", "application/vnd.oasis.opendocument.text"),
        b"\0\0\0\x18ftyphevc\0\0\0\0hevcmsf1\0\0\0\x08mdat".to_vec(),
        b"<?xml version='1.0'?><!-- a --><!DOCTYPE svg [ <!ENTITY x 'y'> ]><svg>".to_vec(),
        b"\x0a\x05\x01\x08\0\0\0\0\x01\0\x01\0".to_vec(),
        b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ".to_vec(),
    ];
    for file in files {
        for length in 0..file.len() {
            let _ = format(&file[..length]).map(|found| codec::header(found, &file[..length]));
            let _ = format(&file[length..]).map(|found| codec::header(found, &file[length..]));
        }
    }
}
