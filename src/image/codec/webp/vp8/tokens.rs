//! The coefficients of a row of blocks (RFC 6386, 13 and 14.3).

use super::super::super::super::simd::widest;
use super::{
    bools::Bools,
    header::{Header, Steps, Tokens},
    modes::Macroblock,
    tables::ZIGZAG,
};

/// Small blocks of a macroblock: of luma, of blue and of red chroma.
pub(super) const SMALL: usize = 16 + 4 + 4;

/// The coefficients of 4 by 4 samples, row by row.
pub(super) type Block = [i16; 16];

/// A row of macroblocks, on its way from its modes to its samples.
pub(super) struct Row {
    pub(super) macroblocks: Vec<Macroblock>,
    /// What each of these has of coefficients.
    pub(super) kinds: Vec<[Kind; SMALL]>,
    /// The coefficients of all small blocks that have some.
    pub(super) blocks: Vec<Block>,
}

impl Row {
    pub(super) fn new(across: usize) -> Self {
        let blocks = vec![[0; 16]; across * SMALL + 1];
        Self { macroblocks: vec![Macroblock::default(); across], kinds: vec![[Kind::Empty; SMALL]; across], blocks }
    }
}

/// What coefficients a small block has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Empty,
    /// The first, which is the mean.
    Mean,
    Any,
}

/// Reads coefficients row by row.
pub(super) struct Coefficients<'a> {
    partitions: Vec<Bools<'a>>,
    tokens: Tokens,
    steps: [Steps; 4],
    /// What the blocks above have coefficients in.
    above: Vec<Context>,
    /// The number of the next row.
    row: usize,
}

/// Which small blocks at an edge have coefficients: 1 if they do.
#[derive(Debug, Clone, Copy, Default)]
struct Context {
    luma: [u8; 4],
    blue: [u8; 2],
    red: [u8; 2],
    means: u8,
}

impl<'a> Coefficients<'a> {
    pub(super) fn new(header: &Header<'a>) -> Self {
        let across = header.size.width.div_ceil(16) as usize;
        Self {
            partitions: header.partitions.clone(),
            tokens: header.tokens,
            steps: header.steps,
            above: vec![Context::default(); across],
            row: 0,
        }
    }

    /// Reads those of the next row; false if they are not all there.
    pub(super) fn row(&mut self, row: &mut Row) -> bool {
        widest(
            #[inline(always)]
            || self.macroblocks(row),
        )
    }

    #[inline(always)]
    fn macroblocks(&mut self, row: &mut Row) -> bool {
        let count = self.partitions.len();
        let Some(partition) = self.partitions.get_mut(self.row % count) else { return false };
        self.row += 1;
        let mut bools = partition.clone();
        let mut left = Context::default();
        let mut place = 0;
        for ((macroblock, kinds), above) in row.macroblocks.iter().zip(&mut row.kinds).zip(&mut self.above) {
            if macroblock.is_skipped {
                let means = |context: &Context| if macroblock.is_split { context.means } else { 0 };
                *above = Context { means: means(above), ..Context::default() };
                left = Context { means: means(&left), ..Context::default() };
                *kinds = [Kind::Empty; SMALL];
                continue;
            }
            let steps = &self.steps[usize::from(macroblock.segment & 3)];
            let mut reader = Reader { bools, blocks: &mut row.blocks, place };
            *kinds = reader.macroblock(&self.tokens, steps, macroblock.is_split, above, &mut left);
            Reader { bools, place, .. } = reader;
            if bools.has_ended() {
                return false;
            }
        }
        *partition = bools;
        true
    }
}

/// Reads blocks.
struct Reader<'a, 'b> {
    bools: Bools<'a>,
    /// Where they go, and where the next one does.
    blocks: &'b mut [Block],
    place: usize,
}

impl Reader<'_, '_> {
    #[inline(always)]
    fn macroblock(&mut self, tokens: &Tokens, steps: &Steps, is_split: bool, above: &mut Context, left: &mut Context) -> [Kind; SMALL] {
        let mut kinds = [Kind::Empty; SMALL];
        let mut means = None;
        if !is_split {
            let mut block = [0; 16];
            let count = coefficients(&mut self.bools, &tokens[1], above.means + left.means, steps.means, 0, &mut block);
            (above.means, left.means) = (u8::from(count > 0), u8::from(count > 0));
            means = Some(if count > 1 { spread(&block) } else { [i16::try_from((i32::from(block[0]) + 3) >> 3).unwrap_or(0); 16] });
        }
        let tokens_of_luma = &tokens[if is_split { 3 } else { 0 }];
        for (y, left) in left.luma.iter_mut().enumerate() {
            for (x, above) in above.luma.iter_mut().enumerate() {
                let at = 4 * y + x;
                kinds[at] = self.small(tokens_of_luma, steps.luma, means.map(|means| means[at]), above, left);
            }
        }
        for (first, above, left) in [(16, &mut above.blue, &mut left.blue), (20, &mut above.red, &mut left.red)] {
            for (y, left) in left.iter_mut().enumerate() {
                for (x, above) in above.iter_mut().enumerate() {
                    kinds[first + 2 * y + x] = self.small(&tokens[2], steps.chroma, None, above, left);
                }
            }
        }
        kinds
    }

