//! Whether the data of a JPEG file suffice for its picture: decoders fill what is missing, with grey or with stripes. And pictures
//! of four inks.

use image::{DynamicImage, RgbImage};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

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

/// How many bytes follow the end marker; `None`: there is no end marker.
pub fn bytes_behind(bytes: &[u8]) -> Option<usize> {
    bytes.len().checked_sub(end_of_data(bytes) + 2)
}

/// The picture of a file of four inks, as Adobe's programs store it: the light that each ink lets through, in place of the ink
/// (Adobe Technical Note 5116, section 18); `None` for other files. What `image` makes of them is dark (zune-image#442).
///
/// # Errors
/// What the decoder says.
pub fn inks(bytes: &[u8]) -> Result<Option<DynamicImage>, String> {
    let options =
        DecoderOptions::default().set_strict_mode(false).set_max_width(usize::MAX).set_max_height(usize::MAX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|error| error.to_string())?;
    let Some(space @ (ColorSpace::CMYK | ColorSpace::YCCK)) = decoder.input_colorspace() else {
        return Ok(None);
    };
    decoder.set_options(options.jpeg_set_out_colorspace(space));
    let stored = decoder.decode().map_err(|error| error.to_string())?;
    let through = |light: u8, black: u8| ((u32::from(light) * u32::from(black) + 127) / 255) as u8;
    let shown = |pixel: &[u8]| {
        let [light @ .., black] = match (space, pixel) {
            (ColorSpace::YCCK, &[y, cb, cr, black]) => {
                // What stands for red, green and blue is the ink.
                let [cyan, magenta, yellow] = to_rgb([y, cb, cr]).map(|ink| 255 - ink);
                [cyan, magenta, yellow, black]
            }
            (_, &[cyan, magenta, yellow, black]) => [cyan, magenta, yellow, black],
            _ => [0; 4],
        };
        light.map(|light| through(light, black))
    };
    let rgb: Vec<u8> = stored.chunks_exact(4).flat_map(shown).collect();
    let sides = decoder
        .dimensions()
        .and_then(|(width, height)| Some((width.try_into().ok()?, height.try_into().ok()?)));
    let image = sides.and_then(|(width, height)| RgbImage::from_raw(width, height, rgb));
    image.map(|image| Some(image.into())).ok_or_else(|| "its pixels are not as many as it says".into())
}

/// From luma and chroma (ITU-T T.871, section 7).
fn to_rgb([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let [y, cb, cr] = [f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0];
    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb]
        .map(|value| value.round().clamp(0.0, 255.0) as u8)
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
    // The end marker may be cut in two.
    bytes.len() - bytes.iter().rev().take_while(|byte| **byte == 0xff).count()
}
