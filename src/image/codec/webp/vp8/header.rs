//! What a picture in VP8 says about itself before its first block (RFC 6386, 9 and 19.2).

use super::{
    super::super::super::Size,
    super::super::bytes::{slice, u16_le, u24_le},
    bools::Bools,
    tables::{BANDS, FIRST, FIRST_STEPS, OTHER_STEPS, STAY},
};

/// Everything that the blocks are read with.
pub(super) struct Header<'a> {
    pub(super) size: Size,
    /// The modes of the blocks, and nothing else any more.
    pub(super) modes: Bools<'a>,
    /// The coefficients: of rows in turn.
    pub(super) partitions: Vec<Bools<'a>>,
    /// How the number of a block's segment is coded, if it is.
    pub(super) segments: Option<[u8; 3]>,
    /// How likely it is that a block has coefficients, if it says whether it has.
    pub(super) skipping: Option<u8>,
    /// By segment.
    pub(super) steps: [Steps; 4],
    pub(super) tokens: Tokens,
    pub(super) filter: Filter,
    /// By segment, and by whether the block is predicted in small ones.
    pub(super) strengths: [[Strength; 2]; 4],
}

/// Probabilities of tokens by the kind of a block, its position there, what came before, and the branch of the tree.
pub(super) type Tokens = [[[[u8; 11]; 3]; 17]; 4];

/// What coefficients are multiplied by: the first one of a block, and the others.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Steps {
    pub(super) luma: [i32; 2],
    /// Of the first coefficients of all luma blocks, which are coded together.
    pub(super) means: [i32; 2],
    pub(super) chroma: [i32; 2],
}

/// Which filter smooths the edges of blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter {
    None,
    /// Luma alone.
    Simple,
    Normal,
}

/// How much edges are smoothed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Strength {
    /// The step between the two sides of an edge inside a block up to which it is smoothed; not at all if 0.
    pub(super) edge: u8,
    /// The step between two neighbours on a side.
    pub(super) side: u8,
    /// The step on a side from which on less of it is changed.
    pub(super) detail: u8,
}

impl<'a> Header<'a> {
    /// None if it is not all there, or of another kind than WebP has.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let bits = u24_le(bytes, 0)?;
        let (is_key, version, is_shown) = (bits & 1 == 0, bits >> 1 & 7, bits >> 4 & 1 == 1);
        if !is_key || version > 3 || !is_shown || slice(bytes, 3, 3)? != [0x9d, 0x01, 0x2a] {
            return None;
        }
        let size = Size::new((u16_le(bytes, 6)? & 0x3fff).into(), (u16_le(bytes, 8)? & 0x3fff).into());
        let (first, rest) = bytes.get(10..)?.split_at_checked(usize::try_from(bits >> 5).ok()?)?;
        let mut bools = Bools::new(first);
        // The colour space, of which there is one, and whether samples need not be cut off, which they are all the same.
        bools.number(2);
        let segmentation = Segmentation::parse(&mut bools);
        let (filter, strengths) = filter(&mut bools, &segmentation);
        let partitions = partitions(&mut bools, rest)?;
        let steps = steps(&mut bools, &segmentation);
        // Whether probabilities are kept for the next frame.
        bools.flag();
        let tokens = tokens(&mut bools);
        let skipping = bools.flag().then(|| bools.number(8));
        let segments = segmentation.map;
        (!size.is_empty() && !bools.has_ended()).then_some(Self {
            size,
            modes: bools,
            partitions,
            segments,
            skipping,
            steps,
            tokens,
            filter,
            strengths,
        })
    }
}

/// Up to four kinds of blocks, each with a quantizer and a filter of its own.
#[derive(Default)]
struct Segmentation {
    /// Quantizers and levels of the filter.
    values: Option<([i32; 4], [i32; 4])>,
    /// Whether these are meant as they are; else they are added.
    is_absolute: bool,
    map: Option<[u8; 3]>,
}

impl Segmentation {
    fn parse(bools: &mut Bools<'_>) -> Self {
        if !bools.flag() {
            return Self::default();
        }
        let has_map = bools.flag();
        let mut new = Self { values: Some(Default::default()), is_absolute: true, map: None };
        if bools.flag() {
            new.is_absolute = bools.flag();
            let quantizers = [0; 4].map(|_| bools.optional(7).unwrap_or(0));
            new.values = Some((quantizers, [0; 4].map(|_| bools.optional(6).unwrap_or(0))));
        }
        new.map = has_map.then(|| [0; 3].map(|_| if bools.flag() { bools.number(8) } else { 255 }));
        new
    }

