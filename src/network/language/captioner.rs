//! Captioning: a network that writes a sentence, word by word, and looks at the picture for each.

use std::ops::Range;
use std::sync::Arc;

use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor};

use super::block::{Block, CHANNELS, Encoder, glimpse, read};
use super::tokens::{END, PAD, START, check, length};
use super::{Embedding, Lstm, State, WritingPhrase};
use crate::Result;
use crate::error::error;
use crate::network::ops::{Conv2d, Convolution, CoordConv, Linear, Loader, coordinates, pick, tanh};
use crate::network::tap::repeat_rows;
use crate::network::{LinearHead, Network, Parameters, Tap};

/// The first number that stands for a word.
pub(super) const FIRST: usize = END + 1;
/// Numbers that stand for a word.
const WORD: usize = 64;
/// Numbers that stand for what was written so far.
const WIDTH: usize = 192;
const BLOCKS: usize = 2;
/// Channels of the values, whose mean, as far as they are let through, is a glimpse.
const VALUES: usize = 128;
/// Channels of the keys, by which a glimpse is directed.
const KEYS: usize = 64;
/// Numbers that tell where gates are open.
const BOUNDS: usize = 6;
/// Added to the sum of the gates, which may all be shut.
const SHUT: f32 = 1e-3;

/// `caption_small`: describes pictures (Xu 2015, <https://arxiv.org/abs/1502.03044>).
///
/// The small ResNet to `layer4`, a stem, and two residual blocks give values `V` and keys `K`. At each place the memory takes
/// the last word and the last glimpse to `h`. Additive attention opens a gate at each pixel, twice: first for a glance,
/// `b = σ(v·tanh(K + Q h))`, then for what is like what it saw, `a = σ(v·tanh(K + Q h + P s))`. Here `s` is the mean of
/// `24 b⊙V`. Layer `read.t` is `24 a⊙V` of place `t`, and its mean is the glimpse. Beside it the memory takes
/// the gates' bounds. These are the mean of where they are open, and how far they reach to each side: `max a·(1 ± x)` and `max a·(1 ± y)`.
/// So the network can tell what is left of what. A word's logit is a linear function of the glimpse, another of the bounds, and
/// another of `h`. So at `read.t` CAM, Grad-CAM and HiResCAM agree. Before the first word it looks as at any place, with `h = 0`.
///
/// Xu's softmax in place of the gate sums to one, so two cups look to it as one does, and the network could not count. Without
/// the glance it read "two" from the larger cup alone. A gate opens on all that is alike only once it knows what that is.
///
/// ```
/// use std::sync::Arc;
///
/// use cam_lucida::Device;
/// use cam_lucida::burn::tensor::Tensor;
/// use cam_lucida::network::language::Captioner;
/// use cam_lucida::network::{Network, Tap};
/// # use cam_lucida::weights::Hashed;
///
/// let device = Device::cpu();
/// let captioner = Arc::new(Captioner::load(&mut Hashed { classes: 40 }, device.tensors())?);
/// let x = Tensor::ones([1, 3, 96, 96], device.tensors());
/// let best = pollster::block_on(captioner.beam(x.clone(), 3))?.remove(0);
///
/// // The network that writes word 1 after word 0.
/// let writing = captioner.bind(&[12, 7], 1)?;
/// let mut tap = Tap::at_layers(&[writing.default_layer()]);
/// assert_eq!(writing.forward(x, &mut tap).dims(), [1, 40]);
/// assert_eq!(tap.take("read.1").unwrap().activation.dims(), [1, 128, 12, 12]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct Captioner {
    encoder: Encoder,
    blocks: Vec<Block>,
    value: CoordConv,
    key: Conv2d,
    pub(super) embedding: Embedding,
    lstm: Lstm,
    /// `[KEYS, WIDTH]`.
    query: Tensor<2>,
    /// What a glance adds to the query, `[KEYS, VALUES]`.
    refine: Tensor<2>,
    /// `[1, KEYS]`.
    score: Tensor<2>,
    /// From the glimpse to the words.
    pub(super) classifier: Linear,
    /// From where it looks to the words, `[words, BOUNDS]`.
    bounds: Tensor<2>,
    /// From what was written to the words, `[words, WIDTH]`.
    prior: Tensor<2>,
    pub(super) device: Device,
}

