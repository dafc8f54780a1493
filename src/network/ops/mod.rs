//! What networks are computed by: layers with their weights, and operations with gradients of our own.

mod batch_norm;
mod conv2d;
mod convolve;
mod coord_conv;
mod fused;
mod linear;
mod loader;
mod max_pool;
mod normalise;
mod pick;
mod pool;
mod relu;
mod sample;
mod slices;
mod tanh;

pub use batch_norm::BatchNorm;
pub use conv2d::{Conv2d, Convolution};
pub(in crate::network) use coord_conv::{CoordConv, coordinates};
pub(in crate::network) use fused::Fused;
pub use linear::Linear;
pub use loader::Loader;
pub(crate) use pick::pick;
pub use pool::{
    adaptive_average_pool, average_pool_2x2, average_pool_3x3, global_average_pool, global_max_pool,
    max_pool_2x2, max_pool_3x3,
};
pub use relu::ReluRule;
pub(in crate::network) use relu::rectify;
pub(crate) use sample::sample;
pub(in crate::network) use tanh::tanh;
