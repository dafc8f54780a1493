//! From the bytes of a file to a [`Picture`], with bounds checked before anything large is allocated.

use std::hash::{DefaultHasher, Hasher};
use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};

use super::grey::Window;
use super::kinds::{self, FORMATS, name};
#[cfg(feature = "pictures")]
use super::profile::{self, to_srgb};
use super::{Picture, check_length, frames, jpeg};
use crate::error::error;
use crate::{Error, Note, Result, Size};

const MAX_FILE_BYTES: usize = 32 << 20;
const MAX_SIDE: usize = 8192;
const MAX_PIXELS: u64 = 40_000_000;
const MAX_MEMORY_BYTES: u64 = 256 << 20;

/// What a file was read as.
///
/// ```
/// use cam_lucida::picture::{Picture, Window};
///
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/pictures/grey16.png");
/// let file = std::fs::read(path)?;
/// let by_range = Picture::decode_with(&file, None)?;
/// assert_eq!(by_range.notes[0].code(), "picture-grey-range");
/// let own = Picture::decode_with(&file, Some(Window::new(0, 65535)?))?;
/// assert!(own.picture != by_range.picture);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Decoded {
    /// The pixels.
    pub picture: Picture,
    /// What was done with the file that not everybody would do, a sentence each.
    pub notes: Vec<Note>,
    /// The smallest and the largest value of a grey picture of 16 bits, if they differ.
    pub range: Option<Window>,
}

impl Decoded {
    /// [`Picture::from_rgba`], with a note where the pixels are transparent.
    ///
    /// # Errors
    /// As there.
    pub fn from_rgba(size: Size, rgba: &[u8]) -> Result<Self> {
        let picture = Picture::from_rgba(size, rgba)?;
        let is_transparent = rgba.iter().skip(3).step_by(4).any(|alpha| *alpha < u8::MAX);
        Ok(Self { picture, notes: is_transparent.then(transparent).into_iter().collect(), range: None })
    }
}

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
        FORMATS.iter().map(|format| (name(*format), format.to_mime_type()))
    }

    /// Decodes a PNG, JPEG or WebP file; with the feature `pictures`, which the command line has, also the first picture of a GIF,
    /// BMP or TIFF file.
    ///
    /// EXIF orientation is applied, transparency is laid over white, and palette, grey and CMYK pictures become 8-bit RGB; grey of 16
    /// bits by its own range, see [`decode_with`](Self::decode_with). With the feature `pictures`, an ICC profile's colours become
    /// sRGB. A picture of more than 40 megapixels, or of a side of more than 8192 pixels, is reduced: the mean of each 2 × 2 pixels,
    /// or of more. Bounds: 32 MiB a file, 256 MiB of decoded pixels. Colours of a JPEG are Pillow's within 4 of 255, and of 10,000 samples
    /// of photographs, at most six differ by more than 2: rounding.
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
        Ok(Self::decode_with(bytes, None)?.picture)
    }

    /// [`decode`](Self::decode), with the `window` of a grey picture of 16 bits in place of its range; and with what there is to say
    /// of the file.
    ///
    /// # Errors
    /// As `decode`.
    pub fn decode_with(bytes: &[u8], window: Option<Window>) -> Result<Decoded> {
        if bytes.len() > MAX_FILE_BYTES {
            return Err(error!(
                Image,
                "picture-file-too-large",
                "the file has {found} MiB, but a picture may have up to {max} MiB; save it smaller",
                found = bytes.len() >> 20,
                max = MAX_FILE_BYTES >> 20
            ));
        }
        let format = kinds::format(bytes)?;
        let mut notes = Vec::new();
        let Stored { image, orientation, profile } = match format {
            ImageFormat::Jpeg => decoded_jpeg(bytes, &mut notes)?,
            format => decoded(format, bytes)?,
        };
        if frames::has_more(format, bytes) {
            notes.push(
                error!(Image, "picture-first-frame", "the file holds several pictures; the first is read")
                    .into(),
            );
        }
        let size = size((image.width(), image.height()));
        let range = grey_range(&image);
        let dark = dark_note(&image);
        let is_transparent = is_transparent(&image);
        let rgb = eight_bits(image, window.or(range).unwrap_or_default());
        let mut picture = Self::new(size, rgb)?;
        notes.extend(grey_note(range, window));
        notes.extend(dark);
        notes.extend(is_transparent.then(transparent));
        let factor = factor(size);
        if factor > 1 {
            picture = picture.reduced(factor);
            notes.push(
                error!(
                    Image,
                    "picture-reduced",
                    "the picture has {size} pixels, so it is read at 1/{factor} of its width and height",
                    size,
                    factor
                )
                .into(),
            );
        }
        if profile.is_some_and(|profile| to_srgb(&profile, &mut picture.rgb)) {
            notes.push(
                error!(
                    Image,
                    "picture-profile", "the colours are converted to sRGB by the picture's ICC profile"
                )
                .into(),
            );
        }
        Ok(Decoded { picture: picture.oriented(orientation)?, notes, range })
    }

    /// The picture as it is to be turned.
    fn oriented(self, orientation: Orientation) -> Result<Self> {
        if orientation == Orientation::NoTransforms {
            return Ok(self);
        }
        let Size { height, width } = self.size;
        let stored = RgbImage::from_raw(width as u32, height as u32, self.rgb);
        let mut image = DynamicImage::from(stored.expect("a picture holds 3 bytes a pixel"));
        image.apply_orientation(orientation);
        Self::new(size((image.width(), image.height())), image.into_rgb8().into_raw())
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
        if size.max_side() > MAX_SIDE {
            return Err(error!(
                Image,
                "picture-side-too-long",
                "the picture has {size} pixels, but a side may have up to {max}; scale it down",
                size,
                max = MAX_SIDE
            ));
        }
        check_pixels(size)?;
        check_length(size, rgba.len(), 4)?;
        Self::new(size, over_white(rgba))
    }
}

