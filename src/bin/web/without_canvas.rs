//! What stands for the canvas of a GPU in an engine without the feature `gpu`: there is none.

use cam_lucida::picture::Picture;
use cam_lucida::render::Style;
use cam_lucida::{Device, Heatmap, Result, Size};
use web_sys::ImageBitmap;

/// Nothing.
pub enum Canvas {}

/// Never made.
pub struct View;

impl Canvas {
    pub fn on(_: &Device) -> Result<Option<Self>> {
        Ok(None)
    }

    pub fn view(&self, _: &Picture) -> View {
        match *self {}
    }

    pub fn draw(&self, _: &View, _: Size, _: &Heatmap, _: &Style) -> Result<ImageBitmap> {
        match *self {}
    }
}
