//! The canvas of a GPU that computes.

use burn_wgpu::wgpu;
use cam_lucida::picture::Picture;
use cam_lucida::render::Style;
use cam_lucida::render::gpu::Renderer;
pub use cam_lucida::render::gpu::View;
use cam_lucida::{Device, Error, Heatmap, Result, Size};
use web_sys::{ImageBitmap, OffscreenCanvas};

/// An OffscreenCanvas with its surface.
pub struct Canvas {
    canvas: OffscreenCanvas,
    surface: wgpu::Surface<'static>,
    configuration: wgpu::SurfaceConfiguration,
    device: wgpu::Device,
    queue: wgpu::Queue,
    renderer: Renderer,
}

impl Canvas {
    /// A canvas that `device` draws on; none where that is the CPU.
    pub fn on(device: &Device) -> Result<Option<Self>> {
        let Some(setup) = device.wgpu() else { return Ok(None) };
        let failed =
            |error: &dyn std::fmt::Debug| Error::device_fault(&format!("no canvas to draw on: {error:?}"));
        let canvas = OffscreenCanvas::new(1, 1).map_err(|error| failed(&error))?;
        let target = wgpu::SurfaceTarget::OffscreenCanvas(canvas.clone());
        let surface = setup.instance.create_surface(target).map_err(|error| failed(&error))?;
        let configuration = surface.get_default_config(&setup.adapter, 1, 1);
        let mut configuration = configuration.ok_or_else(|| failed(&"the adapter draws on none"))?;
        configuration.format = configuration.format.remove_srgb_suffix();
        configuration.alpha_mode = wgpu::CompositeAlphaMode::Opaque;
        Ok(Some(Self {
            canvas,
            surface,
            renderer: Renderer::new(setup, configuration.format),
            configuration,
            device: setup.device.clone(),
            queue: setup.queue.clone(),
        }))
    }

    /// The same picture on the GPU, ready to be drawn over.
    pub fn view(&self, picture: &Picture) -> View {
        self.renderer.view(picture)
    }

    /// Draws `heatmap` over `view`, which has `size`.
    pub fn draw(&self, view: &View, size: Size, heatmap: &Heatmap, style: &Style) -> Result<ImageBitmap> {
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
