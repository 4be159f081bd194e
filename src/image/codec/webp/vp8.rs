//! Lossy pictures: VP8, as far as WebP uses it (RFC 6386).
//!
//! `header` says what everything else is read with: `modes` and `tokens` read rows of macroblocks by way of `bools`, `rebuild` makes samples of them, which
//! `predict` foresees and `transform` puts right, and `deblock` smooths. `stages` does that on one thread or two. Samples are those that libwebp makes (tested).

mod bools;
mod deblock;
mod header;
mod modes;
mod predict;
mod rebuild;
mod stages;
mod strips;
mod tables;
mod tokens;
mod transform;

use std::{num::NonZeroUsize, thread};

use self::{
    header::Header,
    stages::{Reading, Stages},
};
use super::{
    super::super::beside,
    super::{Attempt, ImageError, Planes, Size, Truncated, Warning},
    header::Lossy,
};

/// Hands an image of this size to `work` in planes. Its frame header is the only thing that makes it [`Attempt::Unsupported`].
pub(super) fn with_planes<T>(
    lossy: Lossy<'_>,
    size: Size,
    truncated: Truncated,
    threads: NonZeroUsize,
    work: impl FnOnce(&mut dyn Planes) -> Result<T, ImageError>,
) -> Attempt<(T, Vec<Warning>)> {
    let Some(header) = Header::parse(lossy.data).filter(|header| header.size == size) else { return Attempt::Unsupported };
    let stages = Stages::new(&header);
    let result = thread::scope(|scope| {
        let _end = End(&stages);
        let helpers = beside::spawn(scope, "cog-kit-webp", (threads > NonZeroUsize::MIN).then_some(|| stages.run()));
        let mut reading = Reading::new(&stages, helpers.is_empty(), truncated);
        let result = work(&mut reading)?;
        // Of a file that is cut short, rows below the part that is shown may be missing, which is reported all the same.
        if lossy.is_cut {
            reading.skip_rest()?;
        }
        Ok((result, reading.is_cut))
    });
    match result {
        Ok((result, is_cut)) => Attempt::Ready((result, if is_cut { vec![Warning::Truncated] } else { Vec::new() })),
        Err(failure) => Attempt::Failed(failure),
    }
}

/// Says that nobody wants more when it is dropped.
struct End<'a>(&'a Stages<'a>);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}
