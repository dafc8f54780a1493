//! Whether the data of a JPEG file suffice for its picture. Decoders fill what is missing, with grey or with stripes.

/// A byte that no encoder ends with, and that is no marker.
const OTHER: u8 = 0x5a;
/// More bytes than a decoder reads ahead.
const MORE: usize = 1 << 12;

const START_OF_SCAN: u8 = 0xda;
const END_OF_IMAGE: u8 = 0xd9;

/// The file up to the end of its picture, which has an end marker in any case. What follows, such as another picture, is left
/// out.
pub fn closed(bytes: &[u8]) -> Vec<u8> {
    [&bytes[..end_of_data(bytes)], &[0xff, END_OF_IMAGE]].concat()
}

/// The same file with other bytes behind the picture's data. Who decodes all of the picture reads none of them, so both give the
/// same pixels, unless the data end before the picture does.
pub fn with_other_end(bytes: &[u8]) -> Vec<u8> {
    let mut other = bytes[..end_of_data(bytes)].to_vec();
    other.resize(other.len() + MORE, OTHER);
    other.extend([0xff, END_OF_IMAGE]);
    other
}

/// Where the data of the last scan end (ITU-T T.81, annex B): at the end marker, or where the file ends.
fn end_of_data(bytes: &[u8]) -> usize {
    let mut at = 2;
    let mut in_scan = false;
    while let Some(&[first, marker]) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        match (first, marker) {
            (0xff, END_OF_IMAGE) => return at,
            // Markers without a segment: restarts, and TEM.
            (0xff, 0xd0..=0xd8 | 0x01) => at += 2,
            (0xff, 0x00) if in_scan => at += 2,
            // Bytes that fill up.
            (0xff, 0xff) => at += 1,
            (0xff, marker) => {
                let length =
                    bytes.get(at + 2..).and_then(<[u8]>::first_chunk).map_or(2, |l| u16::from_be_bytes(*l));
                at += 2 + usize::from(length.max(2));
                in_scan = marker == START_OF_SCAN;
            }
            _ => at += 1,
        }
    }
    bytes.len()
}
