//! Resizing equal to Pillow's antialiased filters.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::Picture;

/// What a pixel of a resized picture is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Interpolation {
    /// Pillow's `BILINEAR`: a triangle as wide as the reduction.
    #[default]
    Bilinear,
    /// Pillow's `BICUBIC`: Catmull and Rom's cubic spline (`a = -1/2`), twice as wide.
    Bicubic,
}

impl Interpolation {
    /// The number of the filter in Pillow's `Image.Resampling`.
    pub fn in_pillow(self) -> u8 {
        match self {
            Self::Bilinear => 2,
            Self::Bicubic => 3,
        }
    }
}

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

    /// `region` of the picture at `width`×`height` pixels (both at least 1), as Pillow's
    /// `Image.resize(size, BILINEAR, box)` gives it.
    pub fn resize(&self, region: Region, width: u32, height: u32) -> Picture {
        self.resize_by(Interpolation::Bilinear, region, width, height)
    }

    /// [`resize`](Self::resize) with another interpolation than the bilinear.
    pub fn resize_by(
        &self,
        interpolation: Interpolation,
        region: Region,
        width: u32,
        height: u32,
    ) -> Picture {
        if region == self.region() && (width, height) == (self.width, self.height) {
            return self.clone();
        }
        match interpolation {
            Interpolation::Bilinear => self.filtered(FilterType::Bilinear, region, width, height),
            Interpolation::Bicubic => {
                // The spline overshoots, and what is cut off depends on the order: Pillow's is across, then down.
                let Region { left, top, width: across, height: down } = region;
                let whole = self.region();
                let strip = Region { left, width: across, ..whole };
                let strip = self.filtered(FilterType::CatmullRom, strip, width, self.height);
                let part = Region { top, height: down, ..strip.region() };
                strip.filtered(FilterType::CatmullRom, part, width, height)
            }
        }
    }

    fn filtered(&self, filter: FilterType, region: Region, width: u32, height: u32) -> Picture {
        let source = ImageRef::new(self.width, self.height, &self.rgb, PixelType::U8x3)
            .expect("a picture holds 3 bytes a pixel");
        let mut target = Image::new(width, height, PixelType::U8x3);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter)).crop(
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
