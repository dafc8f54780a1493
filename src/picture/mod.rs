//! Pictures: decoded from bytes within bounds, resized as Pillow does, normalised for a network.
//!
//! Knows neither tensors nor the DOM: bytes in, pixels and numbers out.

mod decode;
mod preprocess;
mod resize;

pub use preprocess::{Preprocess, Preprocessor};
pub use resize::{Interpolation, Region};

/// An RGB picture of 8 bits a channel, rows from the top, no padding.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

impl Picture {
    /// Wraps `rgb`, `height` rows of `width` pixels of three bytes.
    ///
    /// # Errors
    /// [`is_image`](crate::Error::is_image) when the length is not `3 * width * height`, or either side is zero.
    pub fn new(width: u32, height: u32, rgb: Vec<u8>) -> crate::Result<Self> {
        if rgb.is_empty() || rgb.len() as u64 != 3 * u64::from(width) * u64::from(height) {
            let found = rgb.len();
            return Err(crate::Error::image(format!(
                "a picture of {width}×{height} pixels needs 3 bytes for each, found {found} in all"
            )));
        }
        Ok(Self { width, height, rgb })
    }

    /// Pixels across.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Pixels down.
    pub fn height(&self) -> u32 {
        self.height
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
    pub fn to_png(&self) -> Vec<u8> {
        use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
        let mut png = Vec::new();
        PngEncoder::new(&mut png)
            .write_image(&self.rgb, self.width, self.height, ExtendedColorType::Rgb8)
            .expect("writing to memory cannot fail, and the length was checked on construction");
        png
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}×{})", self.width, self.height)
    }
}
