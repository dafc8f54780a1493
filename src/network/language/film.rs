//! Question answering: a network whose blocks a question modulates.

use std::sync::Arc;

use burn::tensor::activation::{sigmoid, softmax};
use burn::tensor::{Device, Tensor};

use super::block::{Block, CHANNELS, Encoder, Modulation, read};
use super::tokens::{PAD, UNKNOWN, check, length};
use super::{Embedding, Lstm};
use crate::Result;
use crate::network::ops::{CoordConv, Linear, Loader, coordinates, global_average_pool};
use crate::network::tap::multiply;
use crate::network::{LinearHead, Network, Parameters, Tap};

/// The first number that stands for a word.
const FIRST: usize = UNKNOWN + 1;
/// Numbers that stand for a word.
const WORD: usize = 64;
/// Numbers that stand for a question.
const QUESTION: usize = 128;
const BLOCKS: usize = 3;
/// What a region is told by: offsets to the right and downwards from a point, how large they are, and 1.
const OFFSETS: usize = 5;
/// Channels of the values.
const VALUES: usize = 128;
/// Numbers through which a question alone speaks for answers: enough to tell which ones it may have, and too few to remember
/// that no car of the training scenes was purple.
const PRIOR: usize = 3;

/// `film_small`: answers questions about pictures (Perez 2018, <https://arxiv.org/abs/1709.07871>).
///
/// The small ResNet to `layer4`, a stem, and three blocks that the question modulates. Behind the first of them, layer `glance`
/// is `softmax((W q)·x)` over the pixels: where the question looks first. Its mean is a point. Layer `region` is
/// `σ(r·(dx, dy, |dx|, |dy|, 1))` at offsets `dx`, `dy` from there, `r` linear in `q`: the part of the picture that the question goes on
/// with, such as what is left of the car. The other blocks see `x` times that. At last `g = σ((G q)·(x, 1))` opens a gate at each
/// pixel.
///
/// Values `V`, a rectified 1×1 convolution of the stem, know no question. Layer `head` is `24 g⊙V`; an answer's logit is a linear
/// function of its mean, and another of the question. So at `head` CAM, Grad-CAM and HiResCAM agree. A question decides where to
/// look, and what there is says the answer: a colour is read alike from what has it, even where no training scene paired the two.
///
/// ```
/// use std::sync::Arc;
///
/// use cam_lucida::Device;
/// use cam_lucida::burn::tensor::Tensor;
/// use cam_lucida::cam::{self, Forward, Target};
/// use cam_lucida::network::language::{Answered, Film};
/// # use cam_lucida::{Problem, network::Network, weights::Hashed};
///
/// let device = Device::cpu();
/// let film = Arc::new(Film::load(&mut Hashed { classes: 32 }, device.tensors())?);
/// let asked = film.bind(&[5, 3, 9])?;
///
/// let x = Tensor::ones([1, 3, 96, 96], device.tensors());
/// let forward = Forward::run(&asked, x, &[Film::DEFAULT_LAYER], 1, true);
/// assert_eq!(forward.logits().dims(), [1, 32]);
/// let layers = forward.explain(&[7], Target::Logit, Problem::SingleLabel, None)?;
/// let map = cam::method("grad-cam")?.map_layer(&layers[0]).unwrap()?;
/// assert_eq!(map.dims(), [1, 12, 12]);
///
/// let x = Tensor::ones([1, 3, 96, 96], device.tensors());
/// let Answered { gates, .. } = film.answer_and_look(x, &[vec![5, 3, 9]])?;
/// assert_eq!(gates.dims(), [1, 144]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct Film {
    encoder: Encoder,
    embedding: Embedding,
    lstm: Lstm,
    blocks: Vec<Block>,
    /// From a question to what it looks for, `[CHANNELS, QUESTION]`.
    glance: Tensor<2>,
    /// From a question to its region, [`OFFSETS`] numbers.
    region: Linear,
    value: CoordConv,
    /// From a question to what it reads, and how readily: `CHANNELS + 1` numbers.
    gate: Linear,
    /// From what is seen to the answers.
    classifier: Linear,
    /// From the question alone to the answers, `[PRIOR, QUESTION]` and `[answers, PRIOR]`.
    prior: [Tensor<2>; 2],
    device: Device,
}

/// A [`Film`] with its question: a classifier of answers.
///
/// See the example of [`Film`].
pub struct Asked {
    film: Arc<Film>,
    reading: Reading,
}

