//! Kinds of files: pictures that are read, and what people take for pictures.

use image::ImageFormat;

use crate::Error;
use crate::error::error;

/// The formats that are read. The page's engine is built without the last: there the browser's own decoders serve.
pub const FORMATS: &[ImageFormat] = &[
    ImageFormat::Png,
    ImageFormat::Jpeg,
    ImageFormat::WebP,
    #[cfg(feature = "pictures")]
    ImageFormat::Gif,
    #[cfg(feature = "pictures")]
    ImageFormat::Bmp,
    #[cfg(feature = "pictures")]
    ImageFormat::Tiff,
];

/// The format of a file.
///
/// # Errors
/// [`is_image`](Error::is_image): it is none of those that are read. What it is instead is said, where it is known.
pub fn format(bytes: &[u8]) -> Result<ImageFormat, Error> {
    match image::guess_format(bytes) {
        Ok(format) if FORMATS.contains(&format) => Ok(format),
        Ok(ImageFormat::Avif) => Err(avif()),
        Ok(other) => Err(another_format(name(other))),
        Err(_) => Err(no_picture(bytes)),
    }
}

pub fn name(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Png => "PNG",
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::WebP => "WebP",
        ImageFormat::Gif => "GIF",
        ImageFormat::Tiff => "TIFF",
        ImageFormat::Bmp => "BMP",
        ImageFormat::Ico => "an icon file",
        _ => "an uncommon picture format",
    }
}

/// The names of the formats that are read, as a sentence says them.
fn format_names() -> String {
    let names: Vec<&str> = FORMATS.iter().map(|format| name(*format)).collect();
    match names.split_last() {
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
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

/// No decoder of AV1 serves: those in Rust alone either want an assembler and are called as C is, or have other licences.
fn avif() -> Error {
    error!(
        Image,
        "picture-avif",
        "the file is AVIF, which is not read; save the picture as PNG: `avifdec in.avif out.png`"
    )
}

/// Files that people take for pictures, by the bytes that they have at an offset. A crate such as `infer` knows hundreds
/// of kinds, which would all go into the page's download.
const OTHER_KINDS: [(usize, &[u8], &str); 11] = [
    (0, b"\0\0\0\x0cJXL ", "JPEG XL"),
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (0, b"8BPS", "a file of Photoshop"),
    (0, b"%PDF", "PDF"),
    (0, b"<svg", "SVG"),
    (0, b"<?xml", "XML"),
    (0, b"<!DOCTYPE", "a web page"),
    (0, b"<!doctype", "a web page"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"II\x2b\0", "BigTIFF"),
];

/// The brands of HEIF files with pictures of AV1 (AVIF 1.1, section 6), and of those with pictures of HEVC, as phones write them
/// (ISO/IEC 23008-12, annex B.4). The last two stand for either.
const AVIF: [&[u8]; 2] = [b"avif", b"avis"];
const HEIC: [&[u8]; 8] = [b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"];

/// The brands of a file of ISO's boxes: its own, a version, and those that it fits, too (ISO/IEC 14496-12, 4.3).
fn brands(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let length = bytes.first_chunk().map_or(0, |length| u32::from_be_bytes(*length) as usize);
    let is_one = bytes.get(4..8) == Some(b"ftyp");
    let brands = bytes.get(8..length.min(bytes.len())).filter(|_| is_one).unwrap_or_default();
    brands.chunks_exact(4)
}

fn no_picture(bytes: &[u8]) -> Error {
    let has = |at: usize, magic: &[u8]| bytes.get(at..).is_some_and(|bytes| bytes.starts_with(magic));
    if brands(bytes).any(|brand| AVIF.contains(&brand)) {
        return avif();
    }
    if brands(bytes).any(|brand| HEIC.contains(&brand)) {
        return error!(
            Image,
            "picture-heic",
            "the file is HEIC, as iPhones write it; save the picture as JPEG: `heif-convert in.heic out.jpg`, or on the phone Settings › Camera › Formats › Most Compatible"
        );
    }
    // After a preamble of 128 bytes (PS3.10, 7.1).
    if has(128, b"DICM") {
        return error!(
            Image,
            "picture-dicom",
            "the file is DICOM, a medical picture with its patient's data; export the picture as PNG of 16 bits, such as by `dcm2pnm --write-16-bit-png in.dcm out.png`, and choose its window"
        );
    }
    if let Some((_, _, kind)) = OTHER_KINDS.iter().find(|(at, magic, _)| has(*at, magic)) {
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
