//! Several words of a caption in one pass.

use std::ops::Range;
use std::sync::Arc;

use burn::tensor::Tensor;
use burn::tensor::activation::sigmoid;

use super::block::read;
use super::captioner::{Captioner, to_rows};
use crate::network::{LinearHead, Network, Tap};

/// A [`Captioner`] with a caption: for each of some places in turn, a row that scores the word there.
///
/// A pass looks at a picture once and reads the words once, so it costs hardly more than one of
/// [`Writing`](super::Writing) for the last place. Layer [`READ`](Self::READ) holds, row by row, what is read for the words.
///
/// ```
/// use std::sync::Arc;
///
/// use cam_lucida::Device;
/// use cam_lucida::burn::tensor::Tensor;
/// use cam_lucida::network::language::{Captioner, WritingPhrase};
/// use cam_lucida::network::{Network, Tap};
/// # use cam_lucida::weights::Hashed;
///
/// let device = Device::cpu();
/// let captioner = Arc::new(Captioner::load(&mut Hashed { classes: 40 }, device.tensors())?);
/// let phrase = captioner.bind_phrase(&[12, 7, 9], 1..3)?;
///
/// let mut tap = Tap::at_layers(&[WritingPhrase::READ]);
/// let x = Tensor::ones([1, 3, 96, 96], device.tensors());
/// assert_eq!(phrase.forward(x, &mut tap).dims(), [2, 40]);
/// assert_eq!(tap.take(WritingPhrase::READ).unwrap().activation.dims(), [2, 128, 12, 12]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct WritingPhrase {
    pub(super) captioner: Arc<Captioner>,
    /// What goes in, from the start to the word before the last place.
    pub(super) tokens: Vec<usize>,
    /// At least one.
    pub(super) places: Range<usize>,
}

impl WritingPhrase {
    /// The layer of what is read for the words, a row each.
    pub const READ: &str = "read";
}

impl Network for WritingPhrase {
    /// Logits `[n * places, words]`, the places of a picture beside each other. Where the tap repeats each picture to rows,
    /// it must be to as many as there are places.
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        let captioner = self.captioner.as_ref();
        let n = x.dims()[0];
        let count = self.places.len();
        let seen = captioner.look(x, tap);
        // From a tapped layer on there is a row for each place.
        let [rows, _, h, w] = seen.values.dims();
        let words = captioner.embedding.forward(&self.tokens);
        let mut writer = captioner.start(&seen);
        let (mut outputs, mut bounds, mut gates) = (Vec::new(), Vec::new(), Vec::new());
        for t in 0..self.tokens.len() {
            let word = words.clone().narrow(0, t, 1).repeat_dim(0, rows);
            let (next, looks) = captioner.advance(&seen, word, writer);
            writer = next;
            if self.places.contains(&t) {
                outputs.push(writer.state.output.clone());
                bounds.push(writer.bounds.clone());
                gates.push(sigmoid(looks.gate));
            }
        }
        let each = |parts: Vec<Tensor<2>>| of_each(parts, n, rows);
        let (outputs, bounds, gates) = (each(outputs), each(bounds), each(gates));
        let read = tap.at(Self::READ, to_rows(seen.values, n * count), |values, _| {
            read(values, gates.reshape([n * count, 1, h, w]))
        });
        let [rows, k, ..] = read.dims();
        let glimpses = read.reshape([rows, k, h * w]).mean_dim(2).reshape([rows, k]);
        captioner.logits([glimpses, bounds, outputs])
    }

    fn tells_sides(&self) -> bool {
        true
    }

    fn linear_head(&self) -> Option<LinearHead> {
        Some(LinearHead { layers: vec![Self::READ.into()], weight: self.captioner.classifier.weight() })
    }
}

/// What each place has `[rows, width]`, beside each other for each of `n` pictures: `[n * places, width]`. Where there is a
/// row for each place already, each gives its own.
fn of_each(parts: Vec<Tensor<2>>, n: usize, rows: usize) -> Tensor<2> {
    let count = parts.len();
    let own = |(at, part): (usize, Tensor<2>)| {
        let width = part.dims()[1];
        let part: Tensor<3> = part.reshape([n, rows / n, width]);
        if rows == n { part } else { part.narrow(1, at, 1) }
    };
    let parts = Tensor::cat(parts.into_iter().enumerate().map(own).collect(), 1);
    let width = parts.dims()[2];
    parts.reshape([n * count, width])
}
