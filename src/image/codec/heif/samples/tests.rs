use super::*;

/// A table of `entries`, behind `head`.
fn table(head: &[u32], entries: &[u32], width: usize) -> Vec<u8> {
    let count = u32::try_from(entries.len() / width).unwrap();
    head.iter().chain([&count]).chain(entries).flat_map(|number| number.to_be_bytes()).collect()
}

/// The places and durations in ms of all samples, or the error.
fn samples(timescale: u32, boxes: &[(&[u8; 4], Vec<u8>)]) -> Result<Vec<(u64, u64, u128)>, String> {
    let find = |kind: &[u8; 4]| boxes.iter().find(|(name, _)| *name == kind).map(|(_, content)| content.as_slice());
    let tables = Tables::read(timescale, 1000, find).map_err(|error| error.to_string())?;
    let mut samples = tables.samples();
    let mut found = Vec::new();
    while let Some((place, duration)) = samples.next().map_err(|error| error.to_string())? {
        found.push((place.start, place.end, duration.as_millis()));
    }
    Ok(found)
}

fn sizes(sizes: &[u32]) -> (&'static [u8; 4], Vec<u8>) {
    (b"stsz", table(&[0, 0], sizes, 1))
}

fn chunks(starts: &[u32]) -> (&'static [u8; 4], Vec<u8>) {
    (b"stco", table(&[0], starts, 1))
}

fn runs(entries: &[u32]) -> (&'static [u8; 4], Vec<u8>) {
    (b"stsc", table(&[0], entries, 3))
}

fn times(entries: &[u32]) -> (&'static [u8; 4], Vec<u8>) {
    (b"stts", table(&[0], entries, 2))
}

#[test]
fn samples_lie_in_their_chunks_one_behind_the_other() {
    let found = samples(
        90_000,
        &[
            sizes(&[10, 20, 30, 40, 50, 60]),
            chunks(&[100, 200, 300]),
            // Two in the first chunk, one in the second, and what is left in the third.
            runs(&[1, 2, 1, 2, 1, 1, 3, 9, 1]),
            // The fourth lasts 20 ms; behind the end of the table it goes on like that.
            times(&[3, 9000, 0, 5, 1, 1800]),
        ],
    );
    let expected = [(100, 110, 100), (110, 130, 100), (200, 230, 100), (300, 340, 20), (340, 390, 20), (390, 450, 20)];
    assert_eq!(found.unwrap(), expected);
}

#[test]
fn one_size_may_hold_for_all_samples_and_chunks_may_start_far_away() {
    let found = samples(
        3,
        &[
            (b"stsz", [0_u32, 7, 3].iter().flat_map(|number| number.to_be_bytes()).collect()),
            (b"co64", table(&[0], &[1, 2], 2)),
            runs(&[1, 3, 1]),
            times(&[3, 1]),
        ],
    );
    let start = (1 << 32) + 2;
    assert_eq!(found.unwrap(), [(start, start + 7, 333), (start + 7, start + 14, 333), (start + 14, start + 21, 333)]);
}

#[test]
fn tables_that_contradict_are_errors() {
    let good = [sizes(&[1, 1]), chunks(&[0]), runs(&[1, 2, 1]), times(&[2, 1])];
    assert_eq!(samples(1, &good).unwrap().len(), 2);
    let with = |changed: (&'static [u8; 4], Vec<u8>)| {
        let mut boxes = good.to_vec();
        boxes.retain(|(kind, _)| *kind != changed.0);
        boxes.push(changed);
        samples(1, &boxes).unwrap_err()
    };
    let cases = [
        (with(runs(&[1, 1, 1])), "sample 1 of 2 is in none of the chunks"),
        (with(runs(&[1, 0, 1])), "found chunk 0 without samples"),
        (with(runs(&[2, 2, 1])), "found no number of samples for the first chunk"),
        (with(runs(&[])), "found no number of samples for the first chunk"),
        (with(chunks(&[])), "sample 0 of 2 is in none of the chunks"),
        (with((b"stts", vec![0; 7])), "found a `stts` box of 7 bytes for 0 entries"),
        (with((b"stsz", table(&[0, 0, u32::MAX], &[], 1))), "found a `stsz` box of 16 bytes for 4294967295 entries"),
        (with((b"stsz", table(&[0, 1, 1001], &[], 1))), "found 1001 samples of 1 bytes, in a file of 1000 bytes"),
        (with((b"stsz", table(&[0, u32::MAX, u32::MAX], &[], 1))), "found 4294967295 samples of 4294967295 bytes, in a file of 1000 bytes"),
        (samples(0, &good).unwrap_err(), "found a timescale of 0, expected the units of time in a second"),
        (samples(1, &good[1..]).unwrap_err(), "the track has no `stsz` box"),
    ];
    for (found, expected) in cases {
        assert_eq!(found, format!("AVIF data is damaged: {expected}"));
    }
}
