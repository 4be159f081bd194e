//! From one scan to the next: what stands between scans, and what their coefficients add up to.

use super::super::{
    super::{
        Deadline, Format, ImageError, Size,
        bytes::{u8_at, u16_be},
    },
    baseline::scan::Strip,
    damaged,
    faults::Faults,
    header::{MAX_SCANS, START_OF_SCAN, Segments},
};
use super::{
    arithmetic::Arithmetic,
    entropy::{Entropy, read_scan},
    frame::{Frame, Process, Scan},
    lossless,
    progressive::Progressive,
    sequential::Sequential,
    tables::{Steps, Tables},
};

/// Reads the markers of a file from the first one on.
pub(super) struct Decoder<'a> {
    segments: Segments<'a>,
    tables: Tables,
    size: Size,
    frame: Option<Frame>,
    restart: Option<usize>,
    pub(super) marks: Marks,
    deadline: Deadline,
}

/// What says how colors are stored.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Marks {
    pub(super) is_jfif: bool,
    /// The color transform of Adobe's marker, if there is one.
    pub(super) adobe: Option<u8>,
}

/// The first scan of a file, in front of its data.
pub(super) struct FirstScan {
    pub(super) frame: Frame,
    pub(super) scan: Scan,
}

/// What all scans add up to.
pub(super) struct Stored {
    pub(super) content: Content,
    /// The quantization table of each component.
    pub(super) steps: Vec<Steps>,
    pub(super) faults: Faults,
}

/// What is stored of an image.
pub(super) enum Content {
    /// Coefficients: a strip for each row of MCUs.
    Coefficients(Vec<Strip>),
    /// The samples of each component, row by row, in whole MCUs.
    Samples(Vec<Vec<u8>>),
}

impl<'a> Decoder<'a> {
    /// A decoder for an image of this size.
    pub(super) fn new(bytes: &'a [u8], size: Size, deadline: Deadline) -> Self {
        let marks = Marks::default();
        Self { segments: Segments::new(bytes), tables: Tables::default(), size, frame: None, restart: None, marks, deadline }
    }

    /// Reads up to the first scan.
    pub(super) fn first_scan(&mut self) -> Result<FirstScan, ImageError> {
        match (self.next_scan()?, self.frame.take()) {
            (Some(scan), Some(frame)) => Ok(FirstScan { frame, scan }),
            _ if self.segments.at_end() => Err(damaged("found no scan")),
            _ => Err(ImageError::Truncated { format: Format::Jpeg, reason: "found no scan".to_owned() }),
        }
    }

    /// Reads up to the next scan; none at the end.
    fn next_scan(&mut self) -> Result<Option<Scan>, ImageError> {
        for segment in &mut self.segments {
            let data = segment.data;
            match segment.marker {
                0xc4 => self.tables.define_codes(data)?,
                0xcc => self.tables.define_conditioning(data)?,
                0xdb => self.tables.define_steps(data)?,
                0xdd => self.restart = u16_be(data, 0).map(usize::from).filter(|&interval| interval > 0),
                0xc0..=0xc3 | 0xc9 | 0xca if self.frame.is_none() => self.frame = Some(Frame::new(segment.marker, data, self.size)?),
                0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => return Err(damaged("found a second frame header")),
                0xe0 => self.marks.is_jfif |= data.starts_with(b"JFIF\0"),
                0xee if data.starts_with(b"Adobe") => self.marks.adobe = u8_at(data, 11).or(self.marks.adobe),
                START_OF_SCAN => {
                    let frame = self.frame.as_ref().ok_or_else(|| damaged("found a scan before the frame header"))?;
                    return Scan::new(data, frame).map(Some);
                }
                _ => {}
            }
        }
        Ok(None)
    }

    /// The quantization tables of all components, as they are defined now.
    pub(super) fn steps(&self, frame: &Frame) -> Result<Vec<Steps>, ImageError> {
        frame.components.iter().map(|component| self.tables.steps(component.table)).collect()
    }

