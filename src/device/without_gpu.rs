//! What stands for a GPU in a build without the feature `gpu`: there is none.

use burn::tensor::Device as Tensors;

use crate::Result;
use crate::error::error;

/// Nothing.
#[derive(Clone)]
pub enum Gpu {}

impl Gpu {
    pub async fn open() -> Result<(Tensors, Self)> {
        Err(error!(
            Device,
            "built-without-gpu",
            "this build computes on the CPU alone; build it with the feature `gpu`, or choose the CPU"
        ))
    }

    pub fn is_software(&self) -> bool {
        match *self {}
    }

    pub fn name(&self) -> String {
        match *self {}
    }

    pub fn max_buffer(&self) -> u64 {
        match *self {}
    }
}