/// A [`Captioner`] with the words before a place: a classifier of the word there.
///
/// See the example of [`Captioner`].
pub struct Writing {
    captioner: Arc<Captioner>,
    /// What goes in, from the start to the word before.
    tokens: Vec<usize>,
    layer: String,
}

/// What a [`Captioner`] says at each place of captions, and where it looks: at pixels of [`STRIDE`](super::Film::STRIDE)² of the
/// picture's, row by row.
///
/// ```
/// use cam_lucida::Device;
/// use cam_lucida::burn::tensor::Tensor;
/// use cam_lucida::network::language::{Captioner, Written};
/// # use cam_lucida::weights::Hashed;
///
/// let device = Device::cpu();
/// let captioner = Captioner::load(&mut Hashed { classes: 40 }, device.tensors())?;
/// let x = Tensor::ones([1, 3, 96, 96], device.tensors());
/// let Written { logits, glances, gates } = captioner.write_and_look(x, &[vec![12, 7]])?;
/// assert_eq!(logits.dims(), [1, 3, 40]);
/// assert_eq!((glances.dims(), gates.dims()), ([1, 3, 144], [1, 3, 144]));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct Written {
    /// `[n, places, words]`.
    pub logits: Tensor<3>,
    /// The logits of the gates of each glance, `[n, places, pixels]`.
    pub glances: Tensor<3>,
    /// The logits of the gates through which each word is read, `[n, places, pixels]`.
    pub gates: Tensor<3>,
}

/// What is seen of pictures.
#[derive(Clone)]
pub(super) struct Seen {
    /// `[n, VALUES, h, w]`.
    pub values: Tensor<4>,
    /// `[n, KEYS, h, w]`.
    pub keys: Tensor<4>,
}

/// What a word, and all that is written after it, follows from.
#[derive(Clone)]
pub(super) struct Writer {
    pub state: State,
    /// `[n, VALUES]`.
    pub glimpse: Tensor<2>,
    /// Where the gates are open, `[n, BOUNDS]`.
    pub bounds: Tensor<2>,
}

/// The logits of the gates at a place, `[n, h * w]`.
pub(super) struct Looks {
    pub glance: Tensor<2>,
    pub gate: Tensor<2>,
}

impl Captioner {
    /// Its name.
    pub const NAME: &str = "caption_small";

    /// Takes every tensor from `parameters`. The rows of `embedding.weight` tell the number of words.
    ///
    /// # Errors
    /// As [`Parameters::take`] and [`Parameters::rows`].
    pub fn load(parameters: &mut dyn Parameters, device: &Device) -> Result<Self> {
        let mut loader = Loader::new(parameters, device);
        let encoder = Encoder::load(&mut loader)?;
        let block = |i| Block::load(&mut loader, format!("blocks.{i}"));
        let blocks = (0..BLOCKS).map(block).collect::<Result<_>>()?;
        let embedding = Embedding::load(&mut loader, "embedding", WORD)?;
        let words = embedding.words();
        Ok(Self {
            encoder,
            blocks,
            value: CoordConv::load(&mut loader, "value", CHANNELS, VALUES)?,
            key: Conv2d::load(&mut loader, "key", Convolution::new(KEYS, 1).bias(), CHANNELS)?,
            embedding,
            lstm: Lstm::load(&mut loader, "lstm", WORD + VALUES + BOUNDS, WIDTH)?,
            query: loader.tensor("query.weight", [KEYS, WIDTH])?,
            refine: loader.tensor("refine.weight", [KEYS, VALUES])?,
            score: loader.tensor("score.weight", [1, KEYS])?,
            classifier: Linear::load(&mut loader, "classifier", VALUES, words)?,
            bounds: loader.tensor("bounds.weight", [words, BOUNDS])?,
            prior: loader.tensor("prior.weight", [words, WIDTH])?,
            device: device.clone(),
        })
    }

