//! The overlay on the GPU: reads the raw map from the very buffer that Burn wrote.

use burn::tensor::Tensor;
use burn_wgpu::wgpu::{self, util::DeviceExt};
use burn_wgpu::{AutoCompiler, Wgpu, WgpuResource, WgpuSetup};
use cubecl::wgpu::WgpuServer;

use super::style::{FADE, Formula, Style};
use crate::error::error;
use crate::picture::Picture;
use crate::{Result, Size};

const WORKGROUP: u32 = 8;

/// Draws overlays on the wgpu device that Burn computes on.
///
/// The example needs a GPU, so it is compiled but not run.
///
/// ```no_run
/// use burn_wgpu::wgpu;
/// use cam_lucida::Device;
/// use cam_lucida::render::{Style, gpu::Renderer};
/// # use cam_lucida::{Heatmap, Result, picture::Picture};
///
/// # async fn draw(picture: &Picture, heatmap: &Heatmap, target: &wgpu::TextureView) -> Result<()> {
/// let device = Device::gpu().await?;
/// let setup = device.wgpu().expect("a GPU has a wgpu device");
/// let renderer = Renderer::new(setup, wgpu::TextureFormat::Rgba8Unorm);
/// let view = renderer.view(picture);
/// renderer.draw(&view, &heatmap.magnitude(), &Style::default(), target)?;
/// # Ok(())
/// # }
/// ```
pub struct Renderer {
    device: wgpu::Device,
    queue: wgpu::Queue,
    map_range: wgpu::ComputePipeline,
    seed_range: wgpu::ComputePipeline,
    draw: wgpu::RenderPipeline,
}

/// A picture on the GPU, ready to be drawn over.
///
/// See the example of [`Renderer`].
pub struct View {
    texture: wgpu::TextureView,
    size: wgpu::Extent3d,
}

impl Renderer {
    /// Compiles the shader for targets of `format`, one without sRGB conversion.
    pub fn new(setup: &WgpuSetup, format: wgpu::TextureFormat) -> Self {
        let device = setup.device.clone();
        let module = device.create_shader_module(wgpu::include_wgsl!("overlay.wgsl"));
        let compute = |entry_point| {
            device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some(entry_point),
                layout: None,
                module: &module,
                entry_point: Some(entry_point),
                compilation_options: Default::default(),
                cache: None,
            })
        };
        let draw = device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("overlay"),
            layout: None,
            vertex: wgpu::VertexState {
                module: &module,
                entry_point: Some("vertex"),
                compilation_options: Default::default(),
                buffers: &[],
            },
            fragment: Some(wgpu::FragmentState {
                module: &module,
                entry_point: Some("fragment"),
                compilation_options: Default::default(),
                targets: &[Some(format.into())],
            }),
            primitive: Default::default(),
            depth_stencil: None,
            multisample: Default::default(),
            multiview_mask: None,
            cache: None,
        });
        Self {
            map_range: compute("map_range"),
            seed_range: compute("seed_range"),
            draw,
            queue: setup.queue.clone(),
            device,
        }
    }

    /// Uploads a picture.
    pub fn view(&self, picture: &Picture) -> View {
        let size = extent(picture.size());
        let descriptor = wgpu::TextureDescriptor {
            label: Some("view"),
            size,
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba8Unorm,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        };
        let rgba = picture.to_rgba();
        let order = wgpu::util::TextureDataOrder::LayerMajor;
        let texture = self.device.create_texture_with_data(&self.queue, &descriptor, order, &rgba);
        View { texture: texture.create_view(&Default::default()), size }
    }

    /// Draws the raw map `[h, w]` over `view` on `target`, which has the view's size. The map stays on the GPU.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request): the style's formula is [raw](Formula::is_raw), which [`super::draw`] draws;
    /// [`is_device`](crate::Error::is_device): the map lies on another device.
    pub fn draw(
        &self,
        view: &View,
        map: &Tensor<2>,
        style: &Style,
        target: &wgpu::TextureView,
    ) -> Result<()> {
        if style.formula.is_raw() {
            return Err(error!(
                Request,
                "raw-formula-on-gpu",
                "the overlay `{formula}` shows raw values, which the CPU draws; draw it there",
                formula = style.formula
            ));
        }
        let raw = MapBuffer::new(map)?;
        let uniforms = self.uniform(bytemuck::cast_slice(&uniforms(view, map.dims(), style)));
        let colours = style.colormap.table().map(|[r, g, b]| [r, g, b, 1.0]);
        let colours = self.uniform(bytemuck::cast_slice(&colours));
        let ranges = self.device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: Some("ranges"),
            contents: bytemuck::cast_slice(&[u32::MAX, 0, u32::MAX, 0]),
            usage: wgpu::BufferUsages::STORAGE,
        });
        let resources = [
            uniforms.as_entire_binding(),
            raw.resource.as_wgpu_bind_resource(),
            wgpu::BindingResource::TextureView(&view.texture),
            colours.as_entire_binding(),
            ranges.as_entire_binding(),
            ranges.as_entire_binding(),
        ];
        let bindings = Bindings { device: &self.device, resources };
        let mut encoder = self.device.create_command_encoder(&Default::default());
        self.find_ranges(&mut encoder, &bindings, view.size, style.formula);
        self.paint(&mut encoder, &bindings, target);
        self.queue.submit([encoder.finish()]);
        Ok(())
    }

    /// The compute pass: the range of the map, and that of the mixture where the formula stretches it.
    fn find_ranges(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        bindings: &Bindings<'_>,
        size: wgpu::Extent3d,
        formula: Formula,
    ) {
        let (across, down) = (size.width.div_ceil(WORKGROUP), size.height.div_ceil(WORKGROUP));
        let mut pass = encoder.begin_compute_pass(&Default::default());
        let group = bindings.group(&self.map_range.get_bind_group_layout(0), &[0, 1, 4]);
        pass.set_pipeline(&self.map_range);
        pass.set_bind_group(0, &group, &[]);
        pass.dispatch_workgroups(across, down, 1);
        if formula == Formula::Seed {
            let group = bindings.group(&self.seed_range.get_bind_group_layout(0), &[0, 1, 2, 3, 4]);
            pass.set_pipeline(&self.seed_range);
            pass.set_bind_group(0, &group, &[]);
            pass.dispatch_workgroups(across, down, 1);
        }
    }

    /// The render pass: one triangle that covers the target.
    fn paint(&self, encoder: &mut wgpu::CommandEncoder, bindings: &Bindings<'_>, target: &wgpu::TextureView) {
        let attachment = wgpu::RenderPassColorAttachment {
            view: target,
            depth_slice: None,
            resolve_target: None,
            ops: wgpu::Operations {
                load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                store: wgpu::StoreOp::Store,
            },
        };
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            color_attachments: &[Some(attachment)],
            ..Default::default()
        });
        let group = bindings.group(&self.draw.get_bind_group_layout(0), &[0, 1, 2, 3, 5]);
        pass.set_pipeline(&self.draw);
        pass.set_bind_group(0, &group, &[]);
        pass.draw(0..3, 0..1);
    }

    fn uniform(&self, contents: &[u8]) -> wgpu::Buffer {
        self.device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: None,
            contents,
            usage: wgpu::BufferUsages::UNIFORM,
        })
    }
}

