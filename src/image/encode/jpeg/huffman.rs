//! Huffman tables made for the symbols of one image (T.81, annex C and clause K.2).

/// The longest code, in bits.
const LONGEST: usize = 16;

/// Codes for symbols of 8 bits.
pub(super) struct HuffmanTable {
    /// How many codes have 1 to 16 bits: BITS.
    lengths: [u8; LONGEST],
    /// The symbols, shortest code first: HUFFVAL.
    symbols: Vec<u8>,
}

/// A code word: its bits, and how many they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) bits: u16,
    pub(super) length: u8,
}

impl HuffmanTable {
    /// The shortest codes for symbols that are this frequent; none for those that are not there.
    pub(super) fn new(counts: &[u32; 256]) -> Self {
        let mut present: Vec<(u32, u8)> =
            counts.iter().zip(0..=u8::MAX).filter(|&(&count, _)| count > 0).map(|(&count, symbol)| (count, symbol)).collect();
        // The most frequent first; among equals, the smaller symbol.
        present.sort_by_key(|&(count, symbol)| (std::cmp::Reverse(count), symbol));
        // One more, the rarest, takes the code of ones alone, which is reserved.
        let weights: Vec<u64> = present.iter().map(|&(count, _)| u64::from(count)).chain([0]).rev().collect();
        let mut lengths = limited(&depths(&weights));
        if let Some(longest) = lengths.iter_mut().rfind(|count| **count > 0) {
            *longest -= 1;
        }
        Self {
            lengths: lengths.map(|count| u8::try_from(count).unwrap_or(u8::MAX)),
            symbols: present.into_iter().map(|(_, symbol)| symbol).collect(),
        }
    }

    /// The table as a DHT segment has it.
    pub(super) fn write(&self, data: &mut Vec<u8>) {
        data.extend(self.lengths);
        data.extend(&self.symbols);
    }

    /// The code of each symbol, T.81, C.2.
    pub(super) fn codes(&self) -> [Code; 256] {
        let mut codes = [Code::default(); 256];
        let mut symbols = self.symbols.iter();
        let mut next = 0_u32;
        for (length, &count) in (1..).zip(&self.lengths) {
            for &symbol in symbols.by_ref().take(usize::from(count)) {
                codes[usize::from(symbol)] = Code { bits: u16::try_from(next).unwrap_or(u16::MAX), length };
                next += 1;
            }
            next <<= 1;
        }
        codes
    }
}

/// The depth of each leaf of a Huffman tree; weights come in ascending order.
fn depths(weights: &[u64]) -> Vec<usize> {
    let leaves = weights.len();
    // Nodes: leaves first, then those above them in the order in which they are made, which is ascending as well.
    let mut nodes = weights.to_vec();
    let mut parents = vec![0; leaves];
    let (mut leaf, mut inner) = (0, leaves);
    while nodes.len() + 1 < 2 * leaves {
        let parent = nodes.len();
        let mut weight = 0;
        for _ in 0..2 {
            let is_leaf = leaf < leaves && (inner >= nodes.len() || nodes[leaf] <= nodes[inner]);
            let taken = if is_leaf { &mut leaf } else { &mut inner };
            weight += nodes[*taken];
            parents[*taken] = parent;
            *taken += 1;
        }
        nodes.push(weight);
        parents.push(0);
    }
    let mut depths = vec![0; nodes.len()];
    for node in (0..nodes.len().saturating_sub(1)).rev() {
        depths[node] = depths[parents[node]] + 1;
    }
    // A tree of one leaf has no depth, a code has at least one bit.
    depths.truncate(leaves);
    depths.into_iter().map(|depth: usize| depth.max(1)).collect()
}

/// How many codes have each length, none above 16 bits: procedure Adjust_BITS of T.81, figure K.3.
fn limited(depths: &[usize]) -> [usize; LONGEST] {
    let deepest = depths.iter().copied().max().unwrap_or(0).max(LONGEST);
    let mut counts = vec![0_usize; deepest + 1];
    for &depth in depths {
        counts[depth] += 1;
    }
    for length in (LONGEST + 1..=deepest).rev() {
        while counts[length] > 0 {
            // Two siblings leave: one takes the place of their parent, the other becomes the sibling of a shorter code.
            let Some(shorter) = (1..length - 1).rev().find(|&shorter| counts[shorter] > 0) else { break };
            counts[length] -= 2;
            counts[length - 1] += 1;
            counts[shorter + 1] += 2;
            counts[shorter] -= 1;
        }
    }
    std::array::from_fn(|index| counts[index + 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// That codes exist for what was counted, that none is the beginning of another, and that none has ones alone.
    fn check(counts: &[u32; 256]) -> [Code; 256] {
        let table = HuffmanTable::new(counts);
        let codes = table.codes();
        let mut taken = 0_u64;
        for (code, &count) in codes.iter().zip(counts) {
            assert_eq!(code.length > 0, count > 0);
            if code.length > 0 {
                assert!(code.length <= 16);
                assert_ne!(u32::from(code.bits), (1 << code.length) - 1, "ones alone");
                taken += 1 << (16 - code.length);
            }
        }
        assert!(taken < 1 << 16, "Kraft's inequality, with one code left");
        let mut all: Vec<_> = codes.iter().filter(|code| code.length > 0).map(|code| u32::from(code.bits) << (16 - code.length)).collect();
        all.sort_unstable();
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
        codes
    }

    #[test]
    fn frequent_symbols_have_short_codes() {
        let mut counts = [0; 256];
        for (symbol, count) in [(0, 50), (1, 25), (2, 12), (3, 6), (4, 3)] {
            counts[symbol] = count;
        }
        assert_eq!(check(&counts)[..5].iter().map(|code| code.length).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn no_code_is_longer_than_16_bits() {
        // Fibonacci's numbers make the deepest trees.
        let mut counts = [0; 256];
        let (mut a, mut b) = (1_u32, 1_u32);
        for count in counts.iter_mut().take(40) {
            *count = a;
            (a, b) = (b, a + b);
        }
        check(&counts);
        check(&[1; 256]);
        check(&std::array::from_fn(|symbol| 1 << (symbol % 32)));
    }

    #[test]
    fn few_symbols_do_as_well() {
        check(&[0; 256]);
        for symbol in [0, 7, 255] {
            let mut counts = [0; 256];
            counts[symbol] = 3;
            assert_eq!(check(&counts)[symbol].length, 1);
        }
    }
}