    /// What reads the data of a scan that comes next.
    pub(super) fn entropy(&self, frame: &Frame, scan: &Scan) -> Result<Box<dyn Entropy + 'a>, ImageError> {
        let data = self.segments.rest();
        Ok(match frame.process {
            process if frame.is_arithmetic => Box::new(Arithmetic::new(process, scan, &self.tables.conditioning, self.restart, data)),
            Process::Progressive => Box::new(Progressive::new(scan, &self.tables, self.restart, data)?),
            _ => Box::new(Sequential::new(scan, &self.tables, self.restart, data)?),
        })
    }

    /// Reads all scans from the first one on. What is wrong with any but the first is concealed.
    pub(super) fn read_all(mut self, first: FirstScan) -> Result<(Frame, Stored), ImageError> {
        let FirstScan { frame, scan } = first;
        let mut content = match frame.process {
            Process::Lossless => Content::Samples(lossless::planes(&frame)),
            _ => Content::Coefficients((0..frame.mcus.1).map(|_| Strip::new(frame.mcus.0, frame.samplings())).collect()),
        };
        let mut known = Known::new(&frame);
        let mut faults = Faults::default();
        let mut next = Ok(Some(scan));
        self.frame = Some(frame);
        for count in 0.. {
            let Some(frame) = self.frame.take() else { return Err(damaged("found no frame header")) };
            let read = match next {
                Ok(Some(scan)) if count < MAX_SCANS => self.read_one(&frame, &scan, &mut known, &mut content),
                Ok(Some(_)) => Err(damaged(&format!("found more than {MAX_SCANS} scans"))),
                Ok(None) => {
                    // Only the end-of-image marker tells that no scan is missing, unless all is there.
                    if !known.is_complete() {
                        faults.add(if self.segments.at_end() { known.missing() } else { Faults::TRUNCATED });
                    }
                    return Ok(finished(frame, content, &known, faults));
                }
                Err(error) => Err(error),
            };
            match read {
                Ok(found) => faults.add(found),
                // Whatever was decoded before stays, but no time is left for it.
                Err(error) if count == 0 || matches!(error, ImageError::TooSlow { .. }) => return Err(error),
                Err(_) => {
                    faults.add(Faults::DAMAGED);
                    return Ok(finished(frame, content, &known, faults));
                }
            }
            if known.is_complete() && frame.process != Process::Progressive || faults.is_truncated {
                return Ok(finished(frame, content, &known, faults));
            }
            self.frame = Some(frame);
            next = self.next_scan();
        }
        Err(damaged("found no scan"))
    }

    fn read_one(&mut self, frame: &Frame, scan: &Scan, known: &mut Known, content: &mut Content) -> Result<Faults, ImageError> {
        known.add(frame, scan, &self.tables)?;
        let (faults, position) = match content {
            Content::Coefficients(strips) => {
                let data = self.segments.rest();
                match frame.process {
                    Process::Progressive if !frame.is_arithmetic => {
                        let mut entropy = Progressive::new(scan, &self.tables, self.restart, data)?;
                        read_scan(frame, scan, strips, &mut entropy, &self.deadline)?;
                        (entropy.faults(), entropy.position())
                    }
                    _ => {
                        let mut entropy = self.entropy(frame, scan)?;
                        read_scan(frame, scan, strips, entropy.as_mut(), &self.deadline)?;
                        (entropy.faults(), entropy.position())
                    }
                }
            }
            Content::Samples(planes) => {
                lossless::read_scan(frame, scan, &self.tables, self.restart, self.segments.rest(), planes, &self.deadline)?
            }
        };
        self.segments.advance(position);
        Ok(faults)
    }
}

/// What is known of each component from the scans so far.
struct Known {
    steps: Vec<Option<Steps>>,
    /// How many bits of each coefficient are still to come; 255 if nothing is there.
    missing_bits: Vec<[u8; 64]>,
    is_progressive: bool,
}

const NOTHING: u8 = 255;

impl Known {
    fn new(frame: &Frame) -> Self {
        let count = frame.components.len();
        Self { steps: vec![None; count], missing_bits: vec![[NOTHING; 64]; count], is_progressive: frame.process == Process::Progressive }
    }

    /// Takes note of a scan; a component has the quantization table that is defined in front of its first scan.
    fn add(&mut self, frame: &Frame, scan: &Scan, tables: &Tables) -> Result<(), ImageError> {
        for member in &scan.members {
            let (Some(component), Some(steps)) = (frame.components.get(member.component), self.steps.get_mut(member.component)) else {
                continue;
            };
            if steps.is_none() {
                *steps = Some(if frame.process == Process::Lossless { [1; 64] } else { tables.steps(component.table)? });
            }
            if let Some(missing) = self.missing_bits.get_mut(member.component) {
                let (first, last) = if self.is_progressive { scan.spectrum } else { (0, 63) };
                let bits = if self.is_progressive { scan.bits.1 } else { 0 };
                missing.iter_mut().take(last + 1).skip(first).for_each(|missing| *missing = bits);
            }
        }
        Ok(())
    }

    /// Whether every bit of every coefficient is there.
    fn is_complete(&self) -> bool {
        self.missing_bits.as_flattened().iter().all(|&bits| bits == 0)
    }

    /// What it means that the image ends here: a progressive one may leave out bits, and coefficients that are zero, but not whole components.
    fn missing(&self) -> Faults {
        let has_all = self.missing_bits.iter().all(|missing| missing.first() != Some(&NOTHING));
        if self.is_progressive && has_all { Faults::default() } else { Faults::DAMAGED }
    }
}

fn finished(frame: Frame, content: Content, known: &Known, faults: Faults) -> (Frame, Stored) {
    // What is in no scan has no coefficients to multiply.
    let steps = known.steps.iter().map(|steps| steps.unwrap_or([1; 64])).collect();
    (frame, Stored { content, steps, faults })
}
