//! The binary arithmetic decoder (ITU-T T.81 Annex D.2).

/// A bin whose odds are even and stay so.
pub(super) const EVEN: u8 = 113;

/// A decoder of binary decisions. A bin holds what is known of its decision: the more probable value in the highest bit, and the index of its estimate.
pub(super) struct QmDecoder<'a> {
    data: &'a [u8],
    at: usize,
    /// The code register: what is compared in the upper 16 bits of 32, and bits that wait below.
    code: u64,
    /// The size of the current interval.
    interval: u32,
    /// Bits that wait.
    waiting: u32,
    /// Bytes that were read beyond the end of the file.
    beyond: u32,
}

impl<'a> QmDecoder<'a> {
    /// Initdec, Figure D.22.
    pub(super) fn new(data: &'a [u8]) -> Self {
        let mut decoder = Self { data, at: 0, code: 0, interval: 0x1_0000, waiting: 0, beyond: 0 };
        for _ in 0..2 {
            decoder.read_byte();
            decoder.code <<= 8;
        }
        decoder
    }

    /// Bytes that were read.
    pub(super) const fn position(&self) -> usize {
        self.at
    }

    /// Whether all of the file was read, and more: one that ends with a marker has no such end.
    pub(super) const fn is_past_file(&self) -> bool {
        self.beyond > 3
    }

    /// The next decision, Figures D.16 to D.19.
    #[inline]
    pub(super) fn decide(&mut self, bin: &mut u8) -> bool {
        let (size, after_less, after_more, switches) = ESTIMATES[usize::from(*bin & 0x7f) % ESTIMATES.len()];
        let size = u32::from(size);
        let more_probable = *bin >> 7 != 0;
        self.interval -= size;
        let is_upper = self.code >> 16 >= u64::from(self.interval);
        let is_less = is_upper == (self.interval >= size);
        if is_upper {
            self.code -= u64::from(self.interval) << 16;
            self.interval = size;
        } else if self.interval >= 0x8000 {
            return more_probable;
        }
        let (next, switches) = if is_less { (after_less, switches) } else { (after_more, false) };
        *bin = (*bin & 0x80) ^ (u8::from(switches) << 7) | next;
        self.normalize();
        more_probable != is_less
    }

    /// Renorm_d, Figure D.20.
    fn normalize(&mut self) {
        while self.interval < 0x8000 {
            if self.waiting == 0 {
                self.read_byte();
                self.waiting = 8;
            }
            self.interval <<= 1;
            self.code <<= 1;
            self.waiting -= 1;
        }
    }

    /// Byte_in, Figure D.21: zeros in front of a marker and at the end.
    fn read_byte(&mut self) {
        let byte = match self.data.get(self.at) {
            Some(0xff) => match self.data.get(self.at + 1) {
                Some(0) => {
                    self.at += 2;
                    0xff
                }
                Some(0xff) => {
                    self.at += 1;
                    return self.read_byte_again();
                }
                Some(_) => 0,
                None => self.beyond(),
            },
            Some(&byte) => {
                self.at += 1;
                byte
            }
            None => self.beyond(),
        };
        self.code |= u64::from(byte) << 8;
    }

    /// Past fill bytes.
    fn read_byte_again(&mut self) {
        while self.data.get(self.at) == Some(&0xff) && self.data.get(self.at + 1) == Some(&0xff) {
            self.at += 1;
        }
        self.read_byte();
    }

    const fn beyond(&mut self) -> u8 {
        self.beyond = self.beyond.saturating_add(1);
        0
    }
}

