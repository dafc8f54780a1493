//! A training run on disk: weights, running statistics and the optimiser's state in one safetensors file.

use burn::optim::{AdamWState, AdaptiveMomentumState};
use burn::tensor::{Device, Tensor, TensorData};
use safetensors::SafeTensors;

use super::learner::{Learned, read};
use super::{Learner, Recipe, Trainer};
use crate::error::error;
use crate::network::Parameters as _;
use crate::scenes::World;
use crate::weights::{Named, Precision, Weights, write_safetensors};
use crate::{Error, Result};

const MOMENTS: [&str; 2] = ["/moment_1", "/moment_2"];
/// Under what name a checkpoint says its loss.
const LOSS: &str = "loss";
const STATISTICS: [&str; 2] = [".running_mean", ".running_var"];

impl<'a> Trainer<'a> {
    /// The run so far, from which [`resume`](Self::resume) goes on. `seconds` is how long it took.
    ///
    /// # Errors
    /// [`is_device`](crate::Error::is_device) when the device fails.
    pub fn checkpoint(&self, seconds: f64) -> Result<Vec<u8>> {
        let mut tensors = self.learner.values()?;
        for (name, learned) in &self.learner.tensors {
            let Some(state) = &learned.state else { continue };
            for (suffix, moment) in MOMENTS.iter().zip([&state.momentum.moment_1, &state.momentum.moment_2]) {
                let values = read(moment)?;
                tensors.insert(format!("{name}{suffix}"), (vec![values.len()], values));
            }
        }
        let about = [
            ("recipe", format!("{:?}", self.recipe)),
            (LOSS, self.lesson.loss_name().into()),
            ("step", self.step.to_string()),
            ("seconds", seconds.to_string()),
        ];
        let about = about.map(|(key, value)| (key.to_string(), value)).into();
        write_safetensors(tensors, Precision::F32, Some(about))
    }

    /// Goes on from a checkpoint of the same recipe and the same loss; also gives the seconds that it took so far.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights): the file is not a checkpoint, or one of another recipe or loss.
    pub fn resume(recipe: Recipe, world: &'a dyn World, device: &Device, file: &[u8]) -> Result<(Self, f64)> {
        let mut trainer = Self::new(recipe, world, device);
        let Record { step, seconds } = Record::read(file, &recipe, trainer.lesson.loss_name())?;
        trainer.step = step;
        trainer.restore(&SafeTensors::deserialize(file).map_err(unreadable)?)?;
        Ok((trainer, seconds))
    }

    /// Takes running statistics, weights and the optimiser's state from `tensors`.
    fn restore(&mut self, tensors: &SafeTensors<'_>) -> Result<()> {
        let (step, device) = (self.step, self.device.clone());
        let tensor = |name: &str| -> Result<(Vec<usize>, Tensor<1>)> {
            let view = tensors.tensor(name).map_err(unreadable)?;
            let words = view.data().chunks_exact(4);
            let values: Vec<f32> = words.map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
            let count = values.len();
            Ok((view.shape().to_vec(), Tensor::from_data(TensorData::new(values, [count]), &device)))
        };
        for name in tensors.names() {
            if let Some(layer) = name.strip_suffix(STATISTICS[0]) {
                let [mean, variance] = STATISTICS.map(|suffix| tensor(&format!("{layer}{suffix}")));
                self.learner.running.insert(layer.into(), [mean?.1, variance?.1]);
            } else if tensors.tensor(&format!("{name}{}", MOMENTS[0])).is_ok() {
                let (shape, values) = tensor(name)?;
                let [first, second] = MOMENTS.map(|suffix| tensor(&format!("{name}{suffix}")));
                let momentum = AdaptiveMomentumState::new(step, first?.1, second?.1);
                let state = Some(AdamWState::new(momentum));
                self.learner.tensors.insert(name.into(), Learned { shape, values, state });
            }
        }
        Ok(())
    }
}

/// What a checkpoint says of its run.
struct Record {
    step: usize,
    seconds: f64,
}

impl Record {
    /// Reads the record of a checkpoint, which must be of `recipe` and the loss of this name.
    fn read(file: &[u8], recipe: &Recipe, loss: &str) -> Result<Self> {
        let (_, header) = SafeTensors::read_metadata(file).map_err(unreadable)?;
        let said = |key: &str| header.metadata().as_ref().and_then(|about| about.get(key));
        let about = |key: &str| {
            said(key).ok_or_else(|| {
                error!(
                    Weights,
                    "checkpoint-entry",
                    "this is not a checkpoint of a training run (it does not say its {key})",
                    key
                )
            })
        };
        let (found, wanted) = (about("recipe")?, format!("{recipe:?}"));
        if *found != wanted {
            return Err(error!(
                Weights,
                "checkpoint-recipe",
                "the checkpoint belongs to another recipe ({found}, not {wanted}); remove it to start again",
                found,
                wanted
            ));
        }
        let found = said(LOSS).map_or("one without a name", String::as_str);
        if found != loss {
            return Err(error!(
                Weights,
                "checkpoint-loss",
                "the checkpoint learned by another loss ({found}, not {wanted}); remove it to start again, or go on with the program that wrote it",
                found,
                wanted = loss
            ));
        }
        let number = |key: &str| {
            let found = about(key)?;
            found.parse::<f64>().map_err(|cause| {
                error!(
                    Weights,
                    "checkpoint-number",
                    "this is not a checkpoint of a training run (its {key} is {found})",
                    key,
                    found
                )
                .with_source(cause)
            })
        };
        Ok(Self { step: number("step")? as usize, seconds: number("seconds")? })
    }
}

/// The tensors of a weight file or a checkpoint, for a network to [start from](Trainer::starting_from).
///
/// # Errors
/// [`is_weights`](crate::Error::is_weights) when the file cannot be read.
pub fn read_tensors(file: Vec<u8>) -> Result<Named> {
    let mut weights = Weights::read(file)?;
    let is_state = |name: &str| MOMENTS.iter().any(|moment| name.ends_with(moment));
    let all: Vec<_> = weights.tensors().map(|(name, shape)| (name.to_string(), shape.to_vec())).collect();
    let tensors = all.into_iter().filter(|(name, _)| !is_state(name)).map(|(name, shape)| {
        let values = weights.take(&name, &shape)?;
        Ok((name, (shape, values)))
    });
    tensors.collect()
}

fn unreadable(cause: safetensors::SafeTensorError) -> Error {
    error!(Weights, "checkpoint", "this is not a checkpoint of a training run ({cause})", cause)
        .with_source(cause)
}

impl Learner {
    /// The weights as the page and the command line load them: a safetensors file in f16.
    ///
    /// # Errors
    /// [`is_device`](crate::Error::is_device) when the device fails; [`is_weights`](crate::Error::is_weights) when a weight is beyond
    /// the range of f16.
    pub fn weight_file(&self) -> Result<Vec<u8>> {
        write_safetensors(self.values()?, Precision::F16, None)
    }
}
