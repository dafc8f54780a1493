//! What several test files need.
#![allow(dead_code)]

pub mod colours;
pub mod torch_file;
pub mod weight_file;

use std::path::PathBuf;
use std::sync::OnceLock;

use cam_lucida::Device;

/// The GPU, or after a message nothing: a software adapter (Debian's `mesa-vulkan-drivers`) will do.
pub fn gpu() -> Option<Device> {
    static GPU: OnceLock<Option<Device>> = OnceLock::new();
    let opened = GPU.get_or_init(|| match pollster::block_on(Device::gpu()) {
        Ok(device) => Some(device),
        Err(error) => {
            println!("skipped: {error}; install mesa-vulkan-drivers to run this check");
            None
        }
    });
    opened.clone()
}

/// A file of the real weights and photographs that developers keep beside the project, or after a message nothing.
pub fn real(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CAM_LUCIDA_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not there (set CAM_LUCIDA_DATA to the folder that has it)", path.display());
    None
}

/// The pictures that scenes are made of, which cannot be tested without their font.
#[cfg(feature = "train")]
pub fn stickers() -> cam_lucida::scenes::Stickers {
    use cam_lucida::scenes::{FONT, Stickers};
    Stickers::from_file(FONT.as_ref()).unwrap_or_else(|error| {
        panic!("scenes cannot be tested: {error}; `scripts/setup.sh native` installs the package")
    })
}
