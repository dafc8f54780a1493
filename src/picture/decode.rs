//! From the bytes of a file to a [`Picture`], with bounds checked before anything large is allocated.

use std::hash::{DefaultHasher, Hasher};
use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::{Picture, check_length, jpeg};
use crate::error::error;
use crate::{Error, Result, Size};

/// The formats that are read.
const FORMATS: [ImageFormat; 3] = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP];
const MAX_FILE_BYTES: usize = 32 << 20;
const MAX_SIDE: u32 = 8192;
const MAX_PIXELS: u64 = 40_000_000;
const MAX_MEMORY_BYTES: u64 = 256 << 20;

impl Picture {
    /// The largest file that [`decode`](Self::decode) reads, in bytes.
    pub const MAX_FILE_BYTES: usize = MAX_FILE_BYTES;

    /// The formats that [`decode`](Self::decode) reads: each one's name, and its media type.
    ///
    /// ```
    /// use cam_lucida::picture::Picture;
    ///
    /// assert!(Picture::formats().any(|format| format == ("JPEG", "image/jpeg")));
    /// ```
    pub fn formats() -> impl Iterator<Item = (&'static str, &'static str)> {
        FORMATS.into_iter().map(|format| (name(format), format.to_mime_type()))
    }

    /// Decodes a PNG, JPEG or WebP file.
    ///
    /// EXIF orientation is applied, transparency is laid over white, and 16-bit, grey, palette and CMYK pictures
    /// become 8-bit RGB. Bounds: 32 MiB a file, 8192 pixels a side, 40 megapixels, 256 MiB of memory while decoding.
    ///
    /// ```
    /// use cam_lucida::picture::Picture;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/pictures/photo.png");
    /// let photo = Picture::decode(&std::fs::read(path)?)?;
    /// assert_eq!(photo.size().to_string(), "300×200");
    /// assert!(Picture::decode(b"%PDF-1.7").unwrap_err().is_image());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`is_image`](Error::is_image): another format, a damaged file, or one of the bounds exceeded.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MAX_FILE_BYTES {
            return Err(error!(
                Image,
                "picture-file-too-large",
                "the file has {found} MiB, but a picture may have up to {max} MiB; save it smaller",
                found = bytes.len() >> 20,
                max = MAX_FILE_BYTES >> 20
            ));
        }
        let format = match image::guess_format(bytes) {
            Ok(format) if FORMATS.contains(&format) => format,
            Ok(other) => return Err(another_format(name(other))),
            Err(_) => return Err(no_picture(bytes)),
        };
        let (mut image, orientation) =
            if format == ImageFormat::Jpeg { decoded_jpeg(bytes)? } else { decoded(format, bytes)? };
        image.apply_orientation(orientation);
        let size = size((image.width(), image.height()));
        let rgb = if image.color().has_alpha() {
            over_white(&image.to_rgba8())
        } else {
            image.to_rgb8().into_raw()
        };
        Self::new(size, rgb)
    }

    /// Takes uncompressed pixels `rgba` `[height, width, 4]`, as canvases give them: their transparency, not
    /// premultiplied, is laid over white.
    ///
    /// ```
    /// use cam_lucida::Size;
    /// use cam_lucida::picture::Picture;
    ///
    /// let clear = Picture::from_rgba(Size::square(1), &[9, 9, 9, 0])?;
    /// assert_eq!(clear.rgb(), [255, 255, 255]);
    /// # Ok::<(), cam_lucida::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`is_image`](Error::is_image): the length does not fit, a side is zero, or the bounds of
    /// [`decode`](Self::decode) are exceeded.
    pub fn from_rgba(size: Size, rgba: &[u8]) -> Result<Self> {
        if size.max_side() > MAX_SIDE as usize {
            return Err(error!(
                Image,
                "picture-side-too-long",
                "the picture has {size} pixels, but a side may have up to {max}; scale it down",
                size,
                max = MAX_SIDE
            ));
        }
        check_pixels((size.width as u32, size.height as u32))?;
        check_length(size, rgba.len(), 4)?;
        Self::new(size, over_white(rgba))
    }
}

fn size((width, height): (u32, u32)) -> Size {
    Size { height: height as usize, width: width as usize }
}

fn check_pixels(sides: (u32, u32)) -> Result<()> {
    if u64::from(sides.0) * u64::from(sides.1) <= MAX_PIXELS {
        return Ok(());
    }
    Err(error!(
        Image,
        "picture-too-large",
        "the picture has {size} pixels, but up to {max} megapixels are allowed; scale it down",
        size = size(sides),
        max = MAX_PIXELS / 1_000_000
    ))
}

