//! Where the object is.

use crate::picture::{Picture, Preprocess, Preprocessor};
use crate::{Error, Result};

/// Which pixels of a picture belong to the object: at least one, and not all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    height: usize,
    width: usize,
    inside: Vec<bool>,
}

impl Mask {
    /// Wraps `inside` `[height, width]`, row-major.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request): not `height * width` values, or all of them alike, so that there is no
    /// telling where the object is.
    pub fn new(height: usize, width: usize, inside: Vec<bool>) -> Result<Self> {
        if inside.len() != height * width {
            return Err(Error::request(format!(
                "a mask [{height}, {width}] has {} pixels, found {}",
                height * width,
                inside.len()
            )));
        }
        let marked = inside.iter().filter(|inside| **inside).count();
        if marked == 0 || marked == inside.len() {
            let which = if marked == 0 { "empty: no pixel is" } else { "full: every pixel is" };
            return Err(Error::request(format!(
                "the mask is {which} of the object; pixels of the object must be other than black, the rest black"
            )));
        }
        Ok(Self { height, width, inside })
    }

    /// The object is where `picture` is not black.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn of(picture: &Picture) -> Result<Self> {
        let inside = picture.rgb().chunks_exact(3).map(|pixel| pixel.iter().any(|&value| value > 0));
        Self::new(picture.height() as usize, picture.width() as usize, inside.collect())
    }

    /// Of a mask of the whole picture, what heatmaps cover: the cut that [`Preprocess::Crop`] makes, where a pixel is
    /// the object's if at least half of it is; otherwise everything.
    ///
    /// # Errors
    /// As [`new`](Self::new), and as [`Preprocessor::frame`].
    pub fn seen(self, preprocessor: &Preprocessor, preprocess: Preprocess) -> Result<Self> {
        if preprocess != Preprocess::Crop {
            return Ok(self);
        }
        const HALF: u8 = 128;
        let white = self.inside.iter().flat_map(|&inside| [if inside { u8::MAX } else { 0 }; 3]);
        let picture = Picture::new(self.width as u32, self.height as u32, white.collect())?;
        let frame = preprocessor.frame(&picture, preprocess)?;
        let inside = frame.rgb().iter().step_by(3).map(|&value| value >= HALF);
        Self::new(frame.height() as usize, frame.width() as usize, inside.collect())
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Whether each pixel is the object's, `[height, width]`, row-major.
    pub fn inside(&self) -> &[bool] {
        &self.inside
    }

    /// Whether a pixel of the object lies within `distance` of pixel (`x`, `y`), from centre to centre.
    pub(super) fn reaches(&self, (x, y): (usize, usize), distance: f64) -> bool {
        let near = |at: usize| {
            let (across, down) = ((at % self.width).abs_diff(x), (at / self.width).abs_diff(y));
            (across as f64).hypot(down as f64) <= distance
        };
        self.inside.iter().enumerate().any(|(at, inside)| *inside && near(at))
    }
}
