//! Resizing equal to Pillow's antialiased filters.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use strum::VariantArray;

use super::Picture;
use crate::error::unknown_variant;
use crate::{Error, Size};

/// How the pixels of a resized picture are computed.
///
/// ```
/// use cam_lucida::picture::Interpolation;
///
/// assert_eq!("bicubic".parse::<Interpolation>()?.in_pillow(), 3);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Error, parse_err_fn = unknown)]
pub enum Interpolation {
    /// Pillow's `BILINEAR`: a triangle as wide as the reduction.
    #[default]
    Bilinear,
    /// Pillow's `BICUBIC`: Catmull and Rom's cubic spline (`a = -1/2`), twice as wide.
    Bicubic,
}

fn unknown(name: &str) -> Error {
    unknown_variant("interpolation", name, Interpolation::VARIANTS)
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

/// A part of a picture, in its pixels; edges may lie at fractions of a pixel.
///
/// ```
/// use cam_lucida::Size;
/// use cam_lucida::picture::{Picture, Region};
///
/// let picture = Picture::new(Size { height: 1, width: 2 }, vec![0, 0, 0, 90, 90, 90])?;
/// let right = Region { left: 1.0, width: 1.0, ..picture.region() };
/// assert_eq!(picture.resize(right, Size::square(1)).rgb(), [90, 90, 90]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
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
        Region { left: 0.0, top: 0.0, width: self.size.width as f64, height: self.size.height as f64 }
    }

    /// `region` of the picture at `size`, each side at least 1, as Pillow's `Image.resize(size, BILINEAR, box)` gives it.
    pub fn resize(&self, region: Region, size: Size) -> Picture {
        self.resize_by(Interpolation::Bilinear, region, size)
    }

    /// [`resize`](Self::resize) with another interpolation than the bilinear.
    pub fn resize_by(&self, interpolation: Interpolation, region: Region, size: Size) -> Picture {
        if region == self.region() && size == self.size {
            return self.clone();
        }
        match interpolation {
            Interpolation::Bilinear => self.filtered(FilterType::Bilinear, region, size),
            Interpolation::Bicubic => {
                // The spline overshoots, and what is cut off depends on the order: Pillow's is across, then down.
                let Region { left, top, width: across, height: down } = region;
                let whole = self.region();
                let strip = Region { left, width: across, ..whole };
                let strip =
                    self.filtered(FilterType::CatmullRom, strip, Size { height: self.size.height, ..size });
                let part = Region { top, height: down, ..strip.region() };
                strip.filtered(FilterType::CatmullRom, part, size)
            }
        }
    }

    fn filtered(&self, filter: FilterType, region: Region, size: Size) -> Picture {
        let sides = |size: Size| (size.width as u32, size.height as u32);
        let ((own_width, own_height), (width, height)) = (sides(self.size), sides(size));
        let mut rgb = vec![0; 3 * size.area()];
        let holds = "a picture holds 3 bytes a pixel";
        // Of this one type: the others' code would be a twentieth of the page's engine.
        let source = TypedImageRef::<U8x3>::from_buffer(own_width, own_height, &self.rgb).expect(holds);
        let mut target = TypedImage::<U8x3>::from_buffer(width, height, &mut rgb).expect(holds);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter)).crop(
            region.left,
            region.top,
            region.width,
            region.height,
        );
        Resizer::new().resize_typed(&source, &mut target, &options).expect("the region lies in the picture");
        Picture { size, rgb }
    }

    /// The part of `size` from (`left`, `top`) on, unchanged.
    pub(super) fn cut(&self, left: usize, top: usize, size: Size) -> Picture {
        let row = |y: usize| {
            let start = 3 * (y * self.size.width + left);
            &self.rgb[start..start + 3 * size.width]
        };
        let rgb = (top..top + size.height).flat_map(row).copied().collect();
        Picture { size, rgb }
    }
}