/// What the shader is given, each at the number of its binding.
struct Bindings<'a> {
    device: &'a wgpu::Device,
    resources: [wgpu::BindingResource<'a>; 6],
}

impl Bindings<'_> {
    /// Those that an entry point uses: its automatic layout has no others.
    fn group(&self, layout: &wgpu::BindGroupLayout, bindings: &[usize]) -> wgpu::BindGroup {
        let entry = |&binding: &usize| wgpu::BindGroupEntry {
            binding: binding as u32,
            resource: self.resources[binding].clone(),
        };
        self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout,
            entries: &bindings.iter().map(entry).collect::<Vec<_>>(),
        })
    }
}

/// `Uniforms` of the shader, as 32-bit words.
fn uniforms(view: &View, [h, w]: [usize; 2], style: &Style) -> [u32; 8] {
    [
        h as u32,
        w as u32,
        view.size.height,
        view.size.width,
        style.formula as u32,
        style.opacity.to_bits(),
        style.threshold.to_bits(),
        FADE.to_bits(),
    ]
}

/// The buffer that holds a tensor, kept from being reused while it lives.
struct MapBuffer {
    resource: WgpuResource,
    _tensor: Tensor<2>,
}

impl MapBuffer {
    fn new(map: &Tensor<2>) -> Result<Self> {
        let elsewhere = |found: String| {
            error!(Device, "map-elsewhere", "the heatmap is not on the GPU that draws it ({found})", found)
        };
        // A copy is contiguous, whatever view of a larger tensor the map may be.
        let tensor = map.clone() + 0.0;
        let primitive =
            tensor.clone().try_into_primitive::<Wgpu>().map_err(|error| elsewhere(format!("{error:?}")))?;
        let resource = primitive.client.get_resource::<WgpuServer<AutoCompiler>>(primitive.handle);
        let resource = resource.map_err(|error| elsewhere(format!("{error:?}")))?.resource().clone();
        tensor.device().flush().map_err(|error| elsewhere(format!("{error:?}")))?;
        Ok(Self { resource, _tensor: tensor })
    }
}

fn extent(size: Size) -> wgpu::Extent3d {
    wgpu::Extent3d { width: size.width as u32, height: size.height as u32, depth_or_array_layers: 1 }
}

/// Draws once into memory: [`Renderer::draw`] where there is no canvas.
///
/// # Errors
/// As [`Renderer::draw`]; [`is_device`](crate::Error::is_device) also where the device fails.
pub async fn overlay(setup: &WgpuSetup, view: &Picture, map: &Tensor<2>, style: &Style) -> Result<Picture> {
    const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;
    let renderer = Renderer::new(setup, FORMAT);
    let size = extent(view.size());
    let target = setup.device.create_texture(&wgpu::TextureDescriptor {
        label: Some("target"),
        size,
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: FORMAT,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
        view_formats: &[],
    });
    renderer.draw(&renderer.view(view), map, style, &target.create_view(&Default::default()))?;

    let stride = (4 * size.width).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
    let buffer = setup.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("pixels"),
        size: u64::from(stride) * u64::from(size.height),
        usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
        mapped_at_creation: false,
    });
    let layout = wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(stride), rows_per_image: None };
    let mut encoder = setup.device.create_command_encoder(&Default::default());
    encoder.copy_texture_to_buffer(
        target.as_image_copy(),
        wgpu::TexelCopyBufferInfo { buffer: &buffer, layout },
        size,
    );
    setup.queue.submit([encoder.finish()]);
    let failed = |found: &dyn std::fmt::Display| {
        error!(Device, "gpu-drawing", "the GPU could not draw: {found}", found)
    };
    buffer.map_async(wgpu::MapMode::Read, .., |_| ());
    setup.device.poll(wgpu::PollType::wait_indefinitely()).map_err(|error| failed(&error))?;
    let bytes = buffer.get_mapped_range(..).map_err(|error| failed(&error))?;
    let rows = bytes.chunks_exact(stride as usize).map(|row| &row[..4 * size.width as usize]);
    let rgb = rows.flat_map(|row| row.chunks_exact(4)).flat_map(|p| [p[0], p[1], p[2]]);
    Picture::new(view.size(), rgb.collect())
}
