//! A scene with a question about it, and what a network sees of both.

use burn::tensor::{Tensor, TensorData};
use cam_lucida::cam::{self, Forward, LayerActivations, Target};
use cam_lucida::measure::Map;
use cam_lucida::network::Network;
use cam_lucida::picture::{Picture, Preprocessor};
use cam_lucida::scenes::questions::{Question, Questions};
use cam_lucida::scenes::shapes::{Arrangement, Shapes};
use cam_lucida::{Device, Problem, Size};

use super::{SEED, SIDE};
use crate::Failure;

/// Questions that are drawn of a scene, of which one is asked: as in training.
const DRAWN: usize = 4;

/// A scene, a question about it, and another one.
pub struct Case {
    /// The scene's number.
    pub index: u64,
    pub arrangement: Arrangement,
    pub question: Question,
    pub other: Question,
}

impl Case {
    /// Of scene `index`. Each of the questions that are drawn of a scene has its turn.
    pub fn new(shapes: &Shapes, index: u64) -> Self {
        let arrangement = shapes.arrangement(SEED, index, SIDE);
        let mut questions = Questions::new(shapes).draw(&arrangement, SEED, index, DRAWN);
        questions.rotate_left(index as usize % DRAWN);
        let [question, other] = [0, 1].map(|which| questions[which].clone());
        Self { index, arrangement, question, other }
    }

    /// What the network is shown.
    pub fn input(&self) -> Tensor<4> {
        input([&self.arrangement.scene.picture])
    }

    /// The pixels that show the things of these numbers.
    pub fn mask(&self, things: &[usize]) -> Vec<bool> {
        mask(&self.arrangement, things)
    }
}

/// The pixels that show the things of these numbers.
pub fn mask(arrangement: &Arrangement, things: &[usize]) -> Vec<bool> {
    let shown = |&owner: &u8| owner > 0 && things.contains(&(usize::from(owner) - 1));
    arrangement.scene.owners.iter().map(shown).collect()
}

/// `[n, 3, h, w]` of pictures as a network sees them.
pub fn input<'a>(pictures: impl IntoIterator<Item = &'a Picture>) -> Tensor<4> {
    let preprocessor = Preprocessor::imagenet(SIDE);
    let values: Vec<f32> = pictures.into_iter().flat_map(|picture| preprocessor.normalise(picture)).collect();
    let side = SIDE as usize;
    let shape = [values.len() / (3 * side * side), 3, side, side];
    Tensor::from_data(TensorData::new(values, shape), Device::cpu().tensors())
}

/// The values of a tensor.
pub fn values<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, Failure> {
    tensor.into_data().try_to_vec().map_err(|error| format!("the device gives no numbers ({error:?})").into())
}

/// The number of the largest logit.
pub fn best(logits: &[f32]) -> usize {
    (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b])).unwrap_or_default()
}

/// What one pass shows at a layer.
pub struct Seen {
    /// `[rows][classes]`.
    pub logits: Vec<Vec<f32>>,
    /// Of each class that was asked for, Grad-CAM's map.
    pub maps: Vec<Map>,
    /// Of each of them, the mean activation.
    pub activations: Vec<Map>,
}

impl Seen {
    /// Explains `classes`, a row each, at `layer`. With `rows` the tap makes a row for each of them; otherwise the network has
    /// them.
    pub fn new(
        network: &dyn Network,
        x: Tensor<4>,
        layer: &str,
        rows: usize,
        classes: &[usize],
    ) -> Result<Self, Failure> {
        let forward = Forward::run(network, x, &[layer], rows, true);
        let layers = forward.explain(classes, Target::Logit, Problem::SingleLabel, None)?;
        let [seen] = &layers[..] else { return Err("one layer was asked for".into()) };
        let LayerActivations { activations, logits, .. } = seen;
        let maps = cam::method("grad-cam")?.map_layer(seen).ok_or("Grad-CAM takes one pass")??;
        let [_, classes] = logits.dims();
        let [_, k, h, w] = activations.dims();
        let size = Size { height: h, width: w };
        let split = |values: Vec<f32>| -> Result<Vec<Map>, Failure> {
            Ok(values.chunks(h * w).map(|map| Map::new(size, map.to_vec())).collect::<Result<_, _>>()?)
        };
        Ok(Self {
            logits: values(logits.clone())?.chunks(classes).map(<[f32]>::to_vec).collect(),
            maps: split(values(maps)?)?,
            activations: split(values(activations.clone().sum_dim(1) / k as f32)?)?,
        })
    }
}
