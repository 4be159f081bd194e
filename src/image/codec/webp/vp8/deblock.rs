//! Edges between blocks are made smooth, unless they look like edges of the picture (RFC 6386, 15).

#[cfg(target_arch = "x86_64")]
mod vectors;

#[cfg(target_arch = "x86_64")]
use super::super::super::super::simd::V3;
use super::{
    header::{Filter, Strength},
    strips::Plane,
};

/// What is smoothed of a macroblock.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Edges {
    pub(super) strength: Strength,
    /// Whether edges inside it are.
    pub(super) has_inner: bool,
}

/// How one edge is smoothed.
#[derive(Debug, Clone, Copy)]
struct Edge {
    strength: Strength,
    /// Whether it lies between macroblocks, where a step may be larger, and more samples are changed.
    is_outer: bool,
    /// Whether no more than one sample on each side is changed, and no more than two are looked at.
    is_simple: bool,
}

impl Edges {
    /// Those between this macroblock and others, and those inside it.
    const fn both(&self, is_simple: bool) -> [Edge; 2] {
        let inner = Edge { strength: self.strength, is_outer: false, is_simple };
        [Edge { is_outer: true, ..inner }, inner]
    }
}

impl Edge {
    /// The step up to which it is smoothed.
    const fn most(&self) -> u8 {
        if self.is_outer { self.strength.edge + 4 } else { self.strength.edge }
    }
}

/// Smooths a row of macroblocks, and the lower end of the one above.
pub(super) fn row(planes: &mut [Plane; 3], row: usize, filter: Filter, edges: &[Edges]) {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = V3::try_new()
        && filter == Filter::Normal
    {
        return simd.vectorize(vectors::Row { simd, planes, row, edges });
    }
    match filter {
        Filter::None => {}
        Filter::Simple => each(&mut planes[..1], row, true, edges),
        Filter::Normal => each(planes, row, false, edges),
    }
}

/// Smooths macroblocks one by one.
fn each(planes: &mut [Plane], row: usize, is_simple: bool, edges: &[Edges]) {
    for (x, edges) in edges.iter().enumerate().filter(|(_, edges)| edges.strength.edge > 0) {
        let [outer, inner] = edges.both(is_simple);
        for plane in &mut *planes {
            let (top, left) = (row * plane.rows, x * plane.rows);
            let inside = if edges.has_inner { 4..plane.rows } else { 0..0 };
            if x > 0 {
                plane.smooth_across(top, left, outer);
            }
            for more in inside.clone().step_by(4) {
                plane.smooth_across(top, left + more, inner);
            }
            if row > 0 {
                plane.smooth_down(top, left, outer);
            }
            for more in inside.step_by(4) {
                plane.smooth_down(top + more, left, inner);
            }
        }
    }
}

impl Plane {
    /// Smooths an edge between columns, as long as a macroblock.
    fn smooth_across(&mut self, top: usize, left: usize, edge: Edge) {
        for row in top..top + self.rows {
            let start = self.row(row) + left - 4;
            if let Some(samples) = self.samples.get_mut(start..).and_then(|rest| rest.first_chunk_mut()) {
                *samples = smooth(*samples, edge);
            }
        }
    }

    /// Smooths an edge between rows, as long as a macroblock.
    fn smooth_down(&mut self, top: usize, left: usize, edge: Edge) {
        let rows: [usize; 8] = std::array::from_fn(|row| self.row(top + row - 4));
        for x in left..left + self.rows {
            let samples = rows.map(|row| self.samples.get(row + x).copied().unwrap_or(0));
            for (row, smooth) in rows.iter().zip(smooth(samples, edge)) {
                if let Some(sample) = self.samples.get_mut(row + x) {
                    *sample = smooth;
                }
            }
        }
    }
}

/// Four samples on each side of an edge, made smooth.
fn smooth(samples: [u8; 8], edge: Edge) -> [u8; 8] {
    let step = |a: usize, b: usize| samples[a].abs_diff(samples[b]);
    let is_edge = u16::from(step(3, 4)) * 2 + u16::from(step(2, 5)) / 2 > u16::from(edge.most());
    let is_rough = [(0, 1), (1, 2), (2, 3), (4, 5), (5, 6), (6, 7)].iter().any(|&(a, b)| step(a, b) > edge.strength.side);
    if is_edge || !edge.is_simple && is_rough {
        return samples;
    }
    let sample = |at: usize| i16::from(samples[at]);
    let has_detail = edge.is_simple || step(2, 3) > edge.strength.detail || step(4, 5) > edge.strength.detail;
    let inner = 3 * (sample(4) - sample(3));
    let outer = cut(sample(2) - sample(5));
    if edge.is_outer && !has_detail {
        let change = cut(inner + outer);
        let [small, medium, large] = [9, 18, 27].map(|share| (share * change + 63) >> 7);
        return with(samples, [small, medium, large, -large, -medium, -small]);
    }
    let change = cut(inner + if has_detail { outer } else { 0 });
    let (up, down) = (cut(change + 4) >> 3, cut(change + 3) >> 3);
    let more = if has_detail { 0 } else { (up + 1) >> 1 };
    with(samples, [0, more, down, -up, -more, 0])
}

/// Changes the six samples at an edge.
fn with(mut samples: [u8; 8], changes: [i16; 6]) -> [u8; 8] {
    for (sample, change) in samples[1..].iter_mut().zip(changes) {
        *sample = u8::try_from((i16::from(*sample) + change).clamp(0, 255)).unwrap_or(255);
    }
    samples
}

/// Cut off to eight bits and a sign.
fn cut(value: i16) -> i16 {
    value.clamp(-128, 127)
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::super::strips::STRIPS;
    use super::*;

    #[test]
    fn vectors_smooth_the_same_samples() {
        let Some(simd) = V3::try_new() else { return eprintln!("skipped: this processor has no AVX2") };
        let mut noise = 1_u32;
        let mut next = move |below: u32| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (noise >> 16) % below
        };
        for count in [1, 2, 7] {
            let mut planes = || {
                [16, 8, 8].map(|rows| {
                    let mut plane = Plane::new(count, rows);
                    // Steps of all sizes, most of them small.
                    let (mut level, roughness) = (128_i32, next(40) + 2);
                    plane.samples.fill_with(|| {
                        level = (level + next(roughness).cast_signed() - (roughness / 2).cast_signed()).clamp(0, 255);
                        if next(40) == 0 {
                            level = next(256).cast_signed()
                        }
                        level as u8
                    });
                    plane
                })
            };
            let (mut ours, mut theirs) = (planes(), [16, 8, 8].map(|rows| Plane::new(count, rows)));
            for (ours, theirs) in ours.iter().zip(&mut theirs) {
                theirs.samples.clone_from(&ours.samples);
            }
            let mut edges = vec![Edges::default(); count];
            for row in 0..2 * STRIPS {
                for edges in &mut edges {
                    let level = (row * 7 % 64) as u8;
                    let strength = Strength { edge: level * 3, side: level.max(1), detail: level % 3 };
                    *edges = Edges { strength, has_inner: row % 3 > 0 };
                }
                edges[0].has_inner = row % 2 == 0;
                simd.vectorize(vectors::Row { simd, planes: &mut ours, row, edges: &edges });
                each(&mut theirs, row, false, &edges);
                for (plane, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
                    assert!(ours.samples == theirs.samples, "{count} macroblocks, row {row}, plane {plane}");
                }
            }
        }
    }
}
