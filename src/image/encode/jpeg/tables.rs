//! Quantization tables and the zigzag order.

/// The place of each coefficient of the zigzag sequence in a block, row by row (T.81, figure A.6).
pub(super) const ZIGZAG: [u8; 64] = zigzag();

/// Luminance quantization table, T.81, table K.1.
pub(super) const LUMA: [u8; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, //
    12, 12, 14, 19, 26, 58, 60, 55, //
    14, 13, 16, 24, 40, 57, 69, 56, //
    14, 17, 22, 29, 51, 87, 80, 62, //
    18, 22, 37, 56, 68, 109, 103, 77, //
    24, 35, 55, 64, 81, 104, 113, 92, //
    49, 64, 78, 87, 103, 121, 120, 101, //
    72, 92, 95, 98, 112, 100, 103, 99,
];

/// Chrominance quantization table, T.81, table K.2.
pub(super) const CHROMA: [u8; 64] = [
    17, 18, 24, 47, 99, 99, 99, 99, //
    18, 21, 26, 66, 99, 99, 99, 99, //
    24, 26, 56, 99, 99, 99, 99, 99, //
    47, 66, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99,
];

/// A table for this quality, 1 to 100, on the scale that libjpeg and Pillow use; 0 counts as 1.
pub(super) fn scaled(table: &[u8; 64], quality: u8) -> [u8; 64] {
    let quality = u32::from(quality.clamp(1, 100));
    let percent = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
    table.map(|step| u8::try_from((u32::from(step) * percent + 50) / 100).unwrap_or(u8::MAX).max(1))
}

#[expect(clippy::cast_possible_truncation, reason = "positions in a block are less than 64")]
const fn zigzag() -> [u8; 64] {
    let mut order = [0; 64];
    let (mut x, mut y) = (0_usize, 0_usize);
    let mut index = 0;
    while index < 64 {
        order[index] = (y * 8 + x) as u8;
        let is_upward = (x + y).is_multiple_of(2);
        match (is_upward, x, y) {
            (true, 7, _) => y += 1,
            (true, _, 0) => x += 1,
            (true, _, _) => (x, y) = (x + 1, y - 1),
            (false, _, 7) => x += 1,
            (false, 0, _) => y += 1,
            (false, _, _) => (x, y) = (x - 1, y + 1),
        }
        index += 1;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zigzag_sequence_visits_every_coefficient_diagonally() {
        assert_eq!(ZIGZAG[..10], [0, 1, 8, 16, 9, 2, 3, 10, 17, 24]);
        assert_eq!(ZIGZAG[56..], [53, 60, 61, 54, 47, 55, 62, 63]);
        let mut seen = ZIGZAG;
        seen.sort_unstable();
        assert!(seen.iter().zip(0..).all(|(&found, expected)| found == expected));
    }

    #[test]
    fn tables_scale_with_quality_as_in_libjpeg() {
        assert_eq!(scaled(&LUMA, 50), LUMA);
        assert_eq!(scaled(&LUMA, 100), [1; 64]);
        assert_eq!(scaled(&LUMA, 90)[..8], [3, 2, 2, 3, 5, 8, 10, 12]);
        assert_eq!(scaled(&CHROMA, 10)[..4], [85, 90, 120, 235]);
        assert_eq!(scaled(&LUMA, 0), scaled(&LUMA, 1));
        assert_eq!(scaled(&LUMA, 1)[0], 255);
    }
}
