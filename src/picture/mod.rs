//! Pictures: decoded from bytes within bounds, resized as Pillow does, normalised for a network.
//!
//! Knows neither tensors nor the DOM: bytes in, pixels and numbers out.

mod decode;
mod frames;
mod grey;
mod jpeg;
mod kinds;
mod preprocess;
#[cfg(feature = "pictures")]
mod profile;
mod reduce;
mod resize;

pub use decode::Decoded;
pub use grey::Window;
pub use preprocess::{ChannelOrder, Preprocess, Preprocessor};
pub use resize::{Interpolation, Region};

use crate::error::error;
use crate::{Result, Size};

/// An RGB picture of 8 bits a channel, rows from the top, no padding.
///
/// ```
/// use cam_lucida::Size;
/// use cam_lucida::picture::Picture;
///
/// // Two pixels side by side: red and white.
/// let picture = Picture::new(Size { height: 1, width: 2 }, vec![255, 0, 0, 255, 255, 255])?;
/// assert_eq!(Picture::decode(&picture.to_png())?, picture);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    size: Size,
    rgb: Vec<u8>,
}

impl Picture {
    /// Wraps `rgb` `[height, width, 3]`.
    ///
    /// ```
    /// use cam_lucida::Size;
    /// use cam_lucida::picture::Picture;
    ///
    /// let black = Picture::new(Size::square(2), vec![0; 12])?;
    /// assert_eq!(black.size(), Size::square(2));
    /// let error = Picture::new(Size::square(2), vec![0; 11]).unwrap_err();
    /// assert_eq!(error.code(), "picture-length");
    /// # Ok::<(), cam_lucida::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`is_image`](crate::Error::is_image): `rgb` is empty or does not have 3 bytes for each pixel.
    pub fn new(size: Size, rgb: Vec<u8>) -> Result<Self> {
        check_length(size, rgb.len(), 3)?;
        Ok(Self { size, rgb })
    }

    /// Rows and columns.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The pixels, `[height, width, 3]`.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The pixels with an opaque fourth channel, `[height, width, 4]`, as canvases and textures take them.
    pub fn to_rgba(&self) -> Vec<u8> {
        let pixels = self.rgb.chunks_exact(3);
        pixels.flat_map(|p| [p[0], p[1], p[2], 255]).collect()
    }

    /// The picture as a PNG file.
    ///
    /// ```
    /// use cam_lucida::Size;
    /// use cam_lucida::picture::Picture;
    ///
    /// let png = Picture::new(Size::square(1), vec![10, 20, 30])?.to_png();
    /// assert!(png.starts_with(b"\x89PNG"));
    /// # Ok::<(), cam_lucida::Error>(())
    /// ```
    pub fn to_png(&self) -> Vec<u8> {
        use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
        let Size { height, width } = self.size;
        let mut png = Vec::new();
        PngEncoder::new(&mut png)
            .write_image(&self.rgb, width as u32, height as u32, ExtendedColorType::Rgb8)
            .expect("writing to memory cannot fail, and the length was checked on construction");
        png
    }
}

/// Checks that `found` bytes are `channels` for each pixel, and at least one.
fn check_length(size: Size, found: usize, channels: usize) -> Result<()> {
    if found > 0 && found == size.area().saturating_mul(channels) {
        return Ok(());
    }
    Err(error!(
        Image,
        "picture-length",
        "a picture of {size} pixels needs {channels} bytes for each, found {found} in all",
        size,
        channels,
        found
    ))
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({})", self.size)
    }
}
