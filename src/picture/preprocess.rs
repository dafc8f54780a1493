//! From a picture to what a network takes, and to what a person is shown of it.

use std::ops::RangeInclusive;

use strum::VariantArray;

use super::{Interpolation, Picture, Region};
use crate::error::{error, unknown_variant};
use crate::{Error, Result, Size};

/// How a picture of any shape becomes the network's input.
///
/// ```
/// use cam_lucida::picture::Preprocess;
///
/// assert_eq!("crop".parse::<Preprocess>()?, Preprocess::Crop);
/// assert_eq!(Preprocess::default().to_string(), "squash");
/// assert_eq!("stretch".parse::<Preprocess>().unwrap_err().code(), "unknown-name");
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
pub enum Preprocess {
    /// The whole picture, squashed to the network's input.
    #[default]
    Squash,
    /// torchvision's evaluation transform: the shorter side to 256 (342 where the network's size is 299), the
    /// centre cut out. Of an input that is no square, timm's: the picture covers [`resize`](Preprocessor::resize).
    Crop,
    /// As small as covers the network's input, the aspect kept, nothing cut.
    Fit,
    /// As large as the network's input holds, the aspect kept, bars of [`fill`](Preprocessor::fill) on both sides: Pillow's
    /// `ImageOps.pad`.
    Letterbox,
}

fn unknown(name: &str) -> Error {
    unknown_variant("preprocessing", name, Preprocess::VARIANTS)
}

/// In which order a network takes the colours of a pixel.
///
/// ```
/// use cam_lucida::picture::ChannelOrder;
///
/// assert_eq!("bgr".parse::<ChannelOrder>()?, ChannelOrder::Bgr);
/// assert_eq!("grb".parse::<ChannelOrder>().unwrap_err().code(), "unknown-name");
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, strum::EnumString, strum::IntoStaticStr, strum::VariantArray,
)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Error, parse_err_fn = unknown_order)]
pub enum ChannelOrder {
    /// Red, green, blue.
    #[default]
    Rgb,
    /// Blue, green, red, as OpenCV reads pictures and Caffe's networks take them.
    Bgr,
}

impl ChannelOrder {
    /// The channel of a colour, and the colour of a channel: red is 0.
    const fn other(self, one: usize) -> usize {
        match self {
            Self::Rgb => one,
            Self::Bgr => 2 - one,
        }
    }
}

fn unknown_order(name: &str) -> Error {
    unknown_variant("channel order", name, ChannelOrder::VARIANTS)
}

/// The numbers that a model's training fixed: input size and normalisation.
///
/// ```
/// use cam_lucida::Size;
/// use cam_lucida::picture::{Picture, Preprocess, Preprocessor};
///
/// let preprocessor = Preprocessor::imagenet(224);
/// let grey = Picture::new(Size { height: 300, width: 400 }, vec![128; 3 * 300 * 400])?;
/// let frame = preprocessor.frame(&grey, Preprocess::Crop)?;
/// assert_eq!(frame.size(), Size::square(224));
/// assert_eq!(preprocessor.normalise(&frame).len(), 3 * 224 * 224);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Preprocessor {
    /// Rows and columns of the input.
    pub size: Size,
    /// [`Preprocess::Crop`] scales a picture so that it covers this before it cuts `size` out of the centre.
    pub resize: Size,
    /// Mean of red, green and blue, of values in 0..1.
    pub mean: [f32; 3],
    /// Standard deviation of red, green and blue, of values in 0..1.
    pub std: [f32; 3],
    /// In which order the network takes them.
    pub order: ChannelOrder,
    /// The filter that brings a picture to the size.
    pub interpolation: Interpolation,
    /// The red, green and blue of the bars of [`Preprocess::Letterbox`], 0 to 255; `None`: the mean, which is 0 once it is
    /// normalised.
    pub fill: Option<[u8; 3]>,
}

impl Preprocessor {
    /// Rows, or columns, that an input may have.
    pub const SIDES: RangeInclusive<usize> = 32..=2048;

    /// Pixels of a view's longer side: large enough to see, small enough to redraw at once.
    pub const VIEW_SIDES: RangeInclusive<usize> = 448..=1024;

    /// How many times as long as wide a picture may be where its aspect is kept.
    pub const MAX_ASPECT: usize = 8;

