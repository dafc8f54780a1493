//! Resizing equal to Pillow's antialiased bilinear filter.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::Picture;

/// A part of a picture in its pixels, edges at fractions of a pixel allowed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Region {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Pixels across.
    pub width: f64,
    /// Pixels down.
    pub height: f64,
}

impl Picture {
    /// The whole picture, as a region.
    pub fn region(&self) -> Region {
        Region { left: 0.0, top: 0.0, width: self.width.into(), height: self.height.into() }
    }

    /// `region` of the picture at `width`×`height` pixels (both at least 1), filtered as Pillow's
    /// `Image.resize(size, BILINEAR, box)` does: a triangle as wide as the reduction.
    pub fn resize(&self, region: Region, width: u32, height: u32) -> Picture {
        if region == self.region() && (width, height) == (self.width, self.height) {
            return self.clone();
        }
        let source = ImageRef::new(self.width, self.height, &self.rgb, PixelType::U8x3)
            .expect("a picture holds 3 bytes a pixel");
        let mut target = Image::new(width, height, PixelType::U8x3);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear)).crop(
            region.left,
            region.top,
            region.width,
            region.height,
        );
        Resizer::new()
            .resize(&source, &mut target, &options)
            .expect("the region lies in the picture, and both hold the same kind of pixels");
        Picture { width, height, rgb: target.into_vec() }
    }

    /// The pixels from (`left`, `top`), `width`×`height` of them, unchanged.
    pub(super) fn cut(&self, left: u32, top: u32, width: u32, height: u32) -> Picture {
        let row = |y: u32| {
            let start = 3 * (y * self.width + left) as usize;
            &self.rgb[start..start + 3 * width as usize]
        };
        let rgb = (top..top + height).flat_map(row).copied().collect();
        Picture { width, height, rgb }
    }
}
