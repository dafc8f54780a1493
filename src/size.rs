//! Rows and columns, told apart by name.

use std::fmt;

/// The size of a picture, an input, a map or a mask, in pixels. Shown as width × height.
///
/// ```
/// use cam_lucida::Size;
///
/// let size = Size { height: 480, width: 640 };
/// assert_eq!(size.to_string(), "640×480");
/// assert_eq!(size.area(), 307_200);
/// assert_eq!(Size::square(224), Size { height: 224, width: 224 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Size {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

impl Size {
    /// As many rows as columns.
    pub const fn square(side: usize) -> Self {
        Self { height: side, width: side }
    }

    /// How many pixels it has; `usize::MAX` stands for more than that, so that no check of a length overflows.
    pub const fn area(self) -> usize {
        self.height.saturating_mul(self.width)
    }

    /// The shorter side.
    pub fn min_side(self) -> usize {
        self.height.min(self.width)
    }

    /// The longer side.
    pub fn max_side(self) -> usize {
        self.height.max(self.width)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}×{}", self.width, self.height)
    }
}
