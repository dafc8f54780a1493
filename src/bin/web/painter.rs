//! Where a drawing becomes an ImageBitmap.

use std::rc::Rc;

use burn_wgpu::wgpu;
use cam_lucida::picture::Picture;
use cam_lucida::render::Style;
use cam_lucida::render::gpu::{Renderer, View};
use cam_lucida::{Device, Error, Heatmap, Result, Size};
use js_sys::Uint8ClampedArray;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ImageBitmap, ImageData, OffscreenCanvas, WorkerGlobalScope};

/// Draws on the device that computes: a map to be coloured leaves a GPU only as finished pixels.
pub enum Painter {
    /// Nothing to keep.
    Cpu,
    /// A canvas that the wgpu device draws on.
    Gpu(Rc<Canvas>),
}

/// An OffscreenCanvas with its surface.
pub struct Canvas {
    canvas: OffscreenCanvas,
    surface: wgpu::Surface<'static>,
    configuration: wgpu::SurfaceConfiguration,
    device: wgpu::Device,
    queue: wgpu::Queue,
    renderer: Renderer,
}

/// A picture to draw over, with what draws on it.
pub struct Ground {
    view: Picture,
    /// The same on the GPU, and the canvas there; without it the CPU draws.
    canvas: Option<(Rc<Canvas>, View)>,
}

impl Painter {
    pub fn new(device: &Device) -> Result<Self> {
        let Some(setup) = device.wgpu() else {
            return Ok(Self::Cpu);
        };
        let failed =
            |error: &dyn std::fmt::Debug| Error::device_fault(&format!("no canvas to draw on: {error:?}"));
        let canvas = OffscreenCanvas::new(1, 1).map_err(|error| failed(&error))?;
        let target = wgpu::SurfaceTarget::OffscreenCanvas(canvas.clone());
        let surface = setup.instance.create_surface(target).map_err(|error| failed(&error))?;
        let configuration = surface.get_default_config(&setup.adapter, 1, 1);
        let mut configuration = configuration.ok_or_else(|| failed(&"the adapter draws on none"))?;
        configuration.format = configuration.format.remove_srgb_suffix();
        configuration.alpha_mode = wgpu::CompositeAlphaMode::Opaque;
        Ok(Self::Gpu(Rc::new(Canvas {
            canvas,
            surface,
            renderer: Renderer::new(setup, configuration.format),
            configuration,
            device: setup.device.clone(),
            queue: setup.queue.clone(),
        })))
    }

    /// Makes `view` ready to be drawn over.
    pub fn ground(&self, view: Picture) -> Ground {
        let canvas = match self {
            Self::Cpu => None,
            Self::Gpu(canvas) => Some((canvas.clone(), canvas.renderer.view(&view))),
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

impl Canvas {
    fn draw(&self, view: &View, size: Size, heatmap: &Heatmap, style: &Style) -> Result<ImageBitmap> {
        let (width, height) = (size.width as u32, size.height as u32);
        let failed =
            |error: &dyn std::fmt::Debug| Error::device_fault(&format!("the canvas failed: {error:?}"));
        self.canvas.set_width(width);
        self.canvas.set_height(height);
        let configuration = wgpu::SurfaceConfiguration { width, height, ..self.configuration.clone() };
        self.surface.configure(&self.device, &configuration);
        let frame = match self.surface.get_current_texture() {
            wgpu::CurrentSurfaceTexture::Success(frame) => frame,
            other => return Err(failed(&other)),
        };
        let target = frame.texture.create_view(&Default::default());
        self.renderer.draw(view, &heatmap.magnitude(), style, &target)?;
        self.queue.present(frame);
        self.canvas.transfer_to_image_bitmap().map_err(|error| failed(&error))
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
