//! From a raw map to a picture: upsampled, normalised, coloured and laid over what the network saw.
//!
//! [`draw`] decides how: it colours a map ([`Formula::is_raw`] is false), or shows the raw values. The same coloured
//! picture comes from [`gpu::Renderer`] on the wgpu device that Burn computes on.

mod colormap;
#[cfg(feature = "gpu")]
pub mod gpu;
mod overlay;
mod raw;
mod style;
mod tables;

pub use colormap::Colormap;
pub use overlay::{normalise, upsample};
pub use style::{Formula, Style};

use crate::Size;
use crate::picture::Picture;

/// Draws a heatmap with `style`, at the size of `view`: raw `values` `[c, h, w]` of `shape`, one channel of a map or
/// three of a signed picture.
///
/// A raw formula draws the values as they are, in grey or in colour. Any other colours the map, or of a signed picture
/// the largest magnitude of the channels (Simonyan 2014), and mixes it with the picture of `view`.
///
/// ```
/// use cam_lucida::Size;
/// use cam_lucida::picture::Picture;
/// use cam_lucida::render::{Colormap, Style, draw};
///
/// let view = Picture::new(Size { height: 1, width: 2 }, vec![100; 6])?;
/// let style = Style { colormap: Colormap::Grey, opacity: 0.5, ..Style::default() };
/// // Black at the smallest value, white at the largest, each half of the mixture.
/// assert_eq!(draw(&view, &[3.0, 5.0], [1, 1, 2], &style).rgb(), [50, 50, 50, 178, 178, 178]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
///
/// # Panics
/// If there are not `c * h * w` values, at least one.
pub fn draw(view: &Picture, values: &[f32], shape: [usize; 3], style: &Style) -> Picture {
    let [channels, height, width] = shape;
    let size = Size { height, width };
    assert!(
        !values.is_empty() && values.len() == channels * size.area(),
        "a map [c, h, w] has a value for each channel and place"
    );
    match (style.formula.is_raw(), channels) {
        (true, _) => raw::draw(values, size, view.size(), style.formula),
        (false, 1) => overlay::draw(view, values, size, style),
        (false, _) => overlay::draw(view, &magnitude(values, size.area()), size, style),
    }
}

/// The largest magnitude of the channels at each of `pixels`.
fn magnitude(values: &[f32], pixels: usize) -> Vec<f32> {
    let at =
        |pixel: usize| values.iter().skip(pixel).step_by(pixels).fold(0.0, |max: f32, v| max.max(v.abs()));
    (0..pixels).map(at).collect()
}

/// The smallest and the largest of `values`.
fn range(values: &[f32]) -> (f32, f32) {
    // NaN is neither; in WebAssembly `f32::min` and `f32::max` are calls.
    let fold = |(min, max): (f32, f32), &value: &f32| {
        (if value < min { value } else { min }, if value > max { value } else { max })
    };
    values.iter().fold((f32::INFINITY, f32::NEG_INFINITY), fold)
}
