//! From the bytes of a file to a [`Picture`], with bounds checked before anything large is allocated.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::Picture;
use crate::{Error, Result};

const FILE_BYTES: usize = 32 << 20;
const SIDE: u32 = 8192;
const PIXELS: u64 = 40_000_000;
const MEMORY_BYTES: u64 = 256 << 20;

impl Picture {
    /// Decodes a PNG, JPEG or WebP file: EXIF orientation applied, transparency laid over white, 16-bit,
    /// grey, palette and CMYK pictures turned into 8-bit RGB.
    ///
    /// Bounds: 32 MiB a file, 8192 pixels a side, 40 megapixels, 256 MiB of memory while decoding.
    ///
    /// # Errors
    /// [`is_image`](Error::is_image): another format, a damaged file, or one of the bounds exceeded.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > FILE_BYTES {
            let found = bytes.len() >> 20;
            return Err(Error::image(format!(
                "the file has {found} MiB, pictures of up to {} MiB are read; save it smaller",
                FILE_BYTES >> 20
            )));
        }
        let format = match image::guess_format(bytes) {
            Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) => format,
            Ok(other) => {
                return Err(Error::image(format!(
                    "this is a {other:?} file; save the picture as PNG, JPEG or WebP"
                )));
            }
            Err(_) => {
                return Err(Error::image(format!(
                    "this is no picture: it starts with {}; PNG, JPEG and WebP files are read",
                    first_bytes(bytes)
                )));
            }
        };
        if format == ImageFormat::Jpeg && !jpeg_is_whole(bytes) {
            return Err(Error::image(
                "the Jpeg file is damaged or incomplete (it has no end); save it again",
            ));
        }
        let damaged = |error| damaged(format, error);
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        reader.limits(limits());
        let mut decoder = reader.into_decoder().map_err(damaged)?;
        let (width, height) = decoder.dimensions();
        check_pixels(width, height)?;
        let orientation = decoder.orientation().map_err(damaged)?;
        let mut image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
        image.apply_orientation(orientation);
        let rgb = if image.color().has_alpha() {
            over_white(&image.to_rgba8())
        } else {
            image.to_rgb8().into_raw()
        };
        Self::new(image.width(), image.height(), rgb)
    }

    /// A picture of uncompressed pixels `rgba` `[height, width, 4]`, as canvases give them: their transparency, not
    /// premultiplied, laid over white.
    ///
    /// # Errors
    /// [`is_image`](Error::is_image): the length does not fit, a side is zero, or the bounds of
    /// [`decode`](Self::decode) are exceeded.
    pub fn from_rgba(width: u32, height: u32, rgba: &[u8]) -> Result<Self> {
        if width > SIDE || height > SIDE {
            return Err(Error::image(format!(
                "the picture has {width}×{height} pixels, up to {SIDE} a side are read; scale it down"
            )));
        }
        check_pixels(width, height)?;
        if rgba.is_empty() || rgba.len() as u64 != 4 * u64::from(width) * u64::from(height) {
            let found = rgba.len();
            return Err(Error::image(format!(
                "a picture of {width}×{height} pixels needs 4 bytes for each, found {found} in all"
            )));
        }
        Self::new(width, height, over_white(rgba))
    }
}

fn check_pixels(width: u32, height: u32) -> Result<()> {
    if u64::from(width) * u64::from(height) <= PIXELS {
        return Ok(());
    }
    Err(Error::image(format!(
        "the picture has {width}×{height} pixels, up to {} megapixels are read; scale it down",
        PIXELS / 1_000_000
    )))
}

/// Whether an end marker follows the last scan; the decoder itself would fill what is missing with grey.
fn jpeg_is_whole(bytes: &[u8]) -> bool {
    let last = |marker| bytes.windows(2).rposition(|pair| pair == [0xff, marker]);
    let (end_of_image, start_of_scan) = (last(0xd9), last(0xda));
    end_of_image > start_of_scan
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE);
    limits.max_image_height = Some(SIDE);
    limits.max_alloc = Some(MEMORY_BYTES);
    limits
}

fn damaged(format: ImageFormat, error: image::ImageError) -> Error {
    match error {
        image::ImageError::Limits(error) => Error::image(format!(
            "the picture is too large ({error}): up to {SIDE} pixels a side and {} MiB of memory are allowed; scale it down",
            MEMORY_BYTES >> 20
        )),
        error => {
            Error::image(format!("the {format:?} file is damaged or incomplete ({error}); save it again"))
        }
    }
}

/// Pixels `[r, g, b, alpha]` over white, as `[r, g, b]`.
fn over_white(rgba: &[u8]) -> Vec<u8> {
    let blend = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u32::from(colour), u32::from(alpha));
        ((colour * alpha + 255 * (255 - alpha) + 127) / 255) as u8
    };
    let pixels = rgba.chunks_exact(4);
    pixels.flat_map(|pixel| [0, 1, 2].map(|colour| blend(pixel[colour], pixel[3]))).collect()
}

fn first_bytes(bytes: &[u8]) -> String {
    let start = &bytes[..bytes.len().min(12)];
    if start.is_empty() {
        "nothing, the file is empty".into()
    } else if start.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ') {
        format!("the text “{}”", String::from_utf8_lossy(start))
    } else {
        format!("the bytes {start:02x?}")
    }
}