    /// torchvision's numbers for ImageNet networks of `size` pixels, which are 7/8 of the shorter side.
    pub const fn imagenet(size: u32) -> Self {
        let [size, resize] = [Size::square(size as usize), Size::square((size as usize * 8).div_ceil(7))];
        let (mean, std) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
        Self {
            size,
            resize,
            mean,
            std,
            order: ChannelOrder::Rgb,
            interpolation: Interpolation::Bilinear,
            fill: None,
        }
    }

    /// The pixels that the network sees, at its size.
    ///
    /// # Errors
    /// [`is_image`](Error::is_image): `crop`, `fit` and `letterbox` keep the aspect, so they refuse a picture more
    /// than [`MAX_ASPECT`](Self::MAX_ASPECT) times as long as wide.
    pub fn frame(&self, picture: &Picture, preprocess: Preprocess) -> Result<Picture> {
        let size = picture.size();
        if preprocess != Preprocess::Squash && size.max_side() > Self::MAX_ASPECT * size.min_side() {
            return Err(error!(
                Image,
                "picture-aspect",
                "a picture of {size} pixels is too elongated to keep its aspect ratio (at most {max}:1); choose `squash`, or crop it",
                size,
                max = Self::MAX_ASPECT
            ));
        }
        let resized = |size| picture.resize_by(self.interpolation, picture.region(), size);
        Ok(match preprocess {
            Preprocess::Squash => resized(self.size),
            Preprocess::Fit => resized(covering(size, self.size)),
            Preprocess::Letterbox => self.boxed(resized(within(size, self.size)), self.size),
            Preprocess::Crop => {
                let whole = covering(size, self.resize);
                let (left, top) = margins(whole, self.size);
                resized(whole).cut(left, top, self.size)
            }
        })
    }

    /// Whether two ways make the same of a picture of this size.
    pub fn agrees(&self, picture: Size, one: Preprocess, other: Preprocess) -> bool {
        // To what it is scaled, and what that is cut or padded to.
        let sizes = |way| match way {
            Preprocess::Squash => (self.size, self.size),
            Preprocess::Fit => (covering(picture, self.size), covering(picture, self.size)),
            Preprocess::Letterbox => (within(picture, self.size), self.size),
            Preprocess::Crop => (covering(picture, self.resize), self.size),
        };
        sizes(one) == sizes(other)
    }

    /// The input `[3, height, width]` of `frame`: `(value / 255 - mean) / std` for each colour, in the network's order.
    pub fn normalise(&self, frame: &Picture) -> Vec<f32> {
        let pixels = frame.rgb().as_chunks::<3>().0;
        let mut values = Vec::with_capacity(frame.rgb().len());
        for c in [0, 1, 2].map(|channel| self.order.other(channel)) {
            values.extend(
                pixels.iter().map(|pixel| (f32::from(pixel[c]) / 255.0 - self.mean[c]) / self.std[c]),
            );
        }
        values
    }

    /// The inverse of [`normalise`](Self::normalise), to the nearest colour: `values` `[3, height, width]`.
    ///
    /// # Panics
    /// If there are not three values for each pixel of `size`, or none.
    pub fn denormalise(&self, values: &[f32], size: Size) -> Picture {
        let pixels = size.area();
        let colour = |pixel: usize, c: usize| {
            let value = values[self.order.other(c) * pixels + pixel] * self.std[c] + self.mean[c];
            (value * 255.0).round().clamp(0.0, 255.0) as u8
        };
        let rgb = (0..pixels).flat_map(|pixel| [0, 1, 2].map(|c| colour(pixel, c)));
        Picture::new(size, rgb.collect()).expect("three colours for each pixel")
    }

    /// What the heatmap covers, for people: that part of the picture in its own aspect, the longer side
    /// within [`VIEW_SIDES`](Self::VIEW_SIDES).
    pub fn view(&self, picture: &Picture, preprocess: Preprocess) -> Picture {
        let region = self.region(picture, preprocess);
        let (min, max) = (*Self::VIEW_SIDES.start(), *Self::VIEW_SIDES.end());
        let longer = region.width.max(region.height).round() as usize;
        self.viewed(picture, preprocess, longer.clamp(min, max))
    }

