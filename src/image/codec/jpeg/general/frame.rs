//! Frame and scan headers (ITU-T T.81 B.2.2, B.2.3).

use super::super::{
    super::{
        ImageError, Size,
        bytes::{u8_at, u16_be},
    },
    damaged,
};

/// How an image is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Process {
    Sequential,
    Progressive,
    Lossless,
}

/// What the frame header says.
pub(super) struct Frame {
    pub(super) process: Process,
    pub(super) is_arithmetic: bool,
    pub(super) size: Size,
    pub(super) components: Vec<Component>,
    /// The largest sampling factors, across and down.
    pub(super) largest: (usize, usize),
    /// MCUs of a scan of all components, across and down.
    pub(super) mcus: (usize, usize),
}

/// What the frame header says of a component.
pub(super) struct Component {
    pub(super) id: u8,
    /// Data units in an MCU, across and down.
    pub(super) sampling: (usize, usize),
    /// The number of its quantization table.
    pub(super) table: usize,
    /// Data units in a scan of this component alone, across and down (A.2.2).
    pub(super) units: (usize, usize),
}

impl Frame {
    /// The frame of a start-of-frame segment, with the size that is known to be the image's: a DNL segment may tell its height later.
    pub(super) fn new(marker: u8, data: &[u8], size: Size) -> Result<Self, ImageError> {
        let (height, width) = (u16_be(data, 1), u16_be(data, 3));
        if width.map(u32::from) != Some(size.width) || height.is_none_or(|height| height != 0 && u32::from(height) != size.height) {
            return Err(damaged("found frame headers that contradict each other"));
        }
        let process = match marker {
            0xc2 | 0xca => Process::Progressive,
            0xc3 => Process::Lossless,
            _ => Process::Sequential,
        };
        let unit = if process == Process::Lossless { 1 } else { 8 };
        let found = data.get(6..).unwrap_or_default().as_chunks::<3>().0;
        let count = u8_at(data, 5).map_or(0, usize::from);
        let found = found.get(..count).filter(|found| !found.is_empty()).ok_or_else(|| damaged("the frame header is too short"))?;
        let mut samplings: Vec<_> =
            found.iter().map(|&[_, sampling, _]| (usize::from(sampling >> 4), usize::from(sampling & 15))).collect();
        if let Some((across, down)) = samplings.iter().find(|(across, down)| !(1..=4).contains(across) || !(1..=4).contains(down)) {
            return Err(damaged(&format!("found sampling factors {across}x{down}, expected 1 to 4")));
        }
        if let [only] = samplings.as_mut_slice() {
            // The only component is never interleaved, whatever its sampling factors are.
            *only = (1, 1);
        }
        let largest = samplings.iter().fold((1, 1), |largest, sampling| (sampling.0.max(largest.0), sampling.1.max(largest.1)));
        let (width, height) = (size.width as usize, size.height as usize);
        let components = found.iter().zip(samplings).map(|(&[id, _, table], sampling)| Component {
            id,
            sampling,
            table: table.into(),
            units: ((width * sampling.0).div_ceil(largest.0).div_ceil(unit), (height * sampling.1).div_ceil(largest.1).div_ceil(unit)),
        });
        let mcus = (width.div_ceil(unit * largest.0), height.div_ceil(unit * largest.1));
        Ok(Self { process, is_arithmetic: marker >= 0xc9, size, components: components.collect(), largest, mcus })
    }

    /// The sampling factors of all components.
    pub(super) fn samplings(&self) -> impl Iterator<Item = (usize, usize)> {
        self.components.iter().map(|component| component.sampling)
    }
}

/// What a scan header says.
#[derive(Debug, Clone)]
pub(super) struct Scan {
    pub(super) members: Vec<Member>,
    /// First and last coefficient in zigzag order; for lossless coding, the first is the predictor.
    pub(super) spectrum: (usize, usize),
    /// The bit positions of successive approximation: that of the scan before, or 0, and that of this one; for lossless coding, the second is the
    /// point transform.
    pub(super) bits: (u8, u8),
}

/// A component in a scan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    /// Its place in the frame.
    pub(super) component: usize,
    /// The numbers of its tables.
    pub(super) dc: usize,
    pub(super) ac: usize,
}

