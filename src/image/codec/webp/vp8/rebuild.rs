//! Rows of macroblocks become samples, and the edges between them smooth.

#[cfg(target_arch = "x86_64")]
use super::super::super::super::simd::V3;
use super::{
    deblock,
    header::{Filter, Header, Strength},
    modes::Mode,
    predict,
    strips::Plane,
    tokens::{Block, Kind, Row, SMALL},
    transform::{Plain, Transform, add},
};

/// What there is where nothing is above, and to the left.
const NONE_ABOVE: u8 = 127;
const NONE_LEFT: u8 = 129;

/// Makes samples row by row.
pub(super) struct Rebuild {
    pub(super) planes: [Plane; 3],
    /// The last row of what was made, before it was smoothed.
    above: [Vec<u8>; 3],
    filter: Filter,
    strengths: [[Strength; 2]; 4],
    /// What is smoothed of each macroblock of a row.
    edges: Vec<deblock::Edges>,
    /// The number of the next row.
    row: usize,
}

impl Rebuild {
    pub(super) fn new(header: &Header<'_>) -> Self {
        let across = header.size.width.div_ceil(16) as usize;
        Self {
            planes: [16, 8, 8].map(|rows| Plane::new(across, rows)),
            above: [16, 8, 8].map(|side| vec![NONE_ABOVE; across * side]),
            filter: header.filter,
            strengths: header.strengths,
            edges: vec![deblock::Edges::default(); across],
            row: 0,
        }
    }

    /// Makes the samples of the next row of macroblocks. The strip above it is done then, and its own too if it is the last one.
    pub(super) fn row(&mut self, row: &Row) {
        #[cfg(target_arch = "x86_64")]
        match V3::try_new() {
            Some(simd) => simd.vectorize(
                #[inline(always)]
                || self.macroblocks(row, simd),
            ),
            None => self.macroblocks(row, Plain),
        }
        #[cfg(not(target_arch = "x86_64"))]
        self.macroblocks(row, Plain);
        deblock::row(&mut self.planes, self.row, self.filter, &self.edges);
        self.row += 1;
    }

    #[inline(always)]
    fn macroblocks(&mut self, row: &Row, transform: impl Transform) {
        let mut blocks = row.blocks.iter();
        let (mut luma, mut blue, mut red) = (Area::<16>::new(self.row), Area::<8>::new(self.row), Area::<8>::new(self.row));
        let [above, above_blue, above_red] = &mut self.above;
        let [luma_plane, blue_plane, red_plane] = &mut self.planes;
        for (x, ((macroblock, kinds), edges)) in row.macroblocks.iter().zip(&row.kinds).zip(&mut self.edges).enumerate() {
            let strength = self.strengths[usize::from(macroblock.segment & 3)][usize::from(macroblock.is_split)];
            *edges = deblock::Edges { strength, has_inner: macroblock.is_split || *kinds != [Kind::Empty; SMALL] };
            let place = Place { x, has_above: self.row > 0 };
            luma.enter(above, place);
            if macroblock.is_split {
                luma.see_right(above, place);
                luma.split(transform, &macroblock.luma, kinds, &mut blocks);
            } else {
                luma.predict(macroblock.luma[0], place);
                luma.add(transform, &kinds[..16], &mut blocks);
            }
            luma.leave(above, luma_plane, self.row, x);
            blue.enter(above_blue, place);
            blue.predict(macroblock.chroma, place);
            blue.add(transform, &kinds[16..20], &mut blocks);
            blue.leave(above_blue, blue_plane, self.row, x);
            red.enter(above_red, place);
            red.predict(macroblock.chroma, place);
            red.add(transform, &kinds[20..], &mut blocks);
            red.leave(above_red, red_plane, self.row, x);
        }
    }
}

/// Where a macroblock is.
#[derive(Clone, Copy)]
struct Place {
    x: usize,
    has_above: bool,
}

/// A block of `SIDE` samples a side, with what is above it, and to the left, and above to the right.
struct Area<const SIDE: usize> {
    lines: [[u8; 32]; 17],
}

/// The column of an area that its block begins at.
const LEFT: usize = 8;

impl<const SIDE: usize> Area<SIDE> {
    fn new(row: usize) -> Self {
        let mut lines = [[NONE_LEFT; 32]; 17];
        lines[0] = [NONE_ABOVE; 32];
        if row > 0 {
            lines[0][LEFT - 1] = NONE_LEFT;
        }
        Self { lines }
    }

