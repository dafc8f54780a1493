//! Where the numbers are computed: the CPU, or a GPU through wgpu, chosen at run time.

mod canary;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(not(feature = "gpu"))]
#[path = "without_gpu.rs"]
mod gpu;

use burn::tensor::Device as Tensors;
#[cfg(feature = "gpu")]
use burn_wgpu::WgpuSetup;

use self::gpu::Gpu;
use crate::Result;
use crate::error::error;

/// A place to compute on. A clone is the same place.
///
/// The numerics are the same code on every device; they use [`tensors`](Self::tensors) alone.
///
/// ```
/// use cam_lucida::Device;
///
/// # pollster::block_on(async {
/// let device = Device::preferred().await;
/// println!("computing on the {}", device.name());
/// # });
/// ```
#[derive(Clone)]
pub struct Device {
    tensors: Tensors,
    gpu: Option<Gpu>,
}

impl Device {
    /// The CPU: Burn's flex backend with SIMD, on all cores natively; in the browser on those that it lends.
    pub fn cpu() -> Self {
        Self { tensors: Tensors::flex(), gpu: None }
    }

    /// The device to take when nobody has chosen one: a GPU that passes its [check](Self::check) and is not a
    /// [software emulation](Self::is_software), else the CPU. Open it once and clone it.
    pub async fn preferred() -> Self {
        match Self::gpu().await {
            Ok(gpu) if !gpu.is_software() && gpu.check().await.is_ok() => gpu,
            _ => Self::cpu(),
        }
    }

    /// The GPU that wgpu prefers, on a wgpu device that a renderer can share. Open it once and clone it.
    ///
    /// # Errors
    /// [`is_device`](crate::Error::is_device): there is no adapter, or Burn cannot run on it; or this was built without
    /// the feature `gpu`.
    pub async fn gpu() -> Result<Self> {
        let (tensors, gpu) = Gpu::open().await?;
        Ok(Self { tensors, gpu: Some(gpu) })
    }

    /// Whether this is a GPU; a software one counts, see [`is_software`](Self::is_software).
    pub fn is_gpu(&self) -> bool {
        self.gpu.is_some()
    }

    /// Whether the GPU is an emulation on the CPU, slower than the CPU itself.
    pub fn is_software(&self) -> bool {
        self.gpu.as_ref().is_some_and(Gpu::is_software)
    }

    /// The name for people, such as `CPU` or the adapter's.
    pub fn name(&self) -> String {
        self.gpu.as_ref().map_or("CPU".into(), Gpu::name)
    }

    /// Checks that a tensor of f32 fits into one buffer of the device.
    ///
    /// # Errors
    /// [`is_device`](crate::Error::is_device), with the sizes.
    pub fn check_tensor(&self, name: &str, shape: &[usize]) -> Result<()> {
        let Some(gpu) = &self.gpu else { return Ok(()) };
        let max = gpu.max_buffer();
        // A linear layer that is larger than any device must hold is computed in parts.
        let bytes = (shape.iter().product::<usize>() * size_of::<f32>()) as u64;
        let is_linear = shape.len() == 2;
        if is_linear || bytes <= max {
            return Ok(());
        }
        Err(error!(
            Device,
            "tensor-too-large",
            "tensor `{name}` of shape {shape} takes {size} MiB, a buffer of this GPU holds {max} MiB; the CPU can compute this network",
            name,
            shape = format!("{shape:?}"),
            size = bytes >> 20,
            max = max >> 20
        ))
    }

    /// The device of Burn's tensors.
    pub fn tensors(&self) -> &Tensors {
        &self.tensors
    }

    /// The wgpu device that Burn computes on, for a renderer to share.
    #[cfg(feature = "gpu")]
    pub fn wgpu(&self) -> Option<&WgpuSetup> {
        self.gpu.as_ref().map(Gpu::setup)
    }

    /// Computes a small forward and backward pass whose result is known. A device with another result must not
    /// be trusted with a heatmap.
    ///
    /// # Errors
    /// [`is_device`](crate::Error::is_device), with both results.
    pub async fn check(&self) -> Result<()> {
        canary::check(&self.tensors).await
    }
}
