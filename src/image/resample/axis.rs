//! One direction of the work, in numbers.

/// One direction of the work: `length` pixels from `start` on become `output` pixels.
pub(super) struct Axis {
    /// Where the work starts, in source pixels.
    pub(super) start: f64,
    length: f64,
    output: u32,
    source: u32,
    /// Source pixels for one of the result.
    scale: f64,
    /// Source pixels that the kernel reaches to either side.
    radius: f64,
}

impl Axis {
    /// `support` is the kernel's radius in source pixels where nothing is shrunk.
    pub(super) fn new(start: f64, length: f64, output: u32, source: u32, support: f64) -> Self {
        let scale = length / f64::from(output);
        Self { start, length, output, source, scale, radius: support * scale.max(1.0) }
    }

    /// Whether pixels are taken as they are.
    pub(super) fn is_identity(&self) -> bool {
        self.length == f64::from(self.output) && self.start.fract() == 0.0
    }

    /// The source pixel that pixel `output` of the result is, if pixels are taken as they are.
    pub(super) fn first_source(&self, output: u32) -> u32 {
        whole(self.start) + output
    }

    /// The source pixels that pixels `from..to` of the result depend on, and one more where rounding could ask for it.
    pub(super) fn reach(&self, from: u32, to: u32) -> (u32, u32) {
        let first = self.start + (f64::from(from) + 0.5) * self.scale - self.radius;
        let last = self.start + (f64::from(to) - 0.5) * self.scale + self.radius;
        (whole(first.floor() - 1.0), whole(last.ceil() + 1.0).min(self.source))
    }

    /// Where pixels `from..from + count` of the result come from, in a window of `held` source pixels that starts at `first`: start and length.
    pub(super) fn part(&self, from: u32, count: u32, first: u32, held: u32) -> (f64, f64) {
        let end = f64::from(held);
        let start = (self.start + f64::from(from) * self.scale - f64::from(first)).max(0.0);
        let mut length = f64::from(count) * self.scale;
        while start + length > end {
            length = (end - start).min(length.next_down());
        }
        (start, length)
    }

    /// How many pixels of the result come from about `rows` source pixels.
    pub(super) fn outputs_in(&self, rows: u32) -> u32 {
        whole(f64::from(rows) / self.scale - 2.0 * self.radius / self.scale)
    }

    /// The source pixel nearest to the middle of pixel `output` of the result; the right or lower one of two.
    pub(super) fn nearest(&self, output: u32) -> u32 {
        // One product and one quotient: middles that lie between two pixels are found there exactly.
        let middle = self.start + (2.0 * f64::from(output) + 1.0) * self.length / (2.0 * f64::from(self.output));
        whole(middle).min(self.source.saturating_sub(1))
    }
}

/// A position in whole pixels; 0 if it lies outside the picture.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates, which is what is wanted")]
const fn whole(position: f64) -> u32 {
    position as u32
}
