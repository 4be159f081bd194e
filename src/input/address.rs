//! Which addresses belong to the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What kind of address it is, if not one of the public internet.
///
/// An IPv6 address that stands for an IPv4 one (mapped, NAT64, 6to4) is of that one's kind: a packet to it ends there.
///
/// # Source
/// IANA's registries of special-purpose addresses for IPv4 and IPv6, the few globally reachable ones among them refused too.
pub(super) fn inner_kind(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => inner_kind_v4(address),
        IpAddr::V6(address) => inner_kind_v6(address),
    }
}

fn inner_kind_v4(address: Ipv4Addr) -> Option<&'static str> {
    match address.octets() {
        [0, ..] => Some("unspecified"),
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Some("private"),
        [100, 64..=127, ..] => Some("carrier-grade NAT"),
        [127, ..] => Some("loopback"),
        [169, 254, ..] => Some("link-local"),
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Some("documentation"),
        [198, 18 | 19, ..] => Some("benchmarking"),
        [224..=239, ..] => Some("multicast"),
        [192, 0, 0, _] | [192, 88, 99, _] | [240..=255, ..] => Some("reserved"),
        _ => None,
    }
}

fn inner_kind_v6(address: Ipv6Addr) -> Option<&'static str> {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Some("unspecified"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("loopback"),
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            inner_kind_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)))
        }
        // NAT64 as a network sets it up for itself.
        [0x64, 0xff9b, 1, ..] => Some("private"),
        [0xfc00..=0xfdff, ..] => Some("unique-local"),
        [0xfe80..=0xfebf, ..] => Some("link-local"),
        [0xfec0..=0xfeff, ..] => Some("site-local"),
        [0xff00..=0xffff, ..] => Some("multicast"),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Some("documentation"),
        // Protocols, Teredo's tunnels among them.
        [0x2001, 0..=0x1ff, ..] => Some("reserved"),
        // All that has been given out for the public internet is in here.
        [0x2000..=0x3fff, ..] => None,
        _ => Some("reserved"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_block_is_told_apart_at_its_first_and_last_address() {
        let cases: &[(&str, &[&str])] = &[
            ("unspecified", &["0.0.0.0", "0.255.255.255", "::"]),
            ("private", &["10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255", "64:ff9b:1::1"]),
            ("carrier-grade NAT", &["100.64.0.0", "100.127.255.255"]),
            ("loopback", &["127.0.0.0", "127.0.0.1", "127.255.255.255", "::1"]),
            ("link-local", &["169.254.0.0", "169.254.169.254", "169.254.255.255", "fe80::1", "febf:ffff::"]),
            ("site-local", &["fec0::", "feff::1"]),
            ("unique-local", &["fc00::", "fd00:ec2::254", "fdff:ffff::1"]),
            ("documentation", &["192.0.2.1", "198.51.100.1", "203.0.113.255", "2001:db8::1", "3fff:fff::1"]),
            ("benchmarking", &["198.18.0.0", "198.19.255.255"]),
            ("multicast", &["224.0.0.0", "239.255.255.255", "ff00::", "ff02::1", "ffff::"]),
            ("reserved", &["192.0.0.8", "192.88.99.1", "240.0.0.0", "255.255.255.255", "2001::1", "2001:1ff::1"]),
            (
                "reserved",
                &["::2", "::127.0.0.1", "::ffff:0:8.8.8.8", "64:ff9b:2::1", "100::1", "1fff:ffff::1", "4000::", "fbff::1", "fe00::1"],
            ),
        ];
        for (kind, addresses) in cases {
            for address in *addresses {
                assert_eq!(inner_kind(address.parse().unwrap()), Some(*kind), "{address}");
            }
        }
    }

    #[test]
    fn the_neighbours_of_the_blocks_are_public() {
        let addresses = [
            "1.0.0.0",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2000::1",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2606:4700::1111",
            "3fff:1000::1",
        ];
        for address in addresses {
            assert_eq!(inner_kind(address.parse().unwrap()), None, "{address}");
        }
    }

    #[test]
    fn an_ipv4_address_inside_an_ipv6_one_keeps_its_kind() {
        for (inner, kind) in [("127.0.0.1", Some("loopback")), ("10.1.2.3", Some("private")), ("8.8.8.8", None)] {
            let v4: Ipv4Addr = inner.parse().unwrap();
            let [a, b, c, d] = v4.octets();
            let six_to_four = format!("2002:{:x}:{:x}::1", u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            for address in [format!("::ffff:{inner}"), format!("64:ff9b::{inner}"), six_to_four] {
                assert_eq!(inner_kind(address.parse().unwrap()), kind, "{address}");
            }
        }
    }
}
