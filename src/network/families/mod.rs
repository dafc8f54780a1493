//! The catalogue: one family of architectures a file.

pub mod densenet;
pub mod inception_v3;
pub mod mobilenet_v2;
pub mod resnet;
pub mod shufflenet_v2;
pub mod squeezenet;
pub mod vgg;
