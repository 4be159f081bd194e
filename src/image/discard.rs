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
        Ok(discarded.is_some_and(|outcome| outcome.is_ok()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Channels, Encode, Limits, Pixels, Size};
    use super::*;

    #[test]
    fn planes_are_discarded_where_there_are_any() {
        let pixels = Pixels::new(Size::new(200, 100), Channels::Rgb, vec![90; 60_000]).unwrap();
        for (encode, has_planes) in [(Encode::jpeg(90), true), (Encode::png(), false)] {
            let file = encode.to_vec(&pixels).unwrap();
            let discarded = |file: &[u8]| Prepare::new().max_side(60).discard(&Source::new(file, &Limits::default()).unwrap()).unwrap();
            assert_eq!(discarded(&file), has_planes);
            assert!(!discarded(&file[..file.len() * 2 / 3]), "what is cut short is not decoded to its end");
        }
    }
}