    /// Moves on to the next block: what was on the right is on the left now.
    #[inline(always)]
    fn enter(&mut self, above: &[u8], place: Place) {
        if place.x > 0 {
            for line in self.lines.iter_mut().take(SIDE + 1) {
                line[LEFT - 1] = line[LEFT + SIDE - 1];
            }
        }
        if let Some(above) = above.get(SIDE * place.x..).and_then(|rest| rest.first_chunk::<SIDE>()) {
            self.lines[0][LEFT..LEFT + SIDE].copy_from_slice(above);
        }
    }

    /// Hands the block on.
    #[inline(always)]
    fn leave(&self, above: &mut [u8], plane: &mut Plane, strip: usize, x: usize) {
        let row = |line: &[u8; 32]| std::array::from_fn::<u8, SIDE, _>(|x| line[LEFT + x]);
        if let Some(above) = above.get_mut(SIDE * x..).and_then(|rest| rest.first_chunk_mut()) {
            *above = row(&self.lines[SIDE]);
        }
        plane.put(strip, SIDE * x, self.lines[1..=SIDE].iter().map(row));
    }

    /// Predicts all of it.
    #[inline(always)]
    fn predict(&mut self, mode: Mode, place: Place) {
        let above = std::array::from_fn(|x| self.lines[0][LEFT + x]);
        let left = std::array::from_fn(|y| self.lines[y + 1][LEFT - 1]);
        let rows = predict::large::<SIDE>(mode, self.lines[0][LEFT - 1], above, left, place.has_above, place.x > 0);
        for (line, row) in self.lines[1..].iter_mut().zip(rows) {
            line[LEFT..LEFT + SIDE].copy_from_slice(&row);
        }
    }

    /// Adds the coefficients of all of it.
    #[inline(always)]
    fn add<'b>(&mut self, transform: impl Transform, kinds: &[Kind], blocks: &mut impl Iterator<Item = &'b Block>) {
        for (lines, kinds) in self.lines[1..].chunks_exact_mut(4).zip(kinds.chunks_exact(SIDE / 4)) {
            for (&kind, left) in kinds.iter().zip((LEFT..).step_by(4)) {
                if kind != Kind::Empty
                    && let Some(block) = blocks.next()
                {
                    let samples =
                        [small_row(&lines[0], left), small_row(&lines[1], left), small_row(&lines[2], left), small_row(&lines[3], left)];
                    for (line, row) in lines.iter_mut().zip(add(transform, samples, kind, block)) {
                        line[left..left + 4].copy_from_slice(&row);
                    }
                }
            }
        }
    }
}

impl Area<16> {
    /// Takes what is above to the right, which holds for all four small blocks at the right edge.
    #[inline(always)]
    fn see_right(&mut self, above: &[u8], place: Place) {
        const RIGHT: usize = LEFT + 16;
        let samples = match above.get(16 * (place.x + 1)..).and_then(|rest| rest.first_chunk::<4>()) {
            _ if !place.has_above => [NONE_ABOVE; 4],
            Some(&samples) => samples,
            None => [self.lines[0][RIGHT - 1]; 4],
        };
        for line in self.lines.iter_mut().step_by(4) {
            line[RIGHT..RIGHT + 4].copy_from_slice(&samples);
        }
    }

    /// Predicts small blocks one by one, and adds their coefficients.
    #[inline(always)]
    fn split<'b>(
        &mut self,
        transform: impl Transform,
        modes: &[Mode; 16],
        kinds: &[Kind; SMALL],
        blocks: &mut impl Iterator<Item = &'b Block>,
    ) {
        const NONE: Block = [0; 16];
        for (y, (modes, kinds)) in (0..).step_by(4).zip(modes.chunks_exact(4).zip(kinds.chunks_exact(4))) {
            let Some(lines) = self.lines.get_mut(y..).and_then(|rest| rest.first_chunk_mut::<5>()) else { continue };
            for ((&mode, &kind), left) in modes.iter().zip(kinds).zip((LEFT..).step_by(4)) {
                let block = if kind == Kind::Empty { &NONE } else { blocks.next().unwrap_or(&NONE) };
                let [a, b, c, d] = small_row(&lines[0], left);
                let [e, f, g, h] = small_row(&lines[0], left + 4);
                let [i, j, k, l] = [lines[1][left - 1], lines[2][left - 1], lines[3][left - 1], lines[4][left - 1]];
                let edge = [l, k, j, i, lines[0][left - 1], a, b, c, d, e, f, g, h];
                let samples = add(transform, predict::small(mode, &edge), kind, block);
                for (line, row) in lines[1..].iter_mut().zip(samples) {
                    line[left..left + 4].copy_from_slice(&row);
                }
            }
        }
    }
}

/// Four samples of a line.
#[inline(always)]
fn small_row(line: &[u8; 32], left: usize) -> [u8; 4] {
    line.get(left..).and_then(|rest| rest.first_chunk()).copied().unwrap_or_default()
}