/// What a [`Film`] says, and where it looks: at pixels of [`STRIDE`](Film::STRIDE)² of the picture's, row by row.
///
/// See the example of [`Film`].
pub struct Answered {
    /// `[questions, answers]`.
    pub logits: Tensor<2>,
    /// What of them is seen; the rest follows from the question alone.
    pub seen: Tensor<2>,
    /// Where each question looks first, `[questions, pixels]`: shares that sum to 1.
    pub glance: Tensor<2>,
    /// The logits of the gates through which the answer is read, `[questions, pixels]`.
    pub gates: Tensor<2>,
}

/// What questions make of the network.
struct Reading {
    modulations: Vec<Modulation>,
    /// What they look for, `[questions, CHANNELS]`.
    glance: Tensor<2>,
    /// What their regions are made of, `[questions, OFFSETS]`.
    region: Tensor<2>,
    /// What they read, and how readily, `[questions, CHANNELS + 1]`.
    gate: Tensor<2>,
    /// `[questions, answers]`.
    prior: Tensor<2>,
}

impl Film {
    /// Its name.
    pub const NAME: &str = "film_small";
    /// The layer that is explained unless another is asked for.
    pub const DEFAULT_LAYER: &str = "head";
    /// Pixels of a picture, along each side, that are one of the layers behind the encoder.
    pub const STRIDE: u32 = 8;

    /// Takes every tensor from `parameters`. The rows of `embedding.weight` tell the number of words, those of
    /// `classifier.weight` that of answers.
    ///
    /// # Errors
    /// As [`Parameters::take`] and [`Parameters::rows`].
    pub fn load(parameters: &mut dyn Parameters, device: &Device) -> Result<Self> {
        let mut loader = Loader::new(parameters, device);
        let answers = loader.rows("classifier.weight")?;
        let encoder = Encoder::load(&mut loader)?;
        let embedding = Embedding::load(&mut loader, "embedding", WORD)?;
        let lstm = Lstm::load(&mut loader, "lstm", WORD, QUESTION)?;
        let block = |i| Block::load_modulated(&mut loader, format!("blocks.{i}"), QUESTION);
        let blocks = (0..BLOCKS).map(block).collect::<Result<_>>()?;
        Ok(Self {
            encoder,
            embedding,
            lstm,
            blocks,
            glance: loader.tensor("glance.weight", [CHANNELS, QUESTION])?,
            region: Linear::load(&mut loader, "region", QUESTION, OFFSETS)?,
            value: CoordConv::load(&mut loader, "value", CHANNELS, VALUES)?,
            gate: Linear::load(&mut loader, "gate", QUESTION, CHANNELS + 1)?,
            classifier: Linear::load(&mut loader, "classifier", VALUES, answers)?,
            prior: [
                loader.tensor("prior.0.weight", [PRIOR, QUESTION])?,
                loader.tensor("prior.1.weight", [answers, PRIOR])?,
            ],
            device: device.clone(),
        })
    }

    /// How many words it knows.
    pub fn words(&self) -> usize {
        self.embedding.words()
    }

    /// How many answers it chooses from.
    pub fn answers(&self) -> usize {
        self.prior[1].dims()[0]
    }

    /// The network that answers the question of these words.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request) when it does not know a token.
    pub fn bind(self: &Arc<Self>, tokens: &[usize]) -> Result<Asked> {
        check(tokens, FIRST, self.words())?;
        Ok(Asked { film: self.clone(), reading: self.read(&[tokens]) })
    }

    /// Logits `[questions, answers]` of questions about pictures `[n, 3, h, w]`: as many about each picture, those about
    /// the first come first. Whatever no question changes is computed once for each picture.
    ///
    /// # Errors
    /// As [`bind`](Self::bind).
    pub fn answer(&self, pictures: Tensor<4>, questions: &[Vec<usize>]) -> Result<Tensor<2>> {
        Ok(self.answer_and_look(pictures, questions)?.logits)
    }

    /// The same, and where each question looks.
    ///
    /// # Errors
    /// As [`bind`](Self::bind).
    pub fn answer_and_look(&self, pictures: Tensor<4>, questions: &[Vec<usize>]) -> Result<Answered> {
        let questions: Vec<&[usize]> = questions.iter().map(Vec::as_slice).collect();
        questions.iter().try_for_each(|tokens| check(tokens, FIRST, self.words()))?;
        Ok(self.look(pictures, &self.read(&questions), &mut Tap::default()))
    }

