//! Where a network takes its numbers from.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use burn::tensor::{Device, Tensor};

use super::{HeadPlan, Variant};
use crate::Result;
use crate::read_back::upload;

/// A source of named tensors in PyTorch's layout and with torchvision's names.
///
/// A network is built by taking every tensor that it has from one of these.
///
/// ```
/// use cam_lucida::network::{Architecture, Parameters};
/// use cam_lucida::{Device, Result};
///
/// /// Zeros everywhere, and a count of the numbers taken.
/// struct Zeros(usize);
///
/// impl Parameters for Zeros {
///     fn take(&mut self, _name: &str, shape: &[usize]) -> Result<Vec<f32>> {
///         let count = shape.iter().product();
///         self.0 += count;
///         Ok(vec![0.0; count])
///     }
///
///     fn rows(&self, _name: &str) -> Result<usize> {
///         Ok(10)
///     }
/// }
///
/// let mut zeros = Zeros(0);
/// Architecture::named("squeezenet_small")?.load(&mut zeros, Device::cpu().tensors())?;
/// assert!((100_000..400_000).contains(&zeros.0));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub trait Parameters {
    /// The values of tensor `name`, row-major, which must have exactly this `shape`.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights), naming the tensor, what was found and what was wanted: it
    /// is missing, has another shape or a type that cannot be read, or holds a value that is not finite.
    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>>;

    /// The size of tensor `name` along its first axis: of a classifier's weight, the number of classes.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights) when the tensor is missing or a scalar.
    fn rows(&self, name: &str) -> Result<usize>;

    /// The shape of tensor `name`, where it has one before a network wants it, as in a file.
    fn shape(&self, _name: &str) -> Option<&[usize]> {
        None
    }

    /// The head that the source has in place of an architecture's own.
    fn head(&self) -> Option<&HeadPlan> {
        None
    }

    /// How the network computes where its tensors do not tell; `None`: nobody says.
    fn variant(&self) -> Option<Variant> {
        None
    }

    /// Tensor `name` of `shape`, flat, on `device`: a constant, or while a network learns a leaf of the tape. A single
    /// number stands for a tensor that has it everywhere.
    ///
    /// # Errors
    /// As [`take`](Self::take).
    fn tensor(&mut self, name: &str, shape: &[usize], device: &Device) -> Result<Tensor<1>> {
        let values = self.take(name, shape)?;
        let count = values.len();
        Ok(upload(values, [count], device))
    }

    /// While a network learns: where its batch normalisation `name` is to put the moments of the batch, which it then
    /// normalises by instead of the running ones.
    fn moments(&mut self, _name: &str, _channels: usize) -> Option<Moments> {
        None
    }
}

/// A source of which somebody says how its network computes.
pub(crate) struct Stated<'a> {
    pub source: &'a mut dyn Parameters,
    /// `None`: what the source says counts.
    pub variant: Option<Variant>,
    /// Likewise.
    pub head: Option<HeadPlan>,
}

impl Parameters for Stated<'_> {
    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        self.source.take(name, shape)
    }

    fn rows(&self, name: &str) -> Result<usize> {
        self.source.rows(name)
    }

    fn shape(&self, name: &str) -> Option<&[usize]> {
        self.source.shape(name)
    }

    fn head(&self) -> Option<&HeadPlan> {
        self.head.as_ref().or(self.source.head())
    }

    fn variant(&self) -> Option<Variant> {
        self.variant.or(self.source.variant())
    }

    fn tensor(&mut self, name: &str, shape: &[usize], device: &Device) -> Result<Tensor<1>> {
        self.source.tensor(name, shape, device)
    }

    fn moments(&mut self, name: &str, channels: usize) -> Option<Moments> {
        self.source.moments(name, channels)
    }
}

/// Mean and (unbiased) variance `[channels]` of one batch, passed from a batch normalisation to who runs it.
///
/// A clone holds the same moments.
///
/// ```
/// use cam_lucida::burn::tensor::Tensor;
/// use cam_lucida::network::Moments;
/// # let device = cam_lucida::Device::cpu();
///
/// let moments = Moments::default();
/// let layer = moments.clone();
/// layer.put(Tensor::zeros([8], device.tensors()), Tensor::ones([8], device.tensors()));
/// assert!(moments.take().is_some() && moments.take().is_none());
/// ```
#[derive(Clone, Default)]
pub struct Moments(Arc<Mutex<Option<[Tensor<1>; 2]>>>);

impl Moments {
    /// Notes those of the batch at hand.
    pub fn put(&self, mean: Tensor<1>, variance: Tensor<1>) {
        *self.lock() = Some([mean, variance]);
    }

    /// What was noted, if a batch has passed.
    pub fn take(&self) -> Option<[Tensor<1>; 2]> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<[Tensor<1>; 2]>> {
        // What panicked while it held the moments has left whole ones, or none.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