    /// How many words it knows.
    pub fn words(&self) -> usize {
        self.embedding.words()
    }

    /// The network that writes the word at `place` of a caption of these words; what follows does not matter. The place
    /// behind the last word is that of [`END`].
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request) when it does not know a token, or the caption has no such place.
    pub fn bind(self: &Arc<Self>, tokens: &[usize], place: usize) -> Result<Writing> {
        let tokens = self.before(tokens, place)?;
        Ok(Writing { captioner: self.clone(), tokens, layer: Writing::layer(place) })
    }

    /// The network that writes the words `places` of a caption, 0 the first, at once: a row for each.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request) when it does not know a token, or the caption has no such words.
    pub fn bind_phrase(self: &Arc<Self>, tokens: &[usize], places: Range<usize>) -> Result<WritingPhrase> {
        let words = length(tokens);
        if places.is_empty() || places.end > words {
            return Err(error!(
                Request,
                "phrase-range",
                "the caption has {words} words; {found} is not among them: choose from 0 to {last}",
                words,
                found = span(&places),
                last = words.saturating_sub(1)
            ));
        }
        let tokens = self.before(tokens, places.end - 1)?;
        Ok(WritingPhrase { captioner: self.clone(), tokens, places })
    }

    /// What goes in before `place`: the start, and the words.
    fn before(&self, tokens: &[usize], place: usize) -> Result<Vec<usize>> {
        check(tokens, FIRST, self.words())?;
        let words = length(tokens);
        if place > words {
            return Err(error!(
                Request,
                "caption-place",
                "a caption of {words} words has no place {place}; choose one from 0 to {words}, its end",
                words,
                place
            ));
        }
        Ok([&[START], &tokens[..place]].concat())
    }

    /// Logits `[n, places, words]` of captions for pictures `[n, 3, h, w]`, each place after the caption's own words. There
    /// is one more place than the longest caption has words.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request) when it does not know a token.
    pub fn write(&self, pictures: Tensor<4>, captions: &[Vec<usize>]) -> Result<Tensor<3>> {
        Ok(self.write_and_look(pictures, captions)?.logits)
    }

    /// The same, and where it looks.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_and_look(&self, pictures: Tensor<4>, captions: &[Vec<usize>]) -> Result<Written> {
        captions.iter().try_for_each(|tokens| check(tokens, FIRST, self.words()))?;
        let n = captions.len();
        let places = captions.iter().map(|tokens| length(tokens)).max().unwrap_or(0) + 1;
        let seen = self.look(pictures, &mut Tap::default());
        let mut writer = self.start(&seen);
        let mut parts: [Vec<Tensor<3>>; 3] = Default::default();
        let mut looked: [Vec<Tensor<3>>; 2] = Default::default();
        for t in 0..places {
            let word = |tokens: &Vec<usize>| match t {
                0 => START,
                _ => tokens.get(t - 1).copied().unwrap_or(PAD),
            };
            let words: Vec<usize> = captions.iter().map(word).collect();
            let (next, Looks { glance, gate }) = self.advance(&seen, self.embedding.forward(&words), writer);
            writer = next;
            let both = looked.iter_mut().zip([glance, gate]);
            for (parts, part) in parts.iter_mut().zip(writer.parts()).chain(both) {
                parts.push(part.unsqueeze_dim(1));
            }
        }
        let logits = self.logits(parts.map(|parts| Tensor::cat(parts, 1).flatten(0, 1)));
        let [glances, gates] = looked.map(|logits| Tensor::cat(logits, 1));
        Ok(Written { logits: logits.reshape([n, places, self.words()]), glances, gates })
    }

    /// What is seen of pictures `[n, 3, h, w]`.
    pub(super) fn look(&self, x: Tensor<4>, tap: &mut Tap) -> Seen {
        let mut x = self.encoder.forward(x, tap);
        for block in &self.blocks {
            x = block.forward(x, None, tap);
        }
        let values = tap.at("value", x.clone(), |x, tap| tap.relu(self.value.forward(x)));
        let keys = tap.at("key", x, |x, _| self.key.forward(x));
        Seen { values, keys }.of_rows(1)
    }

    /// Before the first place: each picture is looked at without anything in mind.
    pub(super) fn start(&self, seen: &Seen) -> Writer {
        self.read(seen, self.lstm.start(seen.values.dims()[0], &self.device)).0
    }

    /// From one place to the next, after words `[n, WORD]`; and where it looks there.
    pub(super) fn advance(&self, seen: &Seen, words: Tensor<2>, writer: Writer) -> (Writer, Looks) {
        let Writer { state, glimpse, bounds } = writer;
        self.read(seen, self.lstm.step(Tensor::cat(vec![words, glimpse, bounds], 1), state))
    }

    /// The same with what is read as layer `name` of the tap.
    fn advance_tapped(
        &self,
        seen: &mut Seen,
        words: Tensor<2>,
        writer: Writer,
        name: &str,
        tap: &mut Tap,
    ) -> Writer {
        // From the tapped layer on there is a row for each class.
        *seen = seen.clone().of_rows(writer.glimpse.dims()[0]);
        let [rows, k, h, w] = seen.values.dims();
        let (writer, looks) = self.advance(seen, to_rows(words, rows), writer.of_rows(rows));
        let gates = sigmoid(looks.gate).reshape([rows, 1, h, w]);
        let read = tap.at(name, seen.values.clone(), |values, _| read(values, gates));
        let rows = read.dims()[0];
        let glimpse = read.reshape([rows, k, h * w]).mean_dim(2).reshape([rows, k]);
        Writer { glimpse, ..writer }.of_rows(rows)
    }

    /// What is read of pictures with `state` in mind, and through which gates.
    fn read(&self, seen: &Seen, state: State) -> (Writer, Looks) {
        let looks = self.look_again(seen, &state);
        let gates = sigmoid(looks.gate.clone());
        let bounds = seen.bounds(gates.clone());
        (Writer { state, bounds, glimpse: glimpse(seen.values.clone(), gates) }, looks)
    }

    /// Through which gates pictures are read with `state` in mind.
    fn look_again(&self, seen: &Seen, state: &State) -> Looks {
        let [n, k, h, w] = seen.keys.dims();
        let logits = |query: Tensor<2>| {
            let keys = seen.keys.clone().reshape([n, k, h * w]);
            let score = self.score.clone().reshape([1, 1, k]).expand([n, 1, k]);
            score.matmul(tanh(keys + query.reshape([n, k, 1]))).reshape([n, h * w])
        };
        let query = state.output.clone().matmul(self.query.clone().transpose());
        let glance = logits(query.clone());
        let saw = glimpse(seen.values.clone(), sigmoid(glance.clone()));
        Looks { glance, gate: logits(query + saw.matmul(self.refine.clone().transpose())) }
    }

    pub(super) fn logits_at(&self, writer: &Writer) -> Tensor<2> {
        self.logits(writer.parts())
    }

    /// Logits of words from glimpses `[n, VALUES]`, bounds `[n, BOUNDS]` and outputs `[n, WIDTH]`.
    pub(super) fn logits(&self, [glimpse, bounds, output]: [Tensor<2>; 3]) -> Tensor<2> {
        self.classifier.forward(glimpse)
            + bounds.matmul(self.bounds.clone().transpose())
            + output.matmul(self.prior.clone().transpose())
    }
}

