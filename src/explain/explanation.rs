//! The explanation: a model explains an input.

use std::ops::ControlFlow;

use burn::tensor::Tensor;
use web_time::Instant;

use super::{Heatmap, Input, Model, Request, Scores};
use crate::Result;
use crate::cam::{ClassSum, Explainer, Forward, METHODS, Target, Watch};
use crate::error::error;
use crate::network::Network;

/// The result of a [`Request`].
///
/// ```
/// use cam_lucida::cam::ClassSum;
/// use cam_lucida::{Request, cam};
/// # use cam_lucida::{Device, Model};
/// # use cam_lucida::picture::{Picture, Preprocess};
/// # use cam_lucida::weights::Card;
/// # pollster::block_on(async {
/// # let config = std::fs::read_to_string("models/resnet-scenes/config.json")?;
/// # let preprocessor = std::fs::read_to_string("models/resnet-scenes/preprocessor_config.json")?;
/// # let weights = std::fs::read("models/resnet-scenes/model.safetensors")?;
/// # let model = Model::load(&Device::cpu(), Card::read(&config, Some(&preprocessor))?, weights).await?;
/// # let sample = Picture::decode(&std::fs::read("src/bin/cam-lucida/sample.png")?)?;
/// # let input = model.input(&sample, Preprocess::Squash)?;
/// let methods = [cam::method("grad-cam")?, cam::method("guided-backprop")?];
/// let request = Request { classes: ClassSum::each([2, 5]), ..Request::new(methods) };
/// let explanation = model.explain(&input, &request).await?;
/// let found: Vec<_> = explanation.heatmaps.iter().map(|map| (map.method.name, map.class.single().unwrap())).collect();
/// assert_eq!(found, [("grad-cam", 2), ("grad-cam", 5), ("guided-backprop", 2), ("guided-backprop", 5)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
pub struct Explanation {
    /// The layers that were explained.
    pub layers: Vec<String>,
    /// The classes, or sums of classes, that were explained.
    pub classes: Vec<ClassSum>,
    /// The target that was explained.
    pub target: Target,
    /// All class scores.
    pub scores: Scores,
    /// One for each class, for each method of the request in turn.
    pub heatmaps: Vec<Heatmap>,
    /// Seconds that each phase took, in order.
    pub times: Vec<(&'static str, f64)>,
}

impl Model {
    /// Explains one picture.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request) when a layer, class, preset or setting of the request does not exist or
    /// does not go with the network, or the input is too small for it; [`is_weights`](crate::Error::is_weights)
    /// when a number is not finite; [`is_device`](crate::Error::is_device) when the device fails.
    pub async fn explain(&self, input: &Input, request: &Request) -> Result<Explanation> {
        self.explain_watched(input, request, &|_| ControlFlow::Continue(())).await
    }

    /// [`explain`](Self::explain), telling `watch` of every step of the methods that take many.
    ///
    /// # Errors
    /// As `explain`, and [`is_cancelled`](crate::Error::is_cancelled) when `watch` breaks off.
    pub async fn explain_watched(
        &self,
        input: &Input,
        request: &Request,
        watch: &dyn Watch,
    ) -> Result<Explanation> {
        let Pass { explainer, x, forward, scores, classes, clock } = self.pass(input, request, watch).await?;
        let attributions = explainer.explain(x, forward, &classes).await?;
        let heatmaps = Heatmap::read(attributions, &classes).await?;
        Ok(Explanation::new(&explainer, request.target, classes, scores, heatmaps, clock))
    }

    /// Runs the network, and chooses the predicted class where the request names none.
    pub(super) async fn pass<'a>(
        &'a self,
        input: &Input,
        request: &'a Request,
        watch: &'a dyn Watch,
    ) -> Result<Pass<'a>> {
        self.check_input(input)?;
        let chosen = request.distinct_classes(self.classes())?;
        let explainer = self.explainer(request, watch)?;
        let mut clock = Clock::start();
        let x = input.tensor(self.device());
        let forward = explainer.forward(x.clone(), chosen.len().max(1));
        let scores = Scores::read(forward.logits().slice_dim(0, 0..1), self.problem()).await?;
        clock.lap("forward");
        let classes = if chosen.is_empty() { ClassSum::each(scores.top(1)) } else { chosen };
        Ok(Pass { explainer, x, forward, scores, classes, clock })
    }

    /// The request, checked against the network.
    fn explainer<'a>(&'a self, request: &'a Request, watch: &'a dyn Watch) -> Result<Explainer<'a>> {
        let layers = self.layers_named(&request.layers)?;
        self.explainer_of(self.network.as_ref(), layers, request, watch)
    }

    /// The same of `network`, which shares tensors and classes with this one.
    pub(super) fn explainer_of<'a>(
        &self,
        network: &'a dyn Network,
        layers: Vec<&'a str>,
        request: &'a Request,
        watch: &'a dyn Watch,
    ) -> Result<Explainer<'a>> {
        request.target.check(self.classes())?;
        request.target.check_problem(self.problem())?;
        if !self.has_classifier()
            && let Some(method) = request.methods.iter().find(|method| !method.ignores_class())
        {
            return Err(error!(
                Request,
                "method-needs-classifier",
                "{method} explains a class, but the weight file holds no classifier; choose {others}, or save the whole network's state dict",
                method = method.title,
                others = METHODS
                    .iter()
                    .filter(|method| method.ignores_class())
                    .map(|method| method.title)
                    .collect::<Vec<_>>()
                    .join(", ")
            ));
        }
        let explainer = Explainer::new(network, layers, &request.methods)
            .merge(request.merge)
            .smooth(request.smooth)
            .target(request.target)
            .problem(self.problem())
            .preset(request.preset.as_deref())
            .settings(&request.settings)
            .watch(watch);
        explainer.check()?;
        Ok(explainer)
    }
}

/// A request with the forward pass that answers it.
pub(super) struct Pass<'a> {
    pub explainer: Explainer<'a>,
    pub x: Tensor<4>,
    pub forward: Forward<'a>,
    pub scores: Scores,
    pub classes: Vec<ClassSum>,
    pub clock: Clock,
}

impl Explanation {
    /// What was found of `classes` by `explainer`.
    pub(super) fn new(
        explainer: &Explainer<'_>,
        target: Target,
        classes: Vec<ClassSum>,
        scores: Scores,
        heatmaps: Vec<Heatmap>,
        mut clock: Clock,
    ) -> Self {
        clock.lap("map");
        Self {
            layers: explainer.layers().iter().copied().map(String::from).collect(),
            classes,
            target,
            scores,
            heatmaps,
            times: clock.laps,
        }
    }
}

/// Notes how long each phase takes.
pub(super) struct Clock {
    since: Instant,
    pub laps: Vec<(&'static str, f64)>,
}

impl Clock {
    pub fn start() -> Self {
        Self { since: Instant::now(), laps: Vec::new() }
    }

    pub fn lap(&mut self, phase: &'static str) {
        self.laps.push((phase, self.since.elapsed().as_secs_f64()));
        self.since = Instant::now();
    }
}