fn size((width, height): (u32, u32)) -> Size {
    Size { height: height as usize, width: width as usize }
}

/// The smallest factor by which a picture of `size` must be reduced to be within bounds.
fn factor(size: Size) -> usize {
    let fits = |factor: &usize| {
        let [height, width] = [size.height, size.width].map(|side| side.div_ceil(*factor));
        let reduced = Size { height, width };
        reduced.max_side() <= MAX_SIDE && reduced.area() as u64 <= MAX_PIXELS
    };
    (1..).find(fits).expect("one pixel is within bounds")
}

fn check_pixels(size: Size) -> Result<()> {
    if size.area() as u64 <= MAX_PIXELS {
        return Ok(());
    }
    Err(error!(
        Image,
        "picture-too-large",
        "the picture has {size} pixels, but up to {max} megapixels are allowed; scale it down",
        size,
        max = MAX_PIXELS / 1_000_000
    ))
}

/// Checks that a picture of `size`, which takes `bytes` once it is decoded, fits into memory.
fn check_memory(size: Size, bytes: u64) -> Result<()> {
    if bytes <= MAX_MEMORY_BYTES {
        return Ok(());
    }
    Err(error!(
        Image,
        "picture-memory",
        "the picture has {size} pixels, which take {found} MiB; up to {max} MiB are decoded. Scale it down",
        size,
        found = bytes >> 20,
        max = MAX_MEMORY_BYTES >> 20
    ))
}

/// A picture as a file stores it.
struct Stored {
    image: DynamicImage,
    orientation: Orientation,
    /// The ICC profile of its colours.
    profile: Option<Vec<u8>>,
}

/// The pixels as they are stored, and how they are to be shown.
fn decoded(format: ImageFormat, bytes: &[u8]) -> Result<Stored> {
    let failed = |error| failed(format, error);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_MEMORY_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(failed)?;
    check_memory(size(decoder.dimensions()), decoder.total_bytes())?;
    let orientation = decoder.orientation().map_err(failed)?;
    // Without its profile a picture can still be seen.
    let profile = match format {
        #[cfg(feature = "pictures")]
        ImageFormat::Tiff => profile::of_tiff(bytes),
        _ => decoder.icc_profile().ok().flatten(),
    };
    let image = match format {
        ImageFormat::Jpeg => jpeg::inks(bytes).map_err(|found| damaged(format, &found))?,
        _ => None,
    };
    let image = image.map_or_else(|| DynamicImage::from_decoder(decoder), Ok).map_err(failed)?;
    Ok(Stored { image, orientation, profile })
}

/// The same of a JPEG file, whose data must not end before its picture. Only an end marker may be missing. The decoder fills what is
/// missing without a word, in its strict mode, too; so what follows the data must not matter, which takes a second pass.
fn decoded_jpeg(bytes: &[u8], notes: &mut Vec<Note>) -> Result<Stored> {
    let format = ImageFormat::Jpeg;
    // One after the other: the pixels are not held twice.
    let other = decoded(format, &jpeg::with_other_end(bytes)).map(|stored| digest(&stored.image));
    let stored = decoded(format, &jpeg::closed(bytes))?;
    if other.ok() != Some(digest(&stored.image)) {
        return Err(damaged(format, "its end is missing"));
    }
    match jpeg::bytes_behind(bytes) {
        None => notes.push(
            error!(Image, "picture-no-end", "the JPEG file lacks its end marker; its picture is whole")
                .into(),
        ),
        Some(0) => {}
        Some(count) => notes.push(
            error!(
                Image,
                "picture-more-bytes", "{count} bytes after the end of the JPEG picture are left out", count
            )
            .into(),
        ),
    }
    Ok(stored)
}

fn digest(image: &DynamicImage) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(image.as_bytes());
    hasher.finish()
}

/// The range of a grey picture of 16 bits.
fn grey_range(image: &DynamicImage) -> Option<Window> {
    match image {
        DynamicImage::ImageLuma16(grey) => Window::of(grey.iter().copied()),
        DynamicImage::ImageLumaA16(grey) => Window::of(grey.iter().copied().step_by(2)),
        _ => None,
    }
}

