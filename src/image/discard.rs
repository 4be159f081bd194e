//! Decoding alone: the floor that a benchmark holds preparing against.

use super::{ImageError, Planes, Prepare, Source};

impl Prepare {
    /// Decodes the planes that [`apply`](Self::apply) would decode, at the same scale and on as many threads, a strip at a time into memory that is used again,
    /// and throws them away. False if the picture has none.
    ///
    /// # Errors
    /// Those of [`plan`](Self::plan).
    #[doc(hidden)]
    pub fn discard(&self, source: &Source<'_>) -> Result<bool, ImageError> {
        let (options, threads) = self.decoding(source, &self.plan(source.info().size())?);
        let discarded = source.planes(&options, threads, |planes: &mut dyn Planes| {
            let layouts = planes.layouts().to_vec();
            let mut strips: Vec<_> = layouts.iter().map(|layout| vec![0; layout.rows * layout.stride]).collect();
            let count = layouts.first().map_or(0, |layout| (layout.size.height as usize).div_ceil(layout.rows));
            for _ in 0..count {
                let mut targets: Vec<_> = strips.iter_mut().map(Vec::as_mut_slice).collect();
                planes.read(&mut targets)?;
            }
            Ok(())
        });
        Ok(discarded.is_some())
    }
}
