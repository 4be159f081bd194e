//! Content that is not a readable image, named by bytes at a fixed offset.

use super::super::bytes::slice;

/// Bytes at an offset, and the name of the content that has them there.
pub(super) struct Signature {
    at: usize,
    magic: &'static [u8],
    name: &'static str,
}

const fn start(magic: &'static [u8], name: &'static str) -> Signature {
    Signature { at: 0, magic, name }
}

const fn at(at: usize, magic: &'static [u8], name: &'static str) -> Signature {
    Signature { at, magic, name }
}

impl Signature {
    fn fits(&self, bytes: &[u8]) -> bool {
        slice(bytes, self.at, self.magic.len()) == Some(self.magic)
    }

    /// Whether ordinary text may start with the signature.
    fn is_word(&self) -> bool {
        self.magic.len() <= 4 && self.magic.iter().all(|byte| matches!(byte, b' '..=b'~'))
    }
}

/// The name of the first signature that fits; `is_text` is whether the content is text throughout.
pub(super) fn name(bytes: &[u8], is_text: bool) -> Option<&'static str> {
    SIGNATURES.iter().find(|signature| signature.fits(bytes) && !(is_text && signature.is_word())).map(|found| found.name)
}

/// Longer and rarer signatures stand before shorter ones that they could be taken for.
#[rustfmt::skip]
const SIGNATURES: &[Signature] = &[
    // Camera raw. TIFF-based formats with the ordinary TIFF signature are recognized by the TIFF reader.
    at(4, b"ftypcrx ", "a Canon CR3 camera raw file"),
    start(b"II\x1a\0\0\0HEAPCCDR", "a Canon CRW camera raw file"),
    start(b"FUJIFILMCCD-RAW", "a Fujifilm RAF camera raw file"),
    start(b"FOVb", "a Sigma X3F camera raw file"),
    start(b"IIU\0", "a Panasonic RW2 camera raw file"),
    start(b"IIRO", "an Olympus ORF camera raw file"),
    start(b"IIRS", "an Olympus ORF camera raw file"),
    start(b"MMOR", "an Olympus ORF camera raw file"),
    start(b"\0MRM", "a Minolta MRW camera raw file"),
    start(b"ARRI", "an ARRIRAW camera raw file"),
    at(4, b"RED1", "a Redcode (R3D) camera raw video"),
    at(4, b"RED2", "a Redcode (R3D) camera raw video"),
    // Image formats that are not read.
    start(b"\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL image"),
    start(b"\xff\x0a", "a JPEG XL code stream"),
    start(b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 image"),
    start(b"\xff\x4f\xff\x51", "a JPEG 2000 code stream"),
    start(b"II\xbc", "a JPEG XR image"),
    start(b"\x97JB2\r\n\x1a\n", "a JBIG2 image"),
    start(b"8BPS\0\x01", "a Photoshop document (PSD)"),
    start(b"8BPS\0\x02", "a large Photoshop document (PSB)"),
    start(b"gimp xcf ", "a GIMP image (XCF)"),
    start(b"Paint Shop Pro Image File", "a Paint Shop Pro image"),
    start(b"\0\xffKA", "an Affinity document"),
    start(b"\x76\x2f\x31\x01", "an OpenEXR image"),
    start(b"#?RADIANCE", "a Radiance HDR image"),
    start(b"#?RGBE", "a Radiance HDR image"),
    start(b"SIMPLE  =", "a FITS image"),
    at(128, b"DICM", "a DICOM medical image"),
    start(b"n+1\0", "a NIfTI medical image"),
    at(344, b"n+1\0", "a NIfTI medical image"),
    start(b"DDS ", "a DirectDraw surface (DDS)"),
    start(b"\xabKTX 11\xbb\r\n\x1a\n", "a KTX texture"),
    start(b"\xabKTX 20\xbb\r\n\x1a\n", "a KTX2 texture"),
    start(b"\x13\xab\xa1\x5c", "an ASTC texture"),
    start(b"PVR\x03", "a PowerVR texture"),
    start(b"VTF\0", "a Valve texture (VTF)"),
    start(b"BLP1", "a Blizzard texture (BLP)"),
    start(b"BLP2", "a Blizzard texture (BLP)"),
    start(b"qoif", "a QOI image"),
    start(b"farbfeld", "a farbfeld image"),
    start(b"BPG\xfb", "a BPG image"),
    start(b"FLIF", "a FLIF image"),
    start(b"\x8aMNG\r\n\x1a\n", "an MNG animation"),
    start(b"\x8bJNG\r\n\x1a\n", "a JNG image"),
    start(b"icns", "an Apple icon (ICNS)"),
    start(b"PF\n", "a portable float map (PFM)"),
    start(b"Pf\n", "a portable float map (PFM)"),
    start(b"\x59\xa6\x6a\x95", "a Sun raster image"),
    start(b"\x01\xda\0\x01", "an SGI image"),
    start(b"\x01\xda\x01\x01", "an SGI image"),
    start(b"\x01\xda\x01\x02", "an SGI image"),
    start(b"SDPX", "a DPX image"),
    start(b"XPDS", "a DPX image"),
    start(b"\x80\x2a\x5f\xd7", "a Cineon image"),
    start(b"AT&TFORM", "a DjVu document"),
    start(b"\xd7\xcd\xc6\x9a", "a Windows metafile (WMF)"),
    start(b"\x01\0\x09\0\0\x03", "a Windows metafile (WMF)"),
    at(40, b" EMF", "an enhanced Windows metafile (EMF)"),
    start(b"/* XPM */", "an XPM image"),
    start(b"BLENDER", "a Blender scene"),
    start(b"glTF", "a glTF scene"),
    start(b"Kaydara FBX Binary", "an FBX scene"),
    start(b"ply\n", "a PLY 3-D model"),
    // Documents.
    start(b"\xc5\xd0\xd3\xc6", "an EPS drawing"),
    start(b"{\\rtf", "an RTF document"),
    start(b"AC10", "an AutoCAD drawing (DWG)"),
    // Video.
    start(b"FLV\x01", "a Flash video (FLV)"),
    start(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media (ASF, WMV or WMA) file"),
    start(b"\0\0\x01\xba", "an MPEG program stream video"),
    start(b"\0\0\x01\xb3", "an MPEG video stream"),
    start(b"\0\0\0\x01\x67", "an H.264 video stream"),
    start(b"\0\0\0\x01\x27", "an H.264 video stream"),
    start(b"\0\0\0\x01\x40\x01", "an HEVC video stream"),
    start(b"DKIF\0\0", "an IVF video"),
    start(b"YUV4MPEG2 ", "a YUV4MPEG2 video"),
    start(b".RMF", "a RealMedia file"),
    start(b"FWS", "a Flash animation (SWF)"),
    start(b"CWS", "a Flash animation (SWF)"),
    start(b"ZWS", "a Flash animation (SWF)"),
    start(b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02", "an MXF video"),
    // Audio.
    start(b"ID3", "an MP3 audio file"),
    start(b"fLaC", "a FLAC audio file"),
    start(b"MThd", "a MIDI file"),
    start(b"#!AMR", "an AMR audio file"),
    start(b".snd", "an AU audio file"),
    start(b"caff", "a Core Audio file (CAF)"),
    start(b"MAC ", "a Monkey's Audio file"),
    start(b"wvpk", "a WavPack audio file"),
    // Archives and compressed data.
    start(b"BZh", "bzip2-compressed data"),
    start(b"\xfd7zXZ\0", "xz-compressed data"),
    start(b"\x28\xb5\x2f\xfd", "Zstandard-compressed data"),
    start(b"\x04\x22\x4d\x18", "LZ4-compressed data"),
    start(b"LZIP\x01", "lzip-compressed data"),
    start(b"\x5d\0\0\x80\0\xff", "LZMA-compressed data"),
    start(b"\x5d\0\0\0\x04\xff", "LZMA-compressed data"),
    start(b"\x1f\x9d", "data compressed by compress"),
    start(b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    start(b"Rar!\x1a\x07", "a RAR archive"),
    at(257, b"ustar", "a tar archive"),
    start(b"MSCF\0\0\0\0", "a Windows cabinet archive"),
    start(b"!<arch>\ndebian", "a Debian package"),
    start(b"!<arch>\n", "an ar archive"),
    start(b"\xed\xab\xee\xdb", "an RPM package"),
    start(b"070701", "a cpio archive"),
    start(b"xar!", "a xar archive"),
    at(2, b"-lh", "an LHA archive"),
    at(32_769, b"CD001", "a CD or DVD image (ISO 9660)"),
    // Programs.
    start(b"\x7fELF", "a Linux program or library (ELF)"),
    start(b"\xfe\xed\xfa\xce", "a macOS program or library (Mach-O)"),
    start(b"\xfe\xed\xfa\xcf", "a macOS program or library (Mach-O)"),
    start(b"\xce\xfa\xed\xfe", "a macOS program or library (Mach-O)"),
    start(b"\xcf\xfa\xed\xfe", "a macOS program or library (Mach-O)"),
    start(b"\0asm", "a WebAssembly module"),
    start(b"dex\n", "an Android program (DEX)"),
    start(b"BC\xc0\xde", "LLVM bitcode"),
    // Fonts.
    start(b"\0\x01\0\0Standard", "a Microsoft Access database"),
    start(b"\0\x01\0\0\0", "a TrueType font"),
    start(b"true\0", "a TrueType font"),
    start(b"OTTO\0", "an OpenType font"),
    start(b"ttcf\0", "a font collection"),
    start(b"wOFF", "a web font (WOFF)"),
    start(b"wOF2", "a web font (WOFF2)"),
    start(b"\x80\x01", "a Type 1 font"),
    // Data.
    start(b"HTTP/1.", "an HTTP response with its headers"),
    start(b"HTTP/2", "an HTTP response with its headers"),
    start(b"SQLite format 3\0", "an SQLite database"),
    start(b"\x93NUMPY", "a NumPy array (.npy)"),
    start(b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    start(b"CDF\x01", "a NetCDF file"),
    start(b"CDF\x02", "a NetCDF file"),
    start(b"MATLAB 5.0 MAT-file", "a MATLAB data file"),
    start(b"PAR1", "a Parquet table"),
    start(b"ARROW1", "an Arrow table"),
    start(b"FEA1", "a Feather table"),
    start(b"Obj\x01", "an Avro file"),
    start(b"GGUF", "GGUF model weights"),
    at(4, b"TFL3", "a TensorFlow Lite model"),
    start(b"bplist00", "a binary property list"),
    start(b"\0\x05\x16\x07", "an AppleDouble file (`._name`) with a file's attributes, not the file itself"),
    start(b"\0\0\0\x01Bud1", "a macOS folder settings file (.DS_Store)"),
    start(b"L\0\0\0\x01\x14\x02\0", "a Windows shortcut"),
    start(b"\xd4\xc3\xb2\xa1", "a network capture (pcap)"),
    start(b"\x0a\x0d\x0d\x0a", "a network capture (pcapng)"),
    start(b"PACK\0\0\0\x02", "a Git pack"),
    start(b"d8:announce", "a BitTorrent file"),
];
