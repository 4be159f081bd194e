//! The one thing that is read from XMP metadata: how the image must be turned.

use std::borrow::Cow;

use super::Orientation;

/// A packet longer than this is not read: JPEG allows 64 KB, and other formats hold the same.
pub(super) const MAX_BYTES: usize = 1 << 20;

const NAMESPACE: &str = "http://ns.adobe.com/tiff/1.0/";
const PROPERTY: &str = ":Orientation";

/// The orientation that an XMP packet asks for: the property `Orientation` of the TIFF namespace, as an attribute or as an element; none if there is
/// none, or if it is not one of 1 to 8.
///
/// # Source
/// Adobe, XMP Specification Part 1, section 7 (both forms), and Part 3 (TIFF namespace).
pub(super) fn orientation(packet: &[u8]) -> Option<Orientation> {
    let packet = text(packet.get(..packet.len().min(MAX_BYTES))?);
    let number = packet.match_indices(PROPERTY).find_map(|(at, _)| {
        let prefix = prefix_before(packet.get(..at)?);
        let value = value_after(packet.get(at + PROPERTY.len()..)?)?;
        (prefix == "tiff" || is_declared(&packet, prefix)).then_some(value)
    })?;
    Orientation::from_exif(number.trim().parse().ok()?)
}

/// The packet as text, from UTF-8 or UTF-16; bytes that are neither are replaced.
fn text(packet: &[u8]) -> Cow<'_, str> {
    let units = |unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = packet.as_chunks::<2>().0.iter().map(|&pair| unit(pair)).collect();
        Cow::Owned(String::from_utf16_lossy(&units))
    };
    match packet {
        [0xfe, 0xff, ..] | [0, b'<', 0, ..] => units(u16::from_be_bytes),
        [0xff, 0xfe, ..] | [b'<', 0, _, 0, ..] => units(u16::from_le_bytes),
        _ => String::from_utf8_lossy(packet),
    }
}

/// The name that text ends with.
fn prefix_before(text: &str) -> &str {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    text.rfind(|c| !is_name(c)).map_or(text, |at| text.get(at..).unwrap_or_default().trim_start_matches(|c| !is_name(c)))
}

/// The value behind the name of an attribute or an element.
fn value_after(text: &str) -> Option<&str> {
    let text = text.trim_start();
    if let Some(element) = text.strip_prefix('>') {
        return element.split('<').next();
    }
    let value = text.strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value.get(1..)?.split(quote).next()
}

/// Whether a prefix stands for the TIFF namespace.
fn is_declared(packet: &str, prefix: &str) -> bool {
    let declaration = format!("xmlns:{prefix}");
    packet.match_indices(&declaration).any(|(at, _)| {
        let value = packet.get(at + declaration.len()..).and_then(value_after);
        !prefix.is_empty() && value == Some(NAMESPACE)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(inside: &str) -> String {
        format!("<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>{inside}</x:xmpmeta>")
    }

    #[test]
    fn the_orientation_is_found_as_attribute_and_element_under_any_prefix() {
        let cases = [
            "<rdf:Description xmlns:tiff='http://ns.adobe.com/tiff/1.0/' tiff:Orientation=\"6\"/>",
            "<rdf:Description tiff:Orientation = '6' />",
            "<rdf:Description><tiff:Orientation>6</tiff:Orientation></rdf:Description>",
            "<rdf:Description><tiff:Orientation>\n 6 \n</tiff:Orientation></rdf:Description>",
            "<rdf:Description xmlns:ns1=\"http://ns.adobe.com/tiff/1.0/\" ns1:Orientation=\"6\"/>",
            "<rdf:Description exif:Orientation='3' tiff:Orientation='6'/>",
        ];
        for case in cases {
            assert_eq!(orientation(packet(case).as_bytes()), Some(Orientation::Rotate90), "{case}");
        }
    }

    #[test]
    fn utf_16_is_read_in_either_byte_order_with_and_without_its_mark() {
        let packet = packet("<rdf:Description tiff:Orientation='8'/>");
        for make in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
            for mark in ["", "\u{feff}"] {
                let bytes: Vec<u8> = format!("{mark}{packet}").encode_utf16().flat_map(make).collect();
                assert_eq!(orientation(&bytes), Some(Orientation::Rotate270), "{mark:?}");
            }
        }
    }

    #[test]
    fn other_namespaces_and_odd_values_are_no_orientation() {
        let cases = [
            "<rdf:Description exif:Orientation='6'/>",
            "<rdf:Description xmlns:ns1='http://example.com/' ns1:Orientation='6'/>",
            "<rdf:Description tiff:Orientation='0'/>",
            "<rdf:Description tiff:Orientation='9'/>",
            "<rdf:Description tiff:Orientation='sideways'/>",
            "<rdf:Description tiff:Orientation",
            "<rdf:Description tiff:OrientationX='6'/>",
            ":Orientation='6'",
            "",
        ];
        for case in cases {
            assert_eq!(orientation(packet(case).as_bytes()), None, "{case}");
        }
    }
}