    /// What holds in each segment, of a value that holds for all and of theirs.
    fn each(&self, all: i32, of: impl FnOnce(&([i32; 4], [i32; 4])) -> [i32; 4]) -> [i32; 4] {
        match &self.values {
            None => [all; 4],
            Some(values) => of(values).map(|value| if self.is_absolute { value } else { value + all }),
        }
    }
}

fn filter(bools: &mut Bools<'_>, segmentation: &Segmentation) -> (Filter, [[Strength; 2]; 4]) {
    let is_simple = bools.flag();
    let level = i32::from(bools.number(6));
    let sharpness = bools.number(3);
    // What is added for frames that are coded by themselves, as all are, and for blocks in small ones; each followed by three for others.
    let mut deltas = [0; 8];
    let has_deltas = bools.flag();
    if has_deltas && bools.flag() {
        deltas = deltas.map(|_| bools.optional(6).unwrap_or(0));
    }
    let strengths = segmentation.each(level, |values| values.1).map(|level| {
        [0, deltas[4]].map(|more| {
            let level = if has_deltas { level + deltas[0] + more } else { level };
            Strength::new(u8::try_from(level.clamp(0, 63)).unwrap_or(0), sharpness)
        })
    });
    let filter = match (level, is_simple) {
        (0, _) => Filter::None,
        (_, true) => Filter::Simple,
        (_, false) => Filter::Normal,
    };
    (filter, strengths)
}

impl Strength {
    /// Of a level up to 63 (15.2).
    fn new(level: u8, sharpness: u8) -> Self {
        if level == 0 {
            return Self::default();
        }
        let side = match sharpness {
            0 => level,
            1..=4 => (level / 2).min(9 - sharpness),
            _ => (level / 4).min(9_u8.saturating_sub(sharpness)),
        };
        let side = side.max(1);
        let detail = match level {
            40.. => 2,
            15.. => 1,
            _ => 0,
        };
        Self { edge: 2 * level + side, side, detail }
    }
}

/// The streams of coefficients: the lengths of all but the last come before them.
fn partitions<'a>(bools: &mut Bools<'_>, bytes: &'a [u8]) -> Option<Vec<Bools<'a>>> {
    let lengths = (1 << bools.number(2)) - 1;
    let mut rest = bytes.get(3 * lengths..)?;
    let mut partitions = Vec::with_capacity(lengths + 1);
    for index in 0..lengths {
        let length = usize::try_from(u24_le(bytes, 3 * index)?).ok()?;
        let (partition, more) = rest.split_at_checked(length)?;
        partitions.push(Bools::new(partition));
        rest = more;
    }
    partitions.push(Bools::new(rest));
    (!rest.is_empty()).then_some(partitions)
}

fn steps(bools: &mut Bools<'_>, segmentation: &Segmentation) -> [Steps; 4] {
    let all = i32::from(bools.number(7));
    let [luma, means_first, means, chroma_first, chroma] = [0; 5].map(|_| bools.optional(4).unwrap_or(0));
    let step = |steps: &[i32; 128], quantizer: i32, most: i32| steps[usize::try_from(quantizer.clamp(0, most)).unwrap_or(0)];
    segmentation.each(all, |values| values.0).map(|quantizer| Steps {
        luma: [step(&FIRST_STEPS, quantizer + luma, 127), step(&OTHER_STEPS, quantizer, 127)],
        means: [2 * step(&FIRST_STEPS, quantizer + means_first, 127), (step(&OTHER_STEPS, quantizer + means, 127) * 155 / 100).max(8)],
        chroma: [step(&FIRST_STEPS, quantizer + chroma_first, 117), step(&OTHER_STEPS, quantizer + chroma, 127)],
    })
}

fn tokens(bools: &mut Bools<'_>) -> Tokens {
    let mut bands = FIRST;
    for (probability, &stays) in
        bands.as_flattened_mut().as_flattened_mut().as_flattened_mut().iter_mut().zip(STAY.as_flattened().as_flattened().as_flattened())
    {
        if bools.bit(stays) {
            *probability = bools.number(8);
        }
    }
    bands.map(|bands| BANDS.map(|band| bands[band]))
}
