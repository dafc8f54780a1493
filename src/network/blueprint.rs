//! The tensors of a network, listed without reading their values.

use std::cell::Cell;
use std::sync::Arc;

use burn::tensor::{Device, Tensor};

use super::language::{Captioner, Film};
use super::module::Module;
use super::task::Design;
use super::{Architecture, HeadPlan, Network, OwnHead, Parameters, Shapes, Task, Variant};
use crate::{Note, Result};

/// The tensors of a network, listed without reading their values.
///
/// ```
/// use cam_lucida::network::Architecture;
/// use cam_lucida::weights::Hashed;
///
/// let blueprint = Architecture::named("resnet18")?.blueprint(&Hashed { classes: 7 })?;
/// let (name, shape) = &blueprint.tensors[0];
/// assert_eq!((name.as_str(), shape.as_slice()), ("conv1.weight", &[64, 3, 7, 7][..]));
/// assert_eq!(blueprint.classes, 7);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct Blueprint {
    /// Names and shapes of its tensors, in the order in which the network loads them.
    pub tensors: Vec<(String, Vec<usize>)>,
    /// How many classes it has; answers, if it answers questions; words, if it writes them.
    pub classes: usize,
    /// How many words it knows, if it reads or writes any.
    pub words: Option<usize>,
    /// As [`Network::training_only`](super::Network::training_only).
    pub training_only: &'static [&'static str],
    /// As [`Network::min_side`](super::Network::min_side).
    pub min_side: usize,
    /// As [`Network::own_head`](super::Network::own_head).
    pub head: Option<OwnHead>,
    /// As [`Network::input_channels`](super::Network::input_channels).
    pub input_channels: usize,
    /// As [`Network::notes`](super::Network::notes).
    pub notes: Vec<Note>,
    network: Box<dyn Network>,
}

impl Blueprint {
    /// The modules that have tensors, in the order in which the network loads them: from the picture to the head.
    pub fn modules(&self) -> Vec<String> {
        let mut modules: Vec<String> = Vec::new();
        for (name, _) in &self.tensors {
            let (module, _) = name.rsplit_once('.').unwrap_or((name, ""));
            if !modules.iter().any(|known| known == module) {
                modules.push(module.into());
            }
        }
        modules
    }

    /// As [`Network::largest_activation`].
    pub fn largest_activation(&self, sides: [usize; 2]) -> usize {
        self.network.largest_activation(sides)
    }
}

impl Architecture {
    /// The blueprint of this network; `source` supplies the sizes that the architecture leaves open.
    ///
    /// # Errors
    /// As [`Parameters::rows`]; [`is_weights`](crate::Error::is_weights) when a tensor whose shape tells a size is missing or misshaped.
    pub fn blueprint(&self, source: &dyn Parameters) -> Result<Blueprint> {
        let mut drawing = Drawing { source, classes: Cell::new(0), tensors: Vec::new() };
        let device = Device::flex();
        let (network, classes, words): (Box<dyn Network>, _, _) = match self.task() {
            Task::Classification => {
                let network = self.load(&mut drawing, &device)?;
                (network, source.head().map_or(drawing.classes.get(), HeadPlan::classes), None)
            }
            Task::QuestionAnswering => {
                let film = Arc::new(Film::load(&mut drawing, &device)?);
                (Box::new(film.bind(&[])?), film.answers(), Some(film.words()))
            }
            Task::Captioning => {
                let captioner = Arc::new(Captioner::load(&mut drawing, &device)?);
                let words = captioner.words();
                (Box::new(captioner.bind(&[], 0)?), words, Some(words))
            }
        };
        Ok(Blueprint {
            classes,
            words,
            training_only: network.training_only(),
            min_side: network.min_side(),
            head: network.own_head(),
            input_channels: network.input_channels(),
            notes: network.notes().to_vec(),
            tensors: drawing.tensors,
            network,
        })
    }

    /// The modules of its features that hold no others, in order, with their names; none of a network of language.
    ///
    /// # Errors
    /// As [`blueprint`](Self::blueprint).
    pub(crate) fn features(&self, source: &dyn Parameters) -> Result<Vec<(Option<String>, Module)>> {
        match self.design {
            Design::Classifier(describe) => Ok(describe(&Shapes::new(source))?.features.leaves()),
            Design::Film | Design::Captioner => Ok(Vec::new()),
        }
    }
}

/// Notes what is taken, and gives one number for all of a tensor's.
struct Drawing<'a> {
    source: &'a dyn Parameters,
    classes: Cell<usize>,
    tensors: Vec<(String, Vec<usize>)>,
}

impl Parameters for Drawing<'_> {
    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        self.tensors.push((name.into(), shape.into()));
        // One number stands for all: a drawing of any network takes no room.
        Ok(if let [_] = shape { vec![0.0] } else { Vec::new() })
    }

    fn rows(&self, name: &str) -> Result<usize> {
        let rows = self.source.rows(name)?;
        self.classes.set(rows);
        Ok(rows)
    }

    fn shape(&self, name: &str) -> Option<&[usize]> {
        self.source.shape(name)
    }

    fn head(&self) -> Option<&HeadPlan> {
        self.source.head()
    }

    fn variant(&self) -> Option<Variant> {
        self.source.variant()
    }

    fn tensor(&mut self, name: &str, shape: &[usize], device: &Device) -> Result<Tensor<1>> {
        self.tensors.push((name.into(), shape.into()));
        Ok(Tensor::zeros([1], device))
    }
}
