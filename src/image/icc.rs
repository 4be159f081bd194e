//! What a colour profile says of itself, read without trusting it, and the repair of faults that other programs read past.

use super::bytes::{len_be, slice, u16_be};

/// A profile larger than this is not read: the largest in use, for print, have 3 MB.
pub(super) const MAX_BYTES: usize = 4 << 20;

const TAGS: usize = 128;
const TAG: usize = 12;
/// Tags that are looked at in search of the description.
const MAX_TAGS: usize = 100;

/// The tags that lead from samples to the connection space of a profile (ICC.1:2022, section 8).
pub(super) const CONVERSION: &[&[u8; 4]] =
    &[b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"A2B0", b"A2B1", b"A2B2", b"wtpt", b"chad", b"cicp"];
/// Those of them that no conversion can do without.
pub(super) const ESSENTIAL: &[&[u8; 4]] = &[b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"A2B0"];

/// The type of XYZ tags in profiles of Corbis, which are otherwise in order; Little CMS reads it too.
const CORBIS_XYZ: [u8; 4] = [0x17, 0xa5, 0x05, 0xb8];

/// A profile with `tags` alone, so that faults in others (names, notices, tables for the way back) do not matter, and with the types of tags that are
/// known to be misspelled put right.
pub(super) fn with_tags_only(profile: &[u8], tags: &[&[u8; 4]]) -> Vec<u8> {
    let mut repaired = profile.to_vec();
    let count = len_be(profile, TAGS).unwrap_or(0).min(MAX_TAGS);
    for at in (0..count).map(|index| TAGS + 4 + index * TAG) {
        let (Some(name), Some(start)) = (slice(profile, at, 4), len_be(profile, at + 4)) else { break };
        if !tags.iter().any(|tag| name == *tag) {
            if let Some(name) = repaired.get_mut(at..at + 4) {
                name.fill(0);
            }
        } else if slice(profile, start, 4) == Some(&CORBIS_XYZ)
            && let Some(kind) = repaired.get_mut(start..start + 4)
        {
            kind.copy_from_slice(b"XYZ ");
        }
    }
    repaired
}

/// The name of a profile, such as `Display P3`; empty if it cannot be read.
pub(super) fn name(profile: &[u8]) -> String {
    description(profile).unwrap_or_default()
}

fn description(profile: &[u8]) -> Option<String> {
    let count = len_be(profile, TAGS)?.min(MAX_TAGS);
    let at = (0..count).map(|index| TAGS + 4 + index * TAG).find(|&at| slice(profile, at, 4) == Some(b"desc"))?;
    let tag = slice(profile, len_be(profile, at + 4)?, len_be(profile, at + 8)?)?;
    let text = match tag.get(..4)? {
        b"desc" => {
            let text = slice(tag, 12, len_be(tag, 8)?)?;
            text.iter().map(|&byte| char::from(byte)).collect::<String>()
        }
        b"mluc" => {
            // The first language is as good as any: the record's length and place are its third and fourth fields.
            let text = slice(tag, len_be(tag, 24)?, len_be(tag, 20)?)?;
            let units: Vec<u16> = (0..text.len() / 2).filter_map(|index| u16_be(text, index * 2)).collect();
            String::from_utf16_lossy(&units)
        }
        _ => return None,
    };
    Some(text.chars().filter(|c| !c.is_control()).take(80).collect::<String>().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(tag: &[u8]) -> Vec<u8> {
        let mut data = vec![0; TAGS];
        data.extend(1u32.to_be_bytes());
        data.extend(b"desc");
        data.extend(144u32.to_be_bytes());
        data.extend(u32::try_from(tag.len()).unwrap().to_be_bytes());
        data.extend(tag);
        data
    }

    #[test]
    fn names_are_read_from_both_kinds_of_description() {
        let old = [b"desc\0\0\0\0\0\0\0\x05".as_slice(), b"sRGB\0"].concat();
        let new = [b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS\0\0\0\x04\0\0\0\x1c".as_slice(), b"\0P\x003"].concat();
        assert_eq!(name(&profile(&old)), "sRGB");
        assert_eq!(name(&profile(&new)), "P3");
    }

    #[test]
    fn a_profile_cut_anywhere_has_no_name() {
        let whole = profile(b"desc\0\0\0\0\0\0\0\x04sRGB");
        for length in 0..whole.len() {
            assert_eq!(name(&whole[..length]), "", "{length} bytes");
        }
    }
}