/// The pixels as they are stored, and how they are to be turned.
fn decoded(format: ImageFormat, bytes: &[u8]) -> Result<(DynamicImage, Orientation)> {
    let failed = |error| failed(format, error);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(failed)?;
    check_pixels(decoder.dimensions())?;
    let orientation = decoder.orientation().map_err(failed)?;
    Ok((DynamicImage::from_decoder(decoder).map_err(failed)?, orientation))
}

/// The same of a JPEG file, whose data must not end before its picture. Only an end marker may be missing.
fn decoded_jpeg(bytes: &[u8]) -> Result<(DynamicImage, Orientation)> {
    let format = ImageFormat::Jpeg;
    // One after the other: the pixels are not held twice.
    let other = decoded(format, &jpeg::with_other_end(bytes)).map(|(image, _)| digest(&image));
    let (image, orientation) = decoded(format, &jpeg::closed(bytes))?;
    if other.ok() != Some(digest(&image)) {
        return Err(damaged(format, "its end is missing"));
    }
    Ok((image, orientation))
}

fn digest(image: &DynamicImage) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(image.as_bytes());
    hasher.finish()
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY_BYTES);
    limits
}

fn failed(format: ImageFormat, cause: image::ImageError) -> Error {
    let error = match &cause {
        image::ImageError::Limits(found) => error!(
            Image,
            "picture-over-limits",
            "the picture is too large ({found}): up to {max_side} pixels a side and {max_memory} MiB of memory are allowed; scale it down",
            found,
            max_side = MAX_SIDE,
            max_memory = MAX_MEMORY_BYTES >> 20
        ),
        found => damaged(format, &found.to_string()),
    };
    error.with_source(cause)
}

fn damaged(format: ImageFormat, found: &str) -> Error {
    error!(
        Image,
        "picture-damaged",
        "the {format} file is damaged or incomplete ({found}); save it again",
        format = name(format),
        found
    )
}

fn another_format(found: &str) -> Error {
    error!(
        Image,
        "picture-format",
        "the file looks like {found}, which is not supported; save the picture as {formats}",
        found,
        formats = format_names()
    )
}

fn name(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Png => "PNG",
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::WebP => "WebP",
        ImageFormat::Gif => "GIF",
        ImageFormat::Tiff => "TIFF",
        ImageFormat::Bmp => "BMP",
        ImageFormat::Ico => "an icon file",
        ImageFormat::Avif => "AVIF",
        _ => "an uncommon picture format",
    }
}

/// The names of the formats that are read, as a sentence says them.
fn format_names() -> String {
    let [others @ .., last] = FORMATS.map(name);
    format!("{} or {last}", others.join(", "))
}

/// Files that people take for pictures, by the bytes that they have at an offset. A crate such as `infer` knows hundreds
/// of kinds, which would all go into the page's download.
const OTHER_KINDS: [(usize, &[u8], &str); 9] = [
    (4, b"ftypheic", "HEIC"),
    (4, b"ftypheix", "HEIC"),
    (4, b"ftypmif1", "HEIF"),
    (0, b"%PDF", "PDF"),
    (0, b"<svg", "SVG"),
    (0, b"<?xml", "XML"),
    (0, b"<!DOCTYPE", "a web page"),
    (0, b"<!doctype", "a web page"),
    (0, b"PK\x03\x04", "a ZIP archive"),
];

fn no_picture(bytes: &[u8]) -> Error {
    let fits = |(at, magic, _): &&(usize, &[u8], _)| bytes.get(*at..).is_some_and(|b| b.starts_with(magic));
    if let Some((_, _, kind)) = OTHER_KINDS.iter().find(fits) {
        return another_format(kind);
    }
    if bytes.is_empty() {
        return error!(
            Image,
            "picture-empty",
            "the file is empty; use a {formats} file",
            formats = format_names()
        );
    }
    error!(
        Image,
        "no-picture",
        "the file is not a picture that can be read: it starts with {found}; use a {formats} file",
        found = start(bytes),
        formats = format_names()
    )
}

/// The first bytes, as text where they are text.
fn start(bytes: &[u8]) -> String {
    let start = &bytes[..bytes.len().min(12)];
    let more = if start.len() < bytes.len() { " …" } else { "" };
    if start.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ') {
        format!("the text “{}{more}”", String::from_utf8_lossy(start))
    } else {
        let hex: Vec<String> = start.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("the bytes {}{more}", hex.join(" "))
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
