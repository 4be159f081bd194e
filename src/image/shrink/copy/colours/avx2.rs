//! The same on vectors.

use std::arch::x86_64::__m256i;

use super::super::super::super::simd::{NullaryFnOnce, V3, cast};
use super::{BLUE_OF_BLUE, GREEN_OF_BLUE, GREEN_OF_RED, MIDDLE, RED_OF_RED, TILE};

/// See [`rgb`](super::rgb).
pub(super) struct Line<'a> {
    pub(super) simd: V3,
    pub(super) luma: &'a [[u8; TILE]],
    pub(super) blue: &'a [[i16; TILE]],
    pub(super) red: &'a [[i16; TILE]],
    pub(super) line: &'a mut [[u8; TILE * 3]],
}

// A struct and no closure, since it has to be inlined.
impl NullaryFnOnce for Line<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (((&luma, &blue), &red), tile) in self.luma.iter().zip(self.blue).zip(self.red).zip(self.line) {
            *tile = self::tile(self.simd, luma, blue, red);
        }
    }
}

#[inline(always)]
fn tile(s: V3, luma: [u8; TILE], blue: [i16; TILE], red: [i16; TILE]) -> [u8; TILE * 3] {
    let (luma, blue, red): ([_; 2], [_; 2], [_; 2]) = (cast(luma), cast(blue), cast(red));
    let (left, right) = (half(s, luma[0], blue[0], red[0]), half(s, luma[1], blue[1], red[1]));
    interleaved(s, packed(s, left[0], right[0]), packed(s, left[1], right[1]), packed(s, left[2], right[2]))
}

/// Red, green and blue of sixteen pixels.
#[inline(always)]
fn half(s: V3, luma: std::arch::x86_64::__m128i, blue: __m256i, red: __m256i) -> [__m256i; 3] {
    let luma = s.avx2._mm256_add_epi16(s.avx2._mm256_slli_epi16::<4>(s.avx2._mm256_cvtepu8_epi16(luma)), s.avx._mm256_set1_epi16(8));
    let (blue, red) = (centred(s, blue), centred(s, red));
    let green = s.avx2._mm256_add_epi16(part(s, blue, GREEN_OF_BLUE), part(s, red, GREEN_OF_RED));
    [sixteenth(s, luma, part(s, red, RED_OF_RED)), sixteenth(s, luma, green), sixteenth(s, luma, part(s, blue, BLUE_OF_BLUE))]
}

#[inline(always)]
fn centred(s: V3, chroma: __m256i) -> __m256i {
    s.avx2._mm256_slli_epi16::<3>(s.avx2._mm256_sub_epi16(chroma, s.avx._mm256_set1_epi16(MIDDLE)))
}

#[inline(always)]
fn part(s: V3, chroma: __m256i, weight: i16) -> __m256i {
    s.avx2._mm256_mulhrs_epi16(chroma, s.avx._mm256_set1_epi16(weight))
}

#[inline(always)]
fn sixteenth(s: V3, luma: __m256i, part: __m256i) -> __m256i {
    s.avx2._mm256_srai_epi16::<4>(s.avx2._mm256_add_epi16(luma, part))
}

/// Thirty-two samples in order, cut off to 0-255.
#[inline(always)]
fn packed(s: V3, left: __m256i, right: __m256i) -> __m256i {
    s.avx2._mm256_permute4x64_epi64::<0b11_01_10_00>(s.avx2._mm256_packus_epi16(left, right))
}

/// For each third of 16 pixels, where its bytes of a colour come from.
const fn places(third: usize, colour: usize) -> [[u8; 16]; 2] {
    let mut places = [0x80; 16];
    let mut at = 0;
    while at < 16 {
        let byte = third * 16 + at;
        if byte % 3 == colour {
            #[expect(clippy::cast_possible_truncation, reason = "less than 16")]
            let pixel = (byte / 3) as u8;
            places[at] = pixel;
        }
        at += 1;
    }
    [places, places]
}

const PLACES: [[[[u8; 16]; 2]; 3]; 3] =
    [[places(0, 0), places(0, 1), places(0, 2)], [places(1, 0), places(1, 1), places(1, 2)], [places(2, 0), places(2, 1), places(2, 2)]];

#[inline(always)]
fn interleaved(s: V3, red: __m256i, green: __m256i, blue: __m256i) -> [u8; TILE * 3] {
    let (a, b, c) = (third(s, 0, red, green, blue), third(s, 1, red, green, blue), third(s, 2, red, green, blue));
    // Each holds its third of the first sixteen pixels and of the others.
    cast([
        s.avx2._mm256_permute2x128_si256::<0x20>(a, b),
        s.avx2._mm256_permute2x128_si256::<0x30>(c, a),
        s.avx2._mm256_permute2x128_si256::<0x31>(b, c),
    ])
}

#[inline(always)]
fn third(s: V3, third: usize, red: __m256i, green: __m256i, blue: __m256i) -> __m256i {
    let of = PLACES[third];
    let (red, green) = (s.avx2._mm256_shuffle_epi8(red, cast(of[0])), s.avx2._mm256_shuffle_epi8(green, cast(of[1])));
    s.avx2._mm256_or_si256(s.avx2._mm256_or_si256(red, green), s.avx2._mm256_shuffle_epi8(blue, cast(of[2])))
}
