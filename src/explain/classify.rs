//! A model classifies inputs, one or many.

use burn::tensor::Tensor;

use super::{Input, Model, Scores};
use crate::cam::{self, Progress, Watch};
use crate::error::error;
use crate::network::Tap;
use crate::read_back::upload;
use crate::{Result, Size};

impl Model {
    /// The class scores alone.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request) when the input is too small for the network;
    /// [`is_weights`](crate::Error::is_weights) when a score is not finite; [`is_device`](crate::Error::is_device) when the device fails.
    pub async fn classify(&self, input: &Input) -> Result<Scores> {
        self.check_input(input)?;
        let logits = self.network.forward(input.tensor(self.device()), &mut Tap::at_layers(&[]));
        Scores::read(logits, self.problem()).await
    }

    /// The class scores of inputs of one size. They are made as they are needed, in chunks that fit into memory;
    /// `watch` is told of each under the name `what`.
    ///
    /// # Errors
    /// As [`classify`](Self::classify); [`is_request`](crate::Error::is_request) when sizes or channels differ;
    /// [`is_cancelled`](crate::Error::is_cancelled) when `watch` breaks off.
    pub async fn classify_each(
        &self,
        what: &'static str,
        inputs: impl ExactSizeIterator<Item = Input>,
        watch: &dyn Watch,
    ) -> Result<Vec<Scores>> {
        let total = inputs.len();
        let mut inputs = inputs.peekable();
        let Some(first) = inputs.peek() else { return Ok(Vec::new()) };
        self.check_input(first)?;
        let (size, channels) = (first.size, first.channels);
        let default_area = self.preprocessor().size.area() as f64;
        let enlarged = size.area() as f64 / default_area;
        let mut scores = Vec::with_capacity(total);
        for range in cam::forward_chunks(self.device().tensors(), self.layers(), enlarged, total) {
            let x = self.batch(inputs.by_ref().take(range.len()), size, channels)?;
            let logits = self.network.forward(x, &mut Tap::default());
            scores.extend(Scores::read_rows(logits, self.problem()).await?);
            watch.step(Progress { method: what, done: range.end, total }).go_on().await?;
        }
        Ok(scores)
    }

    /// Inputs of one size as `[n, channels, height, width]`.
    fn batch(&self, inputs: impl Iterator<Item = Input>, size: Size, channels: usize) -> Result<Tensor<4>> {
        let mut values = Vec::new();
        let mut count = 0;
        for input in inputs {
            if input.size != size {
                return Err(error!(
                    Request,
                    "input-sizes-differ",
                    "inputs of {first} and {other} pixels do not go into one batch",
                    first = size,
                    other = input.size
                ));
            }
            if input.channels != channels {
                return Err(error!(
                    Request,
                    "input-channels-differ",
                    "inputs of {first} and {other} channels do not go into one batch",
                    first = channels,
                    other = input.channels
                ));
            }
            values.extend(input.values);
            count += 1;
        }
        Ok(upload(values, [count, channels, size.height, size.width], self.device().tensors()))
    }
}
