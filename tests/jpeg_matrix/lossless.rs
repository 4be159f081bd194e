//! Lossless JPEG, written with every predictor: what comes out is what went in.

use cog_kit::image::{Limits, Source, Truncated};

const SIZE: (usize, usize) = (37, 23);

/// How samples are predicted: the predictor of ITU-T T.81 Table H.1, the lowest bits that are left out, and rows in a restart interval (none if 0).
#[derive(Debug, Clone, Copy)]
struct Form {
    predictor: u8,
    shift: u8,
    rows: usize,
}

/// Samples without order, so that no prediction is right by chance.
fn sample(component: usize, x: usize, y: usize) -> i32 {
    let mixed = (x * 31 + y * 57 + component * 101 + x * y * 7) % 256;
    i32::try_from(if (x / 5 + y / 3).is_multiple_of(2) { mixed } else { (x * 6 + y) % 256 }).unwrap()
}

fn write(components: usize, form: Form) -> Vec<u8> {
    let [width, height] = [SIZE.0, SIZE.1].map(|side| u8::try_from(side).unwrap());
    let mut file = b"\xff\xd8".to_vec();
    let count = u8::try_from(components).unwrap();
    file.extend([0xff, 0xc3, 0, 8 + 3 * count, 8, 0, height, 0, width, count]);
    (0..count).for_each(|id| file.extend([id, 0x11, 0]));
    // Seventeen codes of five bits.
    file.extend([0xff, 0xc4, 0, 36, 0, 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend(0..17);
    if form.rows > 0 {
        file.extend([0xff, 0xdd, 0, 4, 0, u8::try_from(form.rows * SIZE.0).unwrap()]);
    }
    file.extend([0xff, 0xda, 0, 6 + 2 * count, count]);
    (0..count).for_each(|id| file.extend([id, 0]));
    file.extend([form.predictor, 0, form.shift]);
    let rows: Vec<usize> = (0..SIZE.1).collect();
    for (number, rows) in rows.chunks(if form.rows == 0 { SIZE.1 } else { form.rows }).enumerate() {
        if number > 0 {
            file.extend([0xff, 0xd0 + u8::try_from((number - 1) % 8).unwrap()]);
        }
        let mut bits = String::new();
        for &y in rows {
            for (x, component) in (0..SIZE.0).flat_map(|x| (0..components).map(move |component| (x, component))) {
                let at = |x, y| sample(component, x, y) >> form.shift;
                let predicted = match (x, y == rows[0]) {
                    (0, true) => 128 >> form.shift,
                    (_, true) => at(x - 1, y),
                    (0, false) => at(x, y - 1),
                    _ => predicted(form.predictor, at(x - 1, y), at(x, y - 1), at(x - 1, y - 1)),
                };
                let difference = at(x, y) - predicted;
                let size = 32 - difference.unsigned_abs().leading_zeros();
                bits += &format!("{size:05b}");
                if size > 0 {
                    let number = if difference < 0 { difference + (1 << size) - 1 } else { difference };
                    bits += &format!("{number:0width$b}", width = usize::try_from(size).unwrap());
                }
            }
        }
        bits += &"1".repeat((8 - bits.len() % 8) % 8);
        for byte in bits.as_bytes().chunks(8) {
            file.push(byte.iter().fold(0, |byte, bit| byte << 1 | (bit - b'0')));
            if file.last() == Some(&0xff) {
                file.push(0);
            }
        }
    }
    file.extend(b"\xff\xd9");
    file
}

fn predicted(predictor: u8, a: i32, b: i32, c: i32) -> i32 {
    match predictor {
        1 => a,
        2 => b,
        3 => c,
        4 => a + b - c,
        5 => a + (b - c).div_euclid(2),
        6 => b + (a - c).div_euclid(2),
        _ => (a + b) / 2,
    }
}

#[test]
fn lossless_images_come_out_as_they_went_in_by_every_predictor() {
    for components in [1, 3] {
        for predictor in 1..=7 {
            for (shift, rows) in [(0, 0), (0, 1), (0, 5), (2, 0), (3, 6)] {
                let form = Form { predictor, shift, rows };
                let file = write(components, form);
                let source = Source::new(&file[..], &Limits::default()).unwrap();
                let stored = source.to_pixels(Truncated::Refuse).unwrap_or_else(|error| panic!("{form:?}: {error}"));
                assert!(stored.warnings.is_empty(), "{form:?}");
                for (at, pixel) in stored.pixels.as_bytes().chunks(components).enumerate() {
                    for (component, &found) in pixel.iter().enumerate() {
                        let expected = sample(component, at % SIZE.0, at / SIZE.0) >> shift << shift;
                        assert_eq!(i32::from(found), expected, "{components} components, {form:?}, sample {at}");
                    }
                }
            }
        }
    }
}
