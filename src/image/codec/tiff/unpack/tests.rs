use super::*;

#[test]
fn pack_bits_copies_and_repeats_and_stays_inside() {
    let cases: [(&[u8], &[u8]); 6] = [
        (&[2, 1, 2, 3, 0xfe, 9], &[1, 2, 3, 9, 9, 9]),
        (&[0x80, 0, 5], &[5]),
        (&[0x81, 7], &[7; 8]),
        (&[100, 1, 2], &[1, 2]),
        (&[0xff], &[]),
        (&[], &[]),
    ];
    for (data, expected) in cases {
        let mut out = [0; 8];
        let count = pack_bits(data, &mut out);
        assert_eq!(&out[..count], expected, "{data:?}");
    }
}

#[test]
fn old_lzw_has_its_bits_in_the_other_order_and_grows_its_codes_later() {
    // More codes than fit in nine bits, in both forms.
    let expected: Vec<u8> = (0..3000u32).map(|index| (index * index / 7).to_le_bytes()[0]).collect();
    let old = weezl::encode::Encoder::new(BitOrder::Lsb, 8).encode(&expected).unwrap();
    let new = weezl::encode::Encoder::with_tiff_size_switch(BitOrder::Msb, 8).encode(&expected).unwrap();
    assert_eq!((old[0], old[1] & 1), (0, 1));
    for data in [old, new] {
        let mut out = vec![0; 3000];
        assert_eq!(lzw(&data, &mut out).unwrap(), 3000);
        assert_eq!(out, expected);
    }
}

#[test]
fn damaged_streams_end_without_a_panic() {
    let chunk = Size::new(64, 5);
    for length in 0..64u8 {
        let data: Vec<u8> = (0..length).map(|index| index.wrapping_mul(37) ^ 0x5a).collect();
        let streams = [&data[..], &[b"\xfd7zXZ\0\0\x01".as_slice(), &data].concat(), &[b"\x28\xb5\x2f\xfd".as_slice(), &data].concat()];
        for data in streams {
            let mut out = [0; 40];
            let counts = [
                fax::runs(data, chunk, &mut out),
                fax::runs_in_words(data, chunk, &mut out),
                fax::group_3(data, 0, chunk, &mut out),
                fax::group_3(data, 1, chunk, &mut out),
                fax::group_4(data, false, chunk, &mut out),
                pack_bits(data, &mut out),
                lzw(data, &mut out).unwrap_or(0),
                read(ZlibDecoder::new(data), &mut out).unwrap_or(0),
                lzma::unpack(data, 40, &mut out).unwrap_or(0),
                zstd::unpack(data, 40, &mut out).unwrap_or(0),
            ];
            assert!(counts.iter().all(|&count| count <= out.len()), "{counts:?}");
        }
    }
}

#[test]
fn what_is_not_supported_is_named() {
    for (compression, name) in [(34_887, "LERC"), (34_712, "JPEG 2000"), (34_661, "JBIG"), (34_676, "LogLuv"), (12_345, "12345")] {
        assert!(check(compression).unwrap_err().to_string().contains(name), "{compression}");
    }
}
