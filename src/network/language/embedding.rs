//! Words as vectors.

use burn::tensor::Tensor;

use crate::Result;
use crate::network::ops::Loader;
use crate::read_back::upload;

/// A table of a vector for each word: PyTorch's `Embedding`.
///
/// ```
/// use cam_lucida::network::language::Embedding;
/// use cam_lucida::network::ops::Loader;
/// # use cam_lucida::Device;
/// # use cam_lucida::weights::Hashed;
/// # let (device, mut weights) = (Device::cpu(), Hashed { classes: 40 });
///
/// let embedding = Embedding::load(&mut Loader::new(&mut weights, device.tensors()), "embedding", 64)?;
/// assert_eq!(embedding.words(), 40);
/// assert_eq!(embedding.forward(&[7, 2, 7]).dims(), [3, 64]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct Embedding(
    /// `[words, width]`.
    Tensor<2>,
);

impl Embedding {
    /// Takes `{name}.weight` `[words, width]`, which tells the number of words.
    ///
    /// # Errors
    /// As [`Parameters::take`](crate::network::Parameters::take) and [`rows`](crate::network::Parameters::rows).
    pub fn load(loader: &mut Loader, name: &str, width: usize) -> Result<Self> {
        let name = format!("{name}.weight");
        let words = loader.rows(&name)?;
        Ok(Self(loader.tensor(&name, [words, width])?))
    }

    /// How many words there are.
    pub fn words(&self) -> usize {
        self.0.dims()[0]
    }

    /// The vectors of `tokens`, at least one and each below [`words`](Self::words): `[tokens, width]`.
    pub fn forward(&self, tokens: &[usize]) -> Tensor<2> {
        let words = self.words();
        let mut chosen = vec![0.0_f32; tokens.len() * words];
        for (row, &token) in chosen.chunks_exact_mut(words).zip(tokens) {
            row[token] = 1.0;
        }
        // A product, of which only one number of each sum is not zero: no tensor of whole numbers for Burn to select by, nor its gradient.
        upload(chosen, [tokens.len(), words], &self.0.device()).matmul(self.0.clone())
    }
}