    /// The last state of each question, and what follows from it.
    fn read(&self, questions: &[&[usize]]) -> Reading {
        let lengths: Vec<usize> = questions.iter().map(|tokens| length(tokens)).collect();
        let mut state = self.lstm.start(questions.len(), &self.device);
        for step in 0..lengths.iter().copied().max().unwrap_or(0) {
            let words: Vec<usize> =
                questions.iter().map(|tokens| tokens.get(step).copied().unwrap_or(PAD)).collect();
            let next = self.lstm.step(self.embedding.forward(&words), state.clone());
            let done: Vec<bool> = lengths.iter().map(|&length| step >= length).collect();
            state = state.where_done(next, &done);
        }
        let modulations = self.blocks.iter().filter_map(|block| block.modulation(state.output.clone()));
        let modulations = modulations.collect();
        let glance = state.output.clone().matmul(self.glance.clone().transpose());
        let region = self.region.forward(state.output.clone());
        let gate = self.gate.forward(state.output.clone());
        let prior = self.prior.iter().fold(state.output, |x, weight| x.matmul(weight.clone().transpose()));
        Reading { modulations, glance, region, gate, prior }
    }

    fn look(&self, x: Tensor<4>, reading: &Reading, tap: &mut Tap) -> Answered {
        let mut x = self.encoder.forward(x, tap);
        let values = tap.at("value", x.clone(), |x, tap| tap.relu(self.value.forward(x)));
        let mut glance = None;
        for (block, modulation) in self.blocks.iter().zip(&reading.modulations) {
            x = block.forward(x, Some(modulation), tap);
            if glance.is_none() {
                let found = tap.at("glance", x.clone(), |x, _| reading.glance(x));
                let region = tap.at("region", found.clone(), |glance, _| reading.region(glance));
                x = multiply(x, region);
                glance = Some(found.flatten(1, 3));
            }
        }
        let gates = tap.at("gate", x, |x, _| reading.gate(x));
        let head = tap.at(Self::DEFAULT_LAYER, gates.clone(), |gates, _| read(values, sigmoid(gates)));
        let seen = self.classifier.forward(global_average_pool(head).flatten(1, 3));
        let logits = seen.clone() + reading.prior.clone();
        Answered { logits, seen, glance: glance.expect("there is a first block"), gates: gates.flatten(1, 3) }
    }
}

impl Reading {
    /// Where questions look first among pixels `x` `[n, CHANNELS, h, w]`: shares `[n, 1, h, w]`.
    fn glance(&self, x: Tensor<4>) -> Tensor<4> {
        let [n, _, h, w] = x.dims();
        let energies = alike(x, self.glance.clone()).reshape([n, h * w]);
        softmax(energies, 1).reshape([n, 1, h, w])
    }

    /// The logits of the gates at pixels `x` `[n, CHANNELS, h, w]`: `[n, 1, h, w]`.
    fn gate(&self, x: Tensor<4>) -> Tensor<4> {
        let [sought, bias] =
            [(0, CHANNELS), (CHANNELS, 1)].map(|(at, count)| self.gate.clone().narrow(1, at, count));
        alike(x, sought) + bias.unsqueeze_dims::<4>(&[2, 3])
    }

    /// How far each pixel belongs to the part of the picture that a question goes on with, seen from the mean of its glance:
    /// `[n, 1, h, w]` to the same shape.
    fn region(&self, glance: Tensor<4>) -> Tensor<4> {
        let [n, _, h, w] = glance.dims();
        let at = coordinates(h, w, &glance.device());
        let point = glance.flatten::<2>(1, 3).matmul(at.clone().transpose());
        let offsets = at.unsqueeze::<3>() - point.unsqueeze_dim::<3>(2);
        let offsets =
            Tensor::cat(vec![offsets.clone(), offsets.clone().abs(), offsets.narrow(1, 0, 1).ones_like()], 1);
        let belongs = (offsets * self.region.clone().unsqueeze_dim(2)).sum_dim(1);
        sigmoid(belongs).reshape([n, 1, h, w])
    }
}

/// The product of each pixel of `x` `[n, CHANNELS, h, w]` with what its question seeks, `[n, CHANNELS]`: `[n, 1, h, w]`.
fn alike(x: Tensor<4>, sought: Tensor<2>) -> Tensor<4> {
    (x * sought.unsqueeze_dims(&[2, 3])).sum_dim(1)
}

impl Network for Asked {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        self.film.look(x, &self.reading, tap).logits
    }

    fn tells_sides(&self) -> bool {
        true
    }

    fn linear_head(&self) -> Option<LinearHead> {
        Some(LinearHead { layers: vec![Film::DEFAULT_LAYER.into()], weight: self.film.classifier.weight() })
    }
}
