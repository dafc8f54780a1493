//! The façade that both front doors use: a session holds a device and a model, a request names what to explain,
//! an explanation is what came out.

mod heatmap;
mod input;
mod model;
mod scores;

pub use heatmap::Heatmap;
pub use input::Input;
pub use model::Model;
pub use scores::Scores;

use std::ops::ControlFlow;

use burn::tensor::{Tensor, TensorData};
use web_time::Instant;

use crate::cam::{self, Explainer, Merge, Progress, Settings, Target, Watch};
use crate::device::Device;
use crate::network::Parameters;
use crate::network::{Architecture, Network, Tap};
use crate::weights::{Card, Weights};
use crate::{Error, Result};

/// A device and, once loaded, a model.
pub struct Session {
    device: Device,
    model: Option<Model>,
}

/// What to explain.
#[derive(Clone, Default)]
pub struct Request {
    /// torchvision's layer names; without one, the network's default. Of several, `merge` makes one map.
    pub layers: Vec<String>,
    /// How the maps of several layers become one.
    pub merge: Merge,
    /// Averages over mirrored, dimmed and brightened copies of the picture.
    pub smooth: bool,
    /// The classes, at most [`MOST_CLASSES`](Self::MOST_CLASSES), each explained once; without one, the predicted.
    pub classes: Vec<usize>,
    /// Names of [`METHODS`](cam::METHODS); all of those that one pass is enough for share it.
    pub methods: Vec<String>,
    /// The number that is explained.
    pub target: Target,
    /// A variant of a method, see [`presets`](cam::Method::presets).
    pub preset: Option<String>,
    /// Values for the methods' settings, see [`settings`](cam::Method::settings).
    pub settings: Settings,
}

/// What came out.
pub struct Explanation {
    /// The layers that were explained.
    pub layers: Vec<String>,
    /// The classes that were explained.
    pub classes: Vec<usize>,
    /// The target that was explained.
    pub target: Target,
    /// All class scores.
    pub scores: Scores,
    /// For each method asked for, one for each class.
    pub heatmaps: Vec<Heatmap>,
    /// Seconds that each phase took, in order.
    pub times: Vec<(&'static str, f64)>,
}

impl Session {
    /// A session without a model yet.
    pub fn new(device: Device) -> Self {
        Self { device, model: None }
    }

    /// Where this session computes.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Reads a weight file, see [`Weights::read`], into the network of `card`, or into the one that its tensors are of. On
    /// success it takes the place of the model before; when the file or the card is at fault, that one stays.
    ///
    /// The model before is freed first, so that never two are in memory.
    ///
    /// # Errors
    /// [`is_weights`](Error::is_weights) when the file cannot be read, or a tensor is missing, misshaped, superfluous or
    /// not finite, or the card says another number of classes, or an input that the network cannot take;
    /// [`is_device`](Error::is_device) when a tensor is too large for the device, or it fails.
    pub async fn load(&mut self, card: Card, file: Vec<u8>) -> Result<&Model> {
        let mut weights = Weights::read(file)?;
        let architecture = card.architecture.map_or_else(|| weights.recognise(), Ok)?;
        let blueprint = weights.fit(architecture)?;
        model::preprocessor(&card, architecture, blueprint.least_side)?;
        model::check_classes(&card, blueprint.classes)?;
        for (name, shape) in &blueprint.tensors {
            self.device.check_tensor(name, shape)?;
            weights.take(name, shape)?;
        }
        self.model = None;
        let network = architecture.load(&mut weights, self.device.tensors())?;
        drop(weights);
        self.take(card, architecture, network).await
    }

    /// [`load`](Self::load) from any source of tensors; what the network leaves over is not looked at, and the model before
    /// stays on any failure.
    ///
    /// # Errors
    /// As `load`, but for superfluous tensors; [`is_request`](Error::is_request) when the card does not say the network.
    pub async fn load_from(&mut self, card: Card, parameters: &mut dyn Parameters) -> Result<&Model> {
        let architecture =
            card.architecture.ok_or_else(|| Error::request("the card does not say the network"))?;
        let network = architecture.load(parameters, self.device.tensors())?;
        self.take(card, architecture, network).await
    }

    async fn take(
        &mut self,
        card: Card,
        architecture: &'static Architecture,
        network: Box<dyn Network>,
    ) -> Result<&Model> {
        let model = Model::new(card, architecture, network, &self.device).await?;
        Ok(self.model.insert(model))
    }

    /// The model.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request) when none has been loaded yet.
    pub fn model(&self) -> Result<&Model> {
        self.model.as_ref().ok_or_else(|| Error::request("no model is loaded yet; load a weight file first"))
    }

    /// The class scores alone.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request) when the input is too small for the network;
    /// [`is_device`](Error::is_device) when the device fails or a score is not finite.
    pub async fn classify(&self, input: &Input) -> Result<Scores> {
        let model = self.model()?;
        model.check(input)?;
        let logits = model.network.forward(input.tensor(&self.device), &mut Tap::at_layers(&[]));
        Scores::read(logits, model.problem()).await
    }

