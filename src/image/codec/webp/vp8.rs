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
use super::super::super::{Planes, Size, beside};

/// Hands a picture of this size to `work` in planes; none, and no call, if it is another or damaged.
pub(super) fn with_planes<T>(bytes: &[u8], size: Size, threads: NonZeroUsize, work: impl FnOnce(&mut dyn Planes) -> T) -> Option<T> {
    let header = Header::parse(bytes).filter(|header| header.size == size)?;
    let stages = Stages::new(&header);
    let result = thread::scope(|scope| {
        let _end = End(&stages);
        let helpers = beside::spawn(scope, "cog-kit-webp", (threads > NonZeroUsize::MIN).then_some(|| stages.run()));
        work(&mut Reading::new(&stages, helpers.is_empty()))
    });
    stages.is_whole().then_some(result)
}

/// Says that nobody wants more when it is dropped.
struct End<'a>(&'a Stages<'a>);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}
