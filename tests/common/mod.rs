//! What several test files need.
#![allow(dead_code)]

pub mod colours;
pub mod committed;
pub mod skip;
pub mod tables;
pub mod torch_file;
pub mod weight_file;

use std::path::PathBuf;
use std::sync::OnceLock;

use cam_lucida::Device;
use skip::Skip;

/// The GPU; a software adapter (Debian's `mesa-vulkan-drivers`) will do.
///
/// # Errors
/// [`Skip`] without an adapter.
///
/// # Panics
/// In CI without an adapter: a check that CI can make must not be left out there.
pub fn gpu() -> Result<Device, Skip> {
    static GPU: OnceLock<Result<Device, Skip>> = OnceLock::new();
    let opened = GPU.get_or_init(|| {
        pollster::block_on(Device::gpu()).map_err(|error| {
            Skip::new(format!("{error}; `scripts/setup.sh native` installs a software adapter"))
        })
    });
    if let (Err(skip), Some(_)) = (opened, std::env::var_os("CI")) {
        panic!("CI has no GPU adapter: {skip}");
    }
    opened.clone()
}

/// A file of the real weights and photographs that developers keep beside the project.
///
/// # Errors
/// [`Skip`] without the file.
pub fn real(file: &str) -> Result<PathBuf, Skip> {
    let folder = std::env::var_os("CAM_LUCIDA_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let path = folder.join(file);
    if path.exists() {
        return Ok(path);
    }
    Err(Skip::new(format!("{} is missing; set CAM_LUCIDA_DATA to the folder that holds it", path.display())))
}

/// The pictures that scenes are made of, which cannot be tested without their font.
#[cfg(feature = "train")]
pub fn stickers() -> cam_lucida::scenes::Stickers {
    use cam_lucida::scenes::{FONT, Stickers};
    Stickers::from_file(FONT.as_ref()).unwrap_or_else(|error| {
        panic!("scenes cannot be tested: {error}; `scripts/setup.sh native` installs the package")
    })
}