impl Writing {
    /// The layer of what is read for the word at `place`.
    pub fn layer(place: usize) -> String {
        format!("read.{place}")
    }

    /// The layer that is explained unless another is asked for: what is read for the word.
    pub fn default_layer(&self) -> &str {
        &self.layer
    }
}

impl Network for Writing {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        let captioner = self.captioner.as_ref();
        let n = x.dims()[0];
        let mut seen = captioner.look(x, tap);
        let words = captioner.embedding.forward(&self.tokens);
        let mut writer = captioner.start(&seen);
        for t in 0..self.tokens.len() {
            let word = words.clone().narrow(0, t, 1).repeat_dim(0, n);
            writer = captioner.advance_tapped(&mut seen, word, writer, &Self::layer(t), tap);
        }
        captioner.logits_at(&writer)
    }

    fn tells_sides(&self) -> bool {
        true
    }

    fn linear_head(&self) -> Option<LinearHead> {
        Some(LinearHead { layers: vec![self.layer.clone()], weight: self.captioner.classifier.weight() })
    }
}

impl Writer {
    /// What the words follow from: glimpse, bounds and output.
    pub(super) fn parts(&self) -> [Tensor<2>; 3] {
        [self.glimpse.clone(), self.bounds.clone(), self.state.output.clone()]
    }

