//! Old-style JPEG (compression 6; TIFF 6.0, section 22): a JPEG file inside of the TIFF file, or tables and scans in different places, of which JPEG files are
//! made here.

use super::super::{ImageError, Size, bytes::slice};
use super::{
    damaged,
    directory::Directory,
    ifd::{File, Ifd},
    truncated, unsupported,
};

const START_OF_IMAGE: &[u8] = b"\xff\xd8";
const END_OF_IMAGE: &[u8] = b"\xff\xd9";
const HUFFMAN_TABLES: u8 = 0xc4;
const QUANTIZATION_TABLES: u8 = 0xdb;
const RESTART_INTERVAL: u8 = 0xdd;
const START_OF_SCAN: u8 = 0xda;
const BASELINE_FRAME: u8 = 0xc0;

/// What stands before the entropy-coded data of each strip or tile.
pub(super) struct Header {
    /// Segments with tables, markers included.
    tables: Vec<u8>,
    /// The frame's marker, and what its segment holds behind the size.
    frame: (u8, Vec<u8>),
    /// What the segment of the scan holds.
    scan: Vec<u8>,
}

/// Makes the strips or tiles of an image ones that [`Header::stream`] can complete: one strip where there is a JPEG file for the whole image.
pub(super) fn prepare(directory: &mut Directory<'_>, ifd: &Ifd<'_>) -> Result<(), ImageError> {
    if ifd.first(512)? == Some(14) {
        return Err(unsupported("lossless old-style JPEG compression is not supported".to_owned()));
    }
    if directory.planar {
        return Err(unsupported("old-style JPEG compression in planes is not supported".to_owned()));
    }
    let offset = ifd.first(513)?.and_then(|offset| usize::try_from(offset).ok()).filter(|&offset| offset != 0);
    let length = ifd.first(514)?.and_then(|length| usize::try_from(length).ok()).filter(|&length| length != 0);
    let file = offset.and_then(|offset| {
        let rest = directory.bytes.get(offset..)?;
        Some((offset, rest.get(..length.unwrap_or(rest.len())).unwrap_or(rest))).filter(|(_, data)| data.starts_with(START_OF_IMAGE))
    });
    if let Some((start, data)) = file {
        let is_inside = |&offset: &u64| usize::try_from(offset).is_ok_and(|offset| (start..start + data.len()).contains(&offset));
        if directory.offsets.first().is_none_or(is_inside) {
            let ends = directory.offsets.iter().zip(&directory.counts).map(|(offset, count)| offset.saturating_add(*count));
            let end = ends.max().unwrap_or(0).max((start + data.len()) as u64);
            directory.tiled = false;
            directory.chunk = directory.size;
            directory.offsets = vec![start as u64];
            directory.counts = vec![end - start as u64];
            return Ok(());
        }
    }
    let mut header = match file {
        Some((_, data)) => Header::from_segments(data),
        None => Header { tables: Vec::new(), frame: (BASELINE_FRAME, Vec::new()), scan: Vec::new() },
    };
    header.complete(directory, ifd)?;
    directory.old_jpeg = Some(header);
    Ok(())
}

impl Header {
    /// What the segments of a JPEG file say up to its scan.
    fn from_segments(data: &[u8]) -> Self {
        let mut header = Self { tables: Vec::new(), frame: (BASELINE_FRAME, Vec::new()), scan: Vec::new() };
        let mut rest = data.get(2..).unwrap_or_default();
        while let [0xff, marker, high, low, ..] = *rest {
            if marker == 0xff {
                rest = &rest[1..];
                continue;
            }
            let length = usize::from(u16::from_be_bytes([high, low]));
            let Some((segment, behind)) = rest.split_at_checked(length + 2) else { break };
            match marker {
                HUFFMAN_TABLES | QUANTIZATION_TABLES | RESTART_INTERVAL => header.tables.extend(segment),
                0xc0..=0xcf if !matches!(marker, 0xc8 | 0xcc) => {
                    header.frame = (marker, segment.get(9..).unwrap_or_default().to_vec());
                }
                START_OF_SCAN => {
                    header.scan = segment.get(4..).unwrap_or_default().to_vec();
                    break;
                }
                _ => {}
            }
            rest = behind;
        }
        header
    }