    /// The class scores of inputs of one size, which are made as they are needed: in chunks that fit into memory,
    /// of which `watch` is told under the name `what`.
    ///
    /// # Errors
    /// As [`classify`](Self::classify); [`is_request`](Error::is_request) when the sizes differ;
    /// [`is_cancelled`](Error::is_cancelled) when `watch` breaks off.
    pub async fn classify_each(
        &self,
        what: &'static str,
        inputs: impl ExactSizeIterator<Item = Input>,
        watch: &Watch<'_>,
    ) -> Result<Vec<Scores>> {
        let model = self.model()?;
        let total = inputs.len();
        let mut inputs = inputs.peekable();
        let Some((height, width)) = inputs.peek().map(|first| (first.height, first.width)) else {
            return Ok(Vec::new());
        };
        let usual = f64::from(model.preprocessor().size).powi(2);
        let enlarged = (height * width) as f64 / usual;
        let mut scores = Vec::with_capacity(total);
        for range in cam::forward_chunks(&model.layers, enlarged, total) {
            let count = range.len();
            let mut values = Vec::with_capacity(count * 3 * height * width);
            for input in inputs.by_ref().take(count) {
                if (input.height, input.width) != (height, width) {
                    return Err(Error::request(format!(
                        "inputs of {height}×{width} and {}×{} do not go into one batch",
                        input.height, input.width
                    )));
                }
                values.extend(input.values);
            }
            let x = TensorData::new(values, [count, 3, height, width]);
            let x = Tensor::from_data(x, self.device.tensors());
            let logits = model.network.forward(x, &mut Tap::default());
            scores.extend(Scores::read_rows(logits, model.problem()).await?);
            if watch(Progress { method: what, done: range.end, total }).is_break() {
                return Err(Error::cancelled());
            }
        }
        Ok(scores)
    }

    /// Explains one picture.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request) when the request names a layer, class, method, preset or setting that does
    /// not exist, or one that does not go with the network, or the input is too small for it;
    /// [`is_device`](Error::is_device) when the device fails or gives a number that is not finite. Nothing is
    /// returned then.
    pub async fn explain(&self, input: &Input, request: &Request) -> Result<Explanation> {
        self.explain_watched(input, request, &|_| ControlFlow::Continue(())).await
    }

    /// [`explain`](Self::explain), with `watch` told of every step of the methods that take many.
    ///
    /// # Errors
    /// As `explain`, and [`is_cancelled`](Error::is_cancelled) when `watch` breaks off.
    pub async fn explain_watched(
        &self,
        input: &Input,
        request: &Request,
        watch: &Watch<'_>,
    ) -> Result<Explanation> {
        let model = self.model()?;
        model.check(input)?;
        let methods = request.methods.iter().map(|name| cam::method(name)).collect::<Result<Vec<_>>>()?;
        let chosen = request.distinct_classes()?;
        for &class in &chosen {
            cam::check_class(class, model.classes)?;
        }
        request.target.check(model.classes)?;
        let layers = model.layers_named(&request.layers)?;
        let explainer = Explainer::new(model.network.as_ref(), layers, &methods)
            .merge(request.merge)
            .smooth(request.smooth)
            .target(request.target)
            .problem(model.problem())
            .preset(request.preset.as_deref())
            .settings(&request.settings)
            .watch(watch);
        explainer.check()?;

        let mut clock = Clock::start();
        let x = input.tensor(&self.device);
        let forward = explainer.forward(x.clone(), chosen.len().max(1));
        let scores = Scores::read(forward.logits().slice_dim(0, 0..1), model.problem()).await?;
        clock.lap("forward");
        let classes = if chosen.is_empty() { scores.top(1) } else { chosen };
        let attributions = explainer.explain(x, forward, &classes).await?;
        let heatmaps = Heatmap::read(attributions, &classes).await?;
        clock.lap("map");
        Ok(Explanation {
            layers: explainer.layers().iter().copied().map(String::from).collect(),
            classes,
            target: request.target,
            scores,
            heatmaps,
            times: clock.laps,
        })
    }
}

impl Request {
    /// Most classes of one request: each is a row of every batch.
    pub const MOST_CLASSES: usize = 16;

    /// Each class once, in order.
    fn distinct_classes(&self) -> Result<Vec<usize>> {
        let mut classes: Vec<usize> = Vec::new();
        for &class in &self.classes {
            if !classes.contains(&class) {
                classes.push(class);
            }
        }
        if classes.len() > Self::MOST_CLASSES {
            return Err(Error::request(format!(
                "{} classes were asked for, up to {} are explained at once; ask for the others by themselves",
                classes.len(),
                Self::MOST_CLASSES
            )));
        }
        Ok(classes)
    }
}

struct Clock {
    since: Instant,
    laps: Vec<(&'static str, f64)>,
}

impl Clock {
    fn start() -> Self {
        Self { since: Instant::now(), laps: Vec::new() }
    }

    fn lap(&mut self, phase: &'static str) {
        self.laps.push((phase, self.since.elapsed().as_secs_f64()));
        self.since = Instant::now();
    }
}
