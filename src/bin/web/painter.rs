//! Where a drawing becomes an ImageBitmap.

use burn_wgpu::wgpu;
use cam_lucida::picture::Picture;
use cam_lucida::render::gpu::{Renderer, View};
use cam_lucida::render::{Style, overlay, raw};
use cam_lucida::{Device, Error, Heatmap, Result};
use wasm_bindgen::{Clamped, JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ImageBitmap, ImageData, OffscreenCanvas, WorkerGlobalScope};

/// Draws on the device that computes: the raw map leaves a GPU only as finished pixels.
pub enum Painter {
    /// Nothing to keep.
    Cpu,
    /// A canvas that the wgpu device draws on.
    Gpu(Box<Canvas>),
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

/// A picture to draw over, where the painter wants it.
pub enum Ground {
    /// In memory.
    Cpu(Picture),
    /// On the GPU.
    Gpu(View, u32, u32),
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
        Ok(Self::Gpu(Box::new(Canvas {
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
        match self {
            Self::Cpu => Ground::Cpu(view),
            Self::Gpu(canvas) => Ground::Gpu(canvas.renderer.view(&view), view.width(), view.height()),
        }
    }

    /// Draws `heatmap` over `ground`.
    pub async fn draw(&self, ground: &Ground, heatmap: &Heatmap, style: &Style) -> Result<ImageBitmap> {
        style.check()?;
        if style.formula.is_raw() {
            let size = match ground {
                Ground::Cpu(view) => (view.width(), view.height()),
                Ground::Gpu(_, width, height) => (*width, *height),
            };
            return bitmap(&raw(&heatmap.values().await?, heatmap.map.dims(), size, style.formula)).await;
        }
        match (self, ground) {
            (Self::Gpu(canvas), Ground::Gpu(view, width, height)) => {
                canvas.draw(view, (*width, *height), heatmap, style)
            }
            (_, Ground::Cpu(view)) => {
                let [_, h, w] = heatmap.map.dims();
                bitmap(&overlay(view, &heatmap.magnitudes().await?, (h, w), style)).await
            }
            (Self::Cpu, Ground::Gpu(..)) => Err(Error::device_fault("a picture on a GPU that is gone")),
        }
    }
}

impl Canvas {
    fn draw(
        &self,
        view: &View,
        (width, height): (u32, u32),
        heatmap: &Heatmap,
        style: &Style,
    ) -> Result<ImageBitmap> {
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

async fn bitmap(picture: &Picture) -> Result<ImageBitmap> {
    let failed =
        |error: JsValue| Error::device_fault(&format!("the browser could not show the picture: {error:?}"));
    let rgba = picture.to_rgba();
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&rgba), picture.width(), picture.height());
    let worker: WorkerGlobalScope = js_sys::global().unchecked_into();
    let promise = data.and_then(|data| worker.create_image_bitmap_with_image_data(&data)).map_err(failed)?;
    Ok(JsFuture::from(promise).await.map_err(failed)?.unchecked_into())
}
