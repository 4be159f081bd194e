//! Transforms that were made before: most pictures carry one of a few profiles, and making a transform takes longer than decoding a small picture.

use std::sync::{Mutex, PoisonError};

use super::{Channels, ColourTransform, Colours, Unfit};

/// Transforms kept.
const ENTRIES: usize = 16;
/// Profiles larger than this are not kept; they are those of printing machines.
const MAX_BYTES: usize = 64 << 10;

struct Entry {
    colours: Colours<'static>,
    channels: Channels,
    transform: Result<Option<ColourTransform>, Unfit>,
}

/// The most recently used last.
static CACHE: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

/// What `make` returned for the same colours and channels, or returns now.
pub(super) fn remembered(
    colours: &Colours<'_>,
    channels: Channels,
    make: impl FnOnce() -> Result<Option<ColourTransform>, Unfit>,
) -> Result<Option<ColourTransform>, Unfit> {
    if matches!(colours, Colours::Icc(profile) if profile.len() > MAX_BYTES) {
        return make();
    }
    // A panic elsewhere cannot leave a half-made entry, so a poisoned lock is as good as any.
    let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(at) = cache.iter().position(|entry| entry.channels == channels && entry.colours == *colours) {
        let entry = cache.remove(at);
        let transform = entry.transform.clone();
        cache.push(entry);
        return transform;
    }
    drop(cache);
    let transform = make();
    let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if cache.len() >= ENTRIES {
        cache.remove(0);
    }
    cache.push(Entry { colours: colours.clone().into_owned(), channels, transform: transform.clone() });
    transform
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transform_is_made_once_and_the_oldest_is_forgotten() {
        let colours = |byte: u8| Colours::Icc(vec![byte; 3].into());
        let mut made = 0;
        for _ in 0..2 {
            let _ = remembered(&colours(200), Channels::Rgb, || {
                made += 1;
                Err(Unfit)
            });
        }
        assert_eq!(made, 1);
        for byte in 0..=u8::try_from(ENTRIES).unwrap() {
            let _ = remembered(&colours(byte), Channels::Rgb, || Ok(None));
        }
        let _ = remembered(&colours(200), Channels::Rgb, || {
            made += 1;
            Ok(None)
        });
        assert_eq!(made, 2);
    }
}