/// Table D.3: the size of the less probable interval, the indices of the estimates behind a less and a more probable value, and whether the first
/// exchanges them. The last entry is not in the table: odds that are even and stay so.
const ESTIMATES: [(u16, u8, u8, bool); 114] = [
    (0x5a1d, 1, 1, true),
    (0x2586, 14, 2, false),
    (0x1114, 16, 3, false),
    (0x080b, 18, 4, false),
    (0x03d8, 20, 5, false),
    (0x01da, 23, 6, false),
    (0x00e5, 25, 7, false),
    (0x006f, 28, 8, false),
    (0x0036, 30, 9, false),
    (0x001a, 33, 10, false),
    (0x000d, 35, 11, false),
    (0x0006, 9, 12, false),
    (0x0003, 10, 13, false),
    (0x0001, 12, 13, false),
    (0x5a7f, 15, 15, true),
    (0x3f25, 36, 16, false),
    (0x2cf2, 38, 17, false),
    (0x207c, 39, 18, false),
    (0x17b9, 40, 19, false),
    (0x1182, 42, 20, false),
    (0x0cef, 43, 21, false),
    (0x09a1, 45, 22, false),
    (0x072f, 46, 23, false),
    (0x055c, 48, 24, false),
    (0x0406, 49, 25, false),
    (0x0303, 51, 26, false),
    (0x0240, 52, 27, false),
    (0x01b1, 54, 28, false),
    (0x0144, 56, 29, false),
    (0x00f5, 57, 30, false),
    (0x00b7, 59, 31, false),
    (0x008a, 60, 32, false),
    (0x0068, 62, 33, false),
    (0x004e, 63, 34, false),
    (0x003b, 32, 35, false),
    (0x002c, 33, 9, false),
    (0x5ae1, 37, 37, true),
    (0x484c, 64, 38, false),
    (0x3a0d, 65, 39, false),
    (0x2ef1, 67, 40, false),
    (0x261f, 68, 41, false),
    (0x1f33, 69, 42, false),
    (0x19a8, 70, 43, false),
    (0x1518, 72, 44, false),
    (0x1177, 73, 45, false),
    (0x0e74, 74, 46, false),
    (0x0bfb, 75, 47, false),
    (0x09f8, 77, 48, false),
    (0x0861, 78, 49, false),
    (0x0706, 79, 50, false),
    (0x05cd, 48, 51, false),
    (0x04de, 50, 52, false),
    (0x040f, 50, 53, false),
    (0x0363, 51, 54, false),
    (0x02d4, 52, 55, false),
    (0x025c, 53, 56, false),
    (0x01f8, 54, 57, false),
    (0x01a4, 55, 58, false),
    (0x0160, 56, 59, false),
    (0x0125, 57, 60, false),
    (0x00f6, 58, 61, false),
    (0x00cb, 59, 62, false),
    (0x00ab, 61, 63, false),
    (0x008f, 61, 32, false),
    (0x5b12, 65, 65, true),
    (0x4d04, 80, 66, false),
    (0x412c, 81, 67, false),
    (0x37d8, 82, 68, false),
    (0x2fe8, 83, 69, false),
    (0x293c, 84, 70, false),
    (0x2379, 86, 71, false),
    (0x1edf, 87, 72, false),
    (0x1aa9, 87, 73, false),
    (0x174e, 72, 74, false),
    (0x1424, 72, 75, false),
    (0x119c, 74, 76, false),
    (0x0f6b, 74, 77, false),
    (0x0d51, 75, 78, false),
    (0x0bb6, 77, 79, false),
    (0x0a40, 77, 48, false),
    (0x5832, 80, 81, true),
    (0x4d1c, 88, 82, false),
    (0x438e, 89, 83, false),
    (0x3bdd, 90, 84, false),
    (0x34ee, 91, 85, false),
    (0x2eae, 92, 86, false),
    (0x299a, 93, 87, false),
    (0x2516, 86, 71, false),
    (0x5570, 88, 89, true),
    (0x4ca9, 95, 90, false),
    (0x44d9, 96, 91, false),
    (0x3e22, 97, 92, false),
    (0x3824, 99, 93, false),
    (0x32b4, 99, 94, false),
    (0x2e17, 93, 86, false),
    (0x56a8, 95, 96, true),
    (0x4f46, 101, 97, false),
    (0x47e5, 102, 98, false),
    (0x41cf, 103, 99, false),
    (0x3c3d, 104, 100, false),
    (0x375e, 99, 93, false),
    (0x5231, 105, 102, false),
    (0x4c0f, 106, 103, false),
    (0x4639, 107, 104, false),
    (0x415e, 103, 99, false),
    (0x5627, 105, 106, true),
    (0x50e7, 108, 107, false),
    (0x4b85, 109, 103, false),
    (0x5597, 110, 109, false),
    (0x504f, 111, 107, false),
    (0x5a10, 110, 111, true),
    (0x5522, 112, 109, false),
    (0x59eb, 112, 111, true),
    (0x5a1d, 113, 113, false),
];