    fn viewed(&self, picture: &Picture, preprocess: Preprocess, longer: usize) -> Picture {
        if preprocess == Preprocess::Letterbox {
            let size = within(self.size, Size::square(longer));
            return self.boxed(picture.resize(picture.region(), within(picture.size(), size)), size);
        }
        scaled(picture, self.region(picture, preprocess), longer as f64)
    }

    /// A picture in the middle of a larger one of the colour of the bars.
    fn boxed(&self, picture: Picture, size: Size) -> Picture {
        let mean = || self.mean.map(|mean| (255.0 * mean).round().clamp(0.0, 255.0) as u8);
        let (left, top) = margins(size, picture.size());
        let mut rgb = self.fill.unwrap_or_else(mean).repeat(size.area());
        for (y, row) in picture.rgb().chunks_exact(3 * picture.size().width).enumerate() {
            rgb[3 * ((top + y) * size.width + left)..][..row.len()].copy_from_slice(row);
        }
        Picture::new(size, rgb).expect("three colours for each pixel")
    }

    /// [`view`](Self::view) with its longer side at `longer` pixels: a small one is drawn sooner.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request): the longer side is not 1 to the end of [`VIEW_SIDES`](Self::VIEW_SIDES).
    pub fn view_with_side(
        &self,
        picture: &Picture,
        preprocess: Preprocess,
        longer: usize,
    ) -> Result<Picture> {
        let max = *Self::VIEW_SIDES.end();
        if longer == 0 || longer > max {
            return Err(error!(
                Request,
                "view-side", "a view's longer side must be 1 to {max} pixels, found {longer}", max, longer
            ));
        }
        Ok(self.viewed(picture, preprocess, longer))
    }

    /// The part of the picture that the network sees, in the picture's own pixels.
    fn region(&self, picture: &Picture, preprocess: Preprocess) -> Region {
        if preprocess != Preprocess::Crop {
            return picture.region();
        }
        let (own, whole) = (picture.size(), covering(picture.size(), self.resize));
        let (left, top) = margins(whole, self.size);
        let across = own.width as f64 / whole.width as f64;
        let down = own.height as f64 / whole.height as f64;
        Region {
            left: left as f64 * across,
            top: top as f64 * down,
            width: self.size.width as f64 * across,
            height: self.size.height as f64 * down,
        }
    }
}

/// `region` of a picture in its own aspect, the longer side at `longer` pixels.
fn scaled(picture: &Picture, region: Region, longer: f64) -> Picture {
    let scale = longer / region.width.max(region.height);
    let pixels = |side: f64| (side * scale).round().max(1.0) as usize;
    picture.resize(region, Size { height: pixels(region.height), width: pixels(region.width) })
}

/// `size`, scaled so that it just covers `whole`. Of a square the longer side is truncated as torchvision's `Resize` does; else both
/// are rounded as timm's `ResizeKeepRatio` does.
fn covering(size: Size, whole: Size) -> Size {
    let Size { height, width } = size;
    if whole.height == whole.width {
        let side = whole.height;
        let longer = |long: usize, short: usize| (side as u64 * long as u64 / short as u64) as usize;
        return if width <= height {
            Size { height: longer(height, width), width: side }
        } else {
            Size { height: side, width: longer(width, height) }
        };
    }
    let ratio = (height as f64 / whole.height as f64).min(width as f64 / whole.width as f64);
    let scaled = |side: usize, min: usize| ((side as f64 / ratio).round_ties_even() as usize).max(min);
    Size { height: scaled(height, whole.height), width: scaled(width, whole.width) }
}

/// `size`, scaled so that `whole` just holds it, rounded as Pillow's `ImageOps.contain` does.
fn within(size: Size, whole: Size) -> Size {
    let Size { height, width } = size;
    let shorter = |short: usize, long: usize, side: usize| {
        ((short as f64 / long as f64 * side as f64).round_ties_even() as usize).max(1)
    };
    if width * whole.height >= height * whole.width {
        Size { height: shorter(height, width, whole.width).min(whole.height), width: whole.width }
    } else {
        Size { height: whole.height, width: shorter(width, height, whole.height).min(whole.width) }
    }
}

/// Pixels left of and above a centred cut, halves rounded to even as Python's `round` does.
fn margins(whole: Size, cut: Size) -> (usize, usize) {
    let margin = |whole: usize, cut: usize| ((whole - cut) as f64 / 2.0).round_ties_even() as usize;
    (margin(whole.width, cut.width), margin(whole.height, cut.height))
}