/// The colours in 8 bits over white, `[height, width, 3]`. A grey picture of 16 bits is shown by `window`.
fn eight_bits(image: DynamicImage, window: Window) -> Vec<u8> {
    match image {
        DynamicImage::ImageLuma16(grey) => grey.iter().flat_map(|value| [window.shown(*value); 3]).collect(),
        DynamicImage::ImageLumaA16(grey) => {
            let pixels = grey.chunks_exact(2).flat_map(|pixel| {
                let [grey, alpha] = [window.shown(pixel[0]), Window::default().shown(pixel[1])];
                [grey, grey, grey, alpha]
            });
            over_white(&pixels.collect::<Vec<_>>())
        }
        image if image.color().has_alpha() => over_white(&image.into_rgba8()),
        image => image.into_rgb8().into_raw(),
    }
}

/// What there is to say of the window of a grey picture of 16 bits, whose values fill `range`.
fn grey_note(range: Option<Window>, window: Option<Window>) -> Option<Note> {
    let note = match (range, window) {
        (Some(range), None) => error!(
            Image,
            "picture-grey-range",
            "the picture is grey with 16 bits: its values from {low} to {high} are shown from black to white; a window shows others",
            low = range.low(),
            high = range.high()
        ),
        (Some(range), Some(window)) => error!(
            Image,
            "picture-grey-window",
            "the picture is grey with 16 bits: of its values from {low} to {high}, those from {black} to {white} are shown from black to white",
            low = range.low(),
            high = range.high(),
            black = window.low(),
            white = window.high()
        ),
        (None, Some(_)) => error!(
            Image,
            "picture-window-unused",
            "the window does not apply: the picture is not grey with values of 16 bits that differ"
        ),
        (None, None) => return None,
    };
    Some(note.into())
}

/// The note for colours of 16 bits that are nearly black. A camera may have left its 12 bits as they are. Colours are not stretched:
/// their range is part of a photograph.
fn dark_note(image: &DynamicImage) -> Option<Note> {
    const DARK: u16 = u16::MAX / 8;
    let largest = match image {
        DynamicImage::ImageRgb16(colours) => colours.iter().copied().max(),
        DynamicImage::ImageRgba16(colours) => {
            colours.chunks_exact(4).flat_map(|pixel| &pixel[..3]).copied().max()
        }
        _ => None,
    };
    let high = largest.filter(|largest| (1..DARK).contains(largest))?;
    let note = error!(
        Image,
        "picture-dark",
        "the picture has colours of 16 bits, of which the largest is {high}, so it is nearly black; if {max} was not meant to be white, multiply its values and save it again",
        high,
        max = u16::MAX
    );
    Some(note.into())
}

/// Whether a pixel lets something through.
fn is_transparent(image: &DynamicImage) -> bool {
    match image {
        DynamicImage::ImageLumaA8(grey) => grey.iter().skip(1).step_by(2).any(|alpha| *alpha < u8::MAX),
        DynamicImage::ImageLumaA16(grey) => grey.iter().skip(1).step_by(2).any(|alpha| *alpha < u16::MAX),
        DynamicImage::ImageRgba8(colours) => colours.iter().skip(3).step_by(4).any(|alpha| *alpha < u8::MAX),
        DynamicImage::ImageRgba16(colours) => {
            colours.iter().skip(3).step_by(4).any(|alpha| *alpha < u16::MAX)
        }
        _ => false,
    }
}

fn transparent() -> Note {
    error!(Image, "picture-transparent", "the picture is transparent in places: it is laid over white").into()
}

/// Nothing is converted: the page's engine is built without what that takes.
#[cfg(not(feature = "pictures"))]
fn to_srgb(_: &[u8], _: &mut [u8]) -> bool {
    false
}

fn failed(format: ImageFormat, cause: image::ImageError) -> Error {
    let error = match &cause {
        image::ImageError::Limits(found) => error!(
            Image,
            "picture-over-limits",
            "the picture is too large ({found}): up to {max} MiB of memory are allowed; scale it down",
            found,
            max = MAX_MEMORY_BYTES >> 20
        ),
        image::ImageError::Unsupported(found) => error!(
            Image,
            "picture-kind",
            "the {format} file is of a kind that is not read ({found}); save it as PNG",
            format = name(format),
            found
        ),
        // Decoders end what they say by a new line.
        found => damaged(format, &found.to_string().split_whitespace().collect::<Vec<_>>().join(" ")),
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

/// Pixels `[r, g, b, alpha]` over white, as `[r, g, b]`.
fn over_white(rgba: &[u8]) -> Vec<u8> {
    let blend = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u32::from(colour), u32::from(alpha));
        ((colour * alpha + 255 * (255 - alpha) + 127) / 255) as u8
    };
    let pixels = rgba.chunks_exact(4);
    pixels.flat_map(|pixel| [0, 1, 2].map(|colour| blend(pixel[colour], pixel[3]))).collect()
}