    /// Adds what only the tags of the TIFF file say.
    fn complete(&mut self, directory: &Directory<'_>, ifd: &Ifd<'_>) -> Result<(), ImageError> {
        let samples = u8::try_from(directory.samples).unwrap_or(u8::MAX);
        if self.tables.is_empty() {
            // A quantization table is 64 bytes, a Huffman table 16 counts and as many values as these say.
            let quantization = tables(ifd, 519)?;
            let [dc, ac] = [tables(ifd, 520)?, tables(ifd, 521)?];
            for (id, table) in (0..4).zip(&quantization) {
                push_segment(&mut self.tables, QUANTIZATION_TABLES, &[&[id], bytes_at(ifd.file, *table, 64)?]);
            }
            for (class, offsets) in [(0, dc), (0x10, ac)] {
                for (id, table) in (0..4).zip(offsets) {
                    let counts = bytes_at(ifd.file, table, 16)?;
                    let values = counts.iter().map(|&count| usize::from(count)).sum::<usize>().min(256);
                    push_segment(&mut self.tables, HUFFMAN_TABLES, &[&[class | id], bytes_at(ifd.file, table, 16 + values)?]);
                }
            }
            if let Some(interval) = ifd.short(515)?.filter(|&interval| interval != 0) {
                push_segment(&mut self.tables, RESTART_INTERVAL, &[&interval.to_be_bytes()]);
            }
        }
        if self.frame.1.is_empty() {
            let (across, down) = if directory.is_ycbcr() { directory.subsampling } else { (1, 1) };
            let luma = u8::try_from(across << 4 | down).unwrap_or(0x22);
            let components = (0..samples).flat_map(|index| [index + 1, if index == 0 { luma } else { 0x11 }, index]);
            self.frame.1 = std::iter::once(samples).chain(components).collect();
        }
        if self.scan.is_empty() {
            let ids = self.frame.1.iter().skip(1).step_by(3);
            let components = ids.zip(0u8..).flat_map(|(&id, index)| [id, index << 4 | index]);
            self.scan = std::iter::once(samples).chain(components).chain([0, 63, 0]).collect();
        }
        Ok(())
    }

    /// The JPEG file of a strip or tile of this size.
    pub(super) fn stream(&self, data: &[u8], size: Size) -> Result<Vec<u8>, ImageError> {
        let side =
            |side: u32| u16::try_from(side).map(u16::to_be_bytes).map_err(|_| damaged(format!("found a JPEG part of {size} pixels")));
        let mut stream = [START_OF_IMAGE, &self.tables].concat();
        push_segment(&mut stream, self.frame.0, &[&[8], &side(size.height)?, &side(size.width)?, &self.frame.1]);
        push_segment(&mut stream, START_OF_SCAN, &[&self.scan]);
        stream.extend(data);
        if !data.ends_with(END_OF_IMAGE) {
            stream.extend(END_OF_IMAGE);
        }
        Ok(stream)
    }
}

/// Where the tables of the components are.
fn tables(ifd: &Ifd<'_>, tag: u16) -> Result<Vec<u64>, ImageError> {
    ifd.values(tag)?
        .filter(|offsets| !offsets.is_empty())
        .ok_or_else(|| damaged(format!("old-style JPEG data lacks the tables of tag {tag}")))
}

fn bytes_at<'a>(file: File<'a>, offset: u64, count: usize) -> Result<&'a [u8], ImageError> {
    usize::try_from(offset).ok().and_then(|offset| slice(file.bytes, offset, count)).ok_or_else(truncated)
}

fn push_segment(stream: &mut Vec<u8>, marker: u8, parts: &[&[u8]]) {
    let length = 2 + parts.iter().map(|part| part.len()).sum::<usize>();
    stream.extend([0xff, marker]);
    stream.extend(u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes());
    stream.extend(parts.concat());
}
