//! Files with several pictures, of which the first is read.

use std::io::Cursor;

use image::ImageFormat;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;

/// Whether more pictures follow the first: of an animation, of a TIFF file's pages.
pub fn has_more(format: ImageFormat, bytes: &[u8]) -> bool {
    let file = || Cursor::new(bytes);
    match format {
        ImageFormat::Png => PngDecoder::new(file()).and_then(|png| png.is_apng()).unwrap_or(false),
        ImageFormat::WebP => WebPDecoder::new(file()).is_ok_and(|webp| webp.has_animation()),
        #[cfg(feature = "pictures")]
        ImageFormat::Gif => {
            use image::AnimationDecoder;
            use image::codecs::gif::GifDecoder;
            GifDecoder::new(file())
                .is_ok_and(|gif| gif.into_frames().nth(1).is_some_and(|frame| frame.is_ok()))
        }
        ImageFormat::Tiff => tiff_has_more(bytes).unwrap_or(false),
        _ => false,
    }
}

/// Whether the first directory of a TIFF file names a next one (TIFF 6.0, section 2).
fn tiff_has_more(bytes: &[u8]) -> Option<bool> {
    let little = bytes.starts_with(b"II");
    let number = |at: usize, length: usize| {
        let bytes = bytes.get(at..at.checked_add(length)?)?.iter();
        let digit = |number, byte: &u8| number << 8 | usize::from(*byte);
        Some(if little { bytes.rev().fold(0, digit) } else { bytes.fold(0, digit) })
    };
    const ENTRY: usize = 12;
    let directory = number(4, 4)?;
    let next = directory + 2 + ENTRY * number(directory, 2)?;
    Some(number(next, 4)? != 0)
}
