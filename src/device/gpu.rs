//! A GPU, through wgpu.

use burn::tensor::Device as Tensors;
#[cfg(target_os = "linux")]
use burn_wgpu::WgpuBackend;
use burn_wgpu::{WgpuSetup, wgpu};

use crate::Result;
use crate::error::error;

/// A wgpu device that Burn computes on. A clone is the same device.
#[derive(Clone)]
pub struct Gpu(WgpuSetup);

impl Gpu {
    /// The GPU that wgpu prefers, with Burn's handle of it.
    pub async fn open() -> Result<(Tensors, Self)> {
        let options = Tensors::wgpu_options();
        // Looking for OpenGL too would print complaints of its libraries, and could not run the kernels well.
        #[cfg(target_os = "linux")]
        let options = options.graphics_api(WgpuBackend::Vulkan);
        let initialised = options.init_with_setup_async().await;
        let (tensors, setup) = initialised
            .map_err(|cause| error!(Device, "no-gpu", "no usable GPU: {cause}", cause).with_source(cause))?;
        Ok((tensors, Self(setup)))
    }

    pub fn is_software(&self) -> bool {
        self.0.adapter.get_info().device_type == wgpu::DeviceType::Cpu
    }

    /// The name for people: the adapter's.
    pub fn name(&self) -> String {
        let info = self.0.adapter.get_info();
        let name = [&info.name, &info.driver].into_iter().find(|name| !name.is_empty());
        name.map_or("GPU".into(), |name| format!("GPU ({name})"))
    }

    /// Bytes that one buffer holds at most.
    pub fn max_buffer(&self) -> u64 {
        let limits = self.0.device.limits();
        limits.max_buffer_size.min(limits.max_storage_buffer_binding_size)
    }

    pub fn setup(&self) -> &WgpuSetup {
        &self.0
    }
}
