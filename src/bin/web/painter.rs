//! Where a drawing becomes an ImageBitmap.

use std::rc::Rc;

use cam_lucida::picture::Picture;
use cam_lucida::render::Style;
use cam_lucida::{Device, Error, Heatmap, Result, Size};
use js_sys::Uint8ClampedArray;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ImageBitmap, ImageData, WorkerGlobalScope};

use crate::canvas::{Canvas, View};

/// Draws on the device that computes: a map to be coloured leaves a GPU only as finished pixels.
pub enum Painter {
    /// Nothing to keep.
    Cpu,
    /// A canvas that the wgpu device draws on.
    Gpu(Rc<Canvas>),
}

/// A picture to draw over, with what draws on it.
pub struct Ground {
    view: Picture,
    /// The same on the GPU, and the canvas there; without it the CPU draws.
    canvas: Option<(Rc<Canvas>, View)>,
}

impl Painter {
    pub fn new(device: &Device) -> Result<Self> {
        Ok(Canvas::on(device)?.map_or(Self::Cpu, |canvas| Self::Gpu(Rc::new(canvas))))
    }

    /// Makes `view` ready to be drawn over.
    pub fn ground(&self, view: Picture) -> Ground {
        let canvas = match self {
            Self::Cpu => None,
            Self::Gpu(canvas) => Some((canvas.clone(), canvas.view(&view))),
        };
        Ground { view, canvas }
    }
}

impl Ground {
    /// Draws `heatmap` over the picture; raw values are drawn by the CPU, wherever they are.
    pub async fn draw(&self, heatmap: &Heatmap, style: &Style) -> Result<ImageBitmap> {
        style.check()?;
        match &self.canvas {
            Some((canvas, view)) if !style.formula.is_raw() => {
                canvas.draw(view, self.view.size(), heatmap, style)
            }
            _ => bitmap(&heatmap.draw(&self.view, style).await?).await,
        }
    }
}

/// A picture by itself.
pub async fn bitmap(picture: &Picture) -> Result<ImageBitmap> {
    let failed =
        |error: JsValue| Error::device_fault(&format!("the browser could not show the picture: {error:?}"));
    let (rgba, Size { height, width }) = (picture.to_rgba(), picture.size());
    // A copy, because browsers take no pixels from memory that threads share.
    let rgba = Uint8ClampedArray::from(&*rgba);
    let data = ImageData::new_with_js_u8_clamped_array_and_sh(&rgba, width as u32, height as u32);
    let worker: WorkerGlobalScope = js_sys::global().unchecked_into();
    let promise = data.and_then(|data| worker.create_image_bitmap_with_image_data(&data)).map_err(failed)?;
    Ok(JsFuture::from(promise).await.map_err(failed)?.unchecked_into())
}