impl Scan {
    pub(super) fn new(data: &[u8], frame: &Frame) -> Result<Self, ImageError> {
        let wrong = || damaged("a scan header is cut off or names components that are not there");
        let count = u8_at(data, 0).map(usize::from).filter(|count| (1..=4).contains(count)).ok_or_else(wrong)?;
        let selectors = data.get(1..1 + count * 2).ok_or_else(wrong)?;
        let mut members: Vec<Member> = Vec::with_capacity(count);
        for &[id, tables] in selectors.as_chunks::<2>().0 {
            let is_free = |place: usize| members.iter().all(|member| member.component != place);
            let component = frame.components.iter().enumerate().position(|(place, component)| component.id == id && is_free(place));
            members.push(Member { component: component.ok_or_else(wrong)?, dc: usize::from(tables >> 4), ac: usize::from(tables & 15) });
        }
        let Some(&[first, last, bits]) = data.get(1 + count * 2..).and_then(<[u8]>::first_chunk::<3>) else { return Err(wrong()) };
        let scan = Self { members, spectrum: (first.into(), last.into()), bits: (bits >> 4, bits & 15) };
        match frame.process {
            // Nothing else is possible, so what stands there does not matter.
            Process::Sequential => Ok(Self { spectrum: (0, 63), bits: (0, 0), ..scan }),
            Process::Progressive => scan.checked_progressive(),
            Process::Lossless if matches!(first, 1..=7) && scan.bits.1 < 8 => Ok(scan),
            Process::Lossless => Err(damaged(&format!("found predictor {first} and point transform {}", scan.bits.1))),
        }
    }

    /// The same, if it keeps to Table B.3.
    fn checked_progressive(self) -> Result<Self, ImageError> {
        let is_spectrum = match self.spectrum {
            (0, last) => last == 0,
            (first, last) => first <= last && last < 64 && self.members.len() == 1,
        };
        let is_approximation = match self.bits {
            (0, low) => low <= 13,
            (high, low) => high == low + 1 && low <= 13,
        };
        if is_spectrum && is_approximation {
            return Ok(self);
        }
        let ((first, last), (high, low)) = (self.spectrum, self.bits);
        Err(damaged(&format!("found a progressive scan of coefficients {first} to {last} and bits {high} to {low}, which is not possible")))
    }

    /// Whether it is a scan of all components.
    pub(super) fn is_whole(&self, frame: &Frame) -> bool {
        self.members.len() == frame.components.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_standard_for_every_sampling() {
        // A.1.1 and A.2.4: 97 x 61 samples, three components.
        let header = [8, 0, 61, 0, 97, 3, 1, 0x31, 0, 2, 0x22, 1, 3, 0x14, 1];
        let frame = Frame::new(0xc2, &header, Size::new(97, 61)).unwrap();
        assert_eq!((frame.largest, frame.mcus, frame.process), ((3, 4), (5, 2), Process::Progressive));
        let units: Vec<_> = frame.components.iter().map(|component| component.units).collect();
        // 97 x 16, 65 x 31 and 33 x 61 samples.
        assert_eq!(units, [(13, 2), (9, 4), (5, 8)]);
        assert!(Frame::new(0xc0, &header, Size::new(97, 62)).is_err());
        let none = [8, 0, 61, 0, 97, 1, 1, 0x50, 0];
        assert!(Frame::new(0xc0, &none, Size::new(97, 61)).is_err_and(|error| error.to_string().contains("found sampling factors 5x0")));
    }

    #[test]
    fn progressive_scans_keep_to_the_table() {
        let header = [8, 0, 61, 0, 97, 2, 1, 0x11, 0, 2, 0x11, 1];
        let frame = Frame::new(0xc2, &header, Size::new(97, 61)).unwrap();
        let scan = |data: &[u8]| Scan::new(data, &frame).is_ok();
        assert!(scan(&[2, 1, 0, 2, 0, 0, 0, 1]) && scan(&[1, 2, 0, 1, 63, 0x21]) && scan(&[2, 2, 0, 1, 0, 0, 0, 0]));
        for wrong in
            [[1, 1, 0, 0, 1, 0], [1, 1, 0, 2, 1, 0], [1, 1, 0, 1, 64, 0], [1, 1, 0, 1, 5, 0x31], [1, 1, 0, 1, 5, 14], [1, 3, 0, 1, 5, 0]]
        {
            assert!(!scan(&wrong), "{wrong:?}");
        }
        assert!(!scan(&[2, 1, 0, 2, 0, 1, 5, 0]), "AC coefficients of two components");
        assert!(!scan(&[2, 1, 0, 1, 0, 0, 0, 0]), "a component twice");
    }
}