    /// The same in as many rows.
    fn of_rows(self, rows: usize) -> Self {
        let state = State { output: to_rows(self.state.output, rows), cell: to_rows(self.state.cell, rows) };
        Self { state, glimpse: to_rows(self.glimpse, rows), bounds: to_rows(self.bounds, rows) }
    }

    /// The rows `rows`, in this order.
    pub(super) fn select(self, rows: &[usize]) -> Self {
        let select = |x: Tensor<2>| pick(&x, 0, rows);
        let state = State { output: select(self.state.output), cell: select(self.state.cell) };
        Self { state, glimpse: select(self.glimpse), bounds: select(self.bounds) }
    }
}

impl Seen {
    /// Where gates `[n, h * w]` are open, `[n, BOUNDS]`: column and row of the mean, from -1 to 1, and how far they reach to
    /// the right, downwards, to the left and upwards, from 0 to 2.
    fn bounds(&self, gates: Tensor<2>) -> Tensor<2> {
        let [.., h, w] = self.values.dims();
        let at = coordinates(h, w, &gates.device());
        let mean = gates.clone().matmul(at.clone().transpose()) / (gates.clone().sum_dim(1) + SHUT);
        let sides = Tensor::cat(vec![at.clone() + 1.0, -at + 1.0], 0);
        let reached = (gates.unsqueeze_dim::<3>(1) * sides.unsqueeze()).max_dim(2);
        Tensor::cat(vec![mean, reached.flatten(1, 2)], 1)
    }

    /// The same in as many rows, or in more where one of both has them.
    pub(super) fn of_rows(self, rows: usize) -> Self {
        let rows = rows.max(self.values.dims()[0]).max(self.keys.dims()[0]);
        Self { values: to_rows(self.values, rows), keys: to_rows(self.keys, rows) }
    }
}

/// The numbers of words, as people write them.
fn span(places: &Range<usize>) -> String {
    match places.end.saturating_sub(1) {
        last if last <= places.start => places.start.to_string(),
        last => format!("{}..{last}", places.start),
    }
}

/// Each picture's row repeated, so that there are `rows` in all.
pub(super) fn to_rows<const D: usize>(x: Tensor<D>, rows: usize) -> Tensor<D> {
    let times = rows / x.dims()[0];
    repeat_rows(x, times)
}

/// What a caption of these tokens ends with at `place`: its word, or [`END`] behind the last one.
pub(super) fn written(tokens: &[usize], place: usize) -> usize {
    if place < length(tokens) { tokens[place] } else { END }
}