    /// A small block; its first coefficient is the mean, if that is known already.
    #[inline(always)]
    fn small(&mut self, tokens: &[[[u8; 11]; 3]; 17], steps: [i32; 2], mean: Option<i16>, above: &mut u8, left: &mut u8) -> Kind {
        let Some(block) = self.blocks.get_mut(self.place) else { return Kind::Empty };
        *block = [0; 16];
        let first = usize::from(mean.is_some());
        block[0] = mean.unwrap_or(0);
        let count = coefficients(&mut self.bools, tokens, *above + *left, steps, first, block);
        (*above, *left) = (u8::from(count > first), u8::from(count > first));
        let kind = match count {
            2.. => Kind::Any,
            _ if block[0] != 0 => Kind::Mean,
            _ => Kind::Empty,
        };
        // The next one takes the place of one that is empty.
        self.place += usize::from(kind != Kind::Empty);
        kind
    }
}

/// Reads coefficients from position `first` on; the position behind the last one.
#[inline(always)]
fn coefficients(
    bools: &mut Bools<'_>,
    tokens: &[[[u8; 11]; 3]; 17],
    context: u8,
    steps: [i32; 2],
    first: usize,
    block: &mut Block,
) -> usize {
    let mut at = first;
    let mut branches = &tokens[at][usize::from(context)];
    while at < 16 {
        if !bools.bit(branches[0]) {
            return at;
        }
        while !bools.bit(branches[1]) {
            at += 1;
            if at == 16 {
                return 16;
            }
            branches = &tokens[at][0];
        }
        let (number, next) = if bools.bit(branches[2]) { (large(bools, branches), 2) } else { (1, 1) };
        #[expect(clippy::cast_possible_truncation, reason = "what is out of range is damaged, and is cut as others cut it")]
        let coefficient = (bools.signed(number) * steps[usize::from(at > 0)]) as i16;
        block[ZIGZAG[at]] = coefficient;
        at += 1;
        branches = &tokens[at][next];
    }
    16
}

/// A coefficient of 2 or more.
#[inline(always)]
fn large(bools: &mut Bools<'_>, branches: &[u8; 11]) -> i32 {
    if !bools.bit(branches[3]) {
        return if bools.bit(branches[4]) { 3 + i32::from(bools.bit(branches[5])) } else { 2 };
    }
    if !bools.bit(branches[6]) {
        return if bools.bit(branches[7]) {
            7 + 2 * i32::from(bools.bit(165)) + i32::from(bools.bit(145))
        } else {
            5 + i32::from(bools.bit(159))
        };
    }
    let (least, probabilities): (i32, &[u8]) = if bools.bit(branches[8]) {
        if bools.bit(branches[10]) {
            (67, &[254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129])
        } else {
            (35, &[180, 157, 141, 134, 130])
        }
    } else if bools.bit(branches[9]) {
        (19, &[176, 155, 140, 135])
    } else {
        (11, &[173, 148, 140])
    };
    least + probabilities.iter().fold(0, |number, &probability| 2 * number + i32::from(bools.bit(probability)))
}

/// The means of all small blocks, from the coefficients that they have together (14.3).
fn spread(block: &Block) -> Block {
    let block = block.map(i32::from);
    let mut down = [0; 16];
    for x in 0..4 {
        let (outer, inner) =
            ([block[x] + block[12 + x], block[x] - block[12 + x]], [block[4 + x] + block[8 + x], block[4 + x] - block[8 + x]]);
        (down[x], down[8 + x]) = (outer[0] + inner[0], outer[0] - inner[0]);
        (down[4 + x], down[12 + x]) = (outer[1] + inner[1], outer[1] - inner[1]);
    }
    let mut means = [0; 16];
    for (row, means) in down.chunks_exact(4).zip(means.chunks_exact_mut(4)) {
        let (outer, inner) = ([row[0] + 3 + row[3], row[0] + 3 - row[3]], [row[1] + row[2], row[1] - row[2]]);
        #[expect(clippy::cast_possible_truncation, reason = "what is out of range is damaged, and is cut as others cut it")]
        let sums = [outer[0] + inner[0], outer[1] + inner[1], outer[0] - inner[0], outer[1] - inner[1]].map(|sum| (sum >> 3) as i16);
        means.copy_from_slice(&sums);
    }
    means
}
