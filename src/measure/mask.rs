//! The mask of an object.

use super::Point;
use crate::error::error;
use crate::picture::{Picture, Preprocess, Preprocessor};
use crate::{Result, Size};

/// Which pixels of a picture belong to the object: at least one, and not all.
///
/// ```
/// use cam_lucida::{Size, measure::Mask, picture::Picture};
///
/// let picture = Picture::new(Size { height: 1, width: 2 }, vec![0, 0, 0, 255, 255, 255])?;
/// assert_eq!(Mask::from_picture(&picture)?.inside(), [false, true]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    size: Size,
    inside: Vec<bool>,
}

impl Mask {
    /// Wraps `inside` `[height, width]`, row-major.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request): not one value for each pixel, or all of them alike, so that the mask does not
    /// tell where the object is.
    pub fn new(size: Size, inside: Vec<bool>) -> Result<Self> {
        let found = inside.len();
        if found != size.area() {
            return Err(error!(
                Request,
                "mask-length", "a mask of {size} pixels needs one value for each, found {found}", size, found
            ));
        }
        let marked = inside.iter().filter(|inside| **inside).count();
        if marked == 0 {
            return Err(error!(
                Request,
                "mask-empty",
                "the mask is empty: no pixel is the object's; draw the object in any colour but black, the rest black"
            ));
        }
        if marked == found {
            return Err(error!(
                Request,
                "mask-full",
                "the mask is full: every pixel is the object's; draw the object in any colour but black, the rest black"
            ));
        }
        Ok(Self { size, inside })
    }

    /// Takes every pixel of `picture` that is not black for the object's.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn from_picture(picture: &Picture) -> Result<Self> {
        let inside = picture.rgb().chunks_exact(3).map(|pixel| pixel.iter().any(|&value| value > 0));
        Self::new(picture.size(), inside.collect())
    }

    /// The part of a whole picture's mask that heatmaps cover. [`Preprocess::Crop`] cuts it, and
    /// [`Preprocess::Letterbox`] adds bars; a resized pixel then belongs to
    /// the object if at least half of it does.
    ///
    /// # Errors
    /// As [`new`](Self::new), and as [`Preprocessor::frame`].
    pub fn seen(self, preprocessor: &Preprocessor, preprocess: Preprocess) -> Result<Self> {
        match preprocess {
            Preprocess::Squash | Preprocess::Fit => return Ok(self),
            Preprocess::Crop | Preprocess::Letterbox => {}
        }
        const HALF: u8 = 128;
        let white = self.inside.iter().flat_map(|&inside| [if inside { u8::MAX } else { 0 }; 3]);
        let picture = Picture::new(self.size, white.collect())?;
        // No object is in the bars.
        let black = Preprocessor { fill: Some([0; 3]), ..preprocessor.clone() };
        let frame = black.frame(&picture, preprocess)?;
        let inside = frame.rgb().iter().step_by(3).map(|&value| value >= HALF);
        Self::new(frame.size(), inside.collect())
    }

    /// Rows and columns.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Whether each pixel is the object's, `[height, width]`, row-major.
    pub fn inside(&self) -> &[bool] {
        &self.inside
    }

    /// Whether a pixel of the object lies within `distance` of pixel (`x`, `y`), from centre to centre.
    pub(super) fn reaches(&self, Point { x, y }: Point, distance: f64) -> bool {
        let near = |at: usize| {
            let (across, down) = ((at % self.size.width).abs_diff(x), (at / self.size.width).abs_diff(y));
            (across as f64).hypot(down as f64) <= distance
        };
        self.inside.iter().enumerate().any(|(at, inside)| *inside && near(at))
    }
}
