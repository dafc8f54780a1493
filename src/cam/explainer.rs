//! The explainer: runs methods on layers of a network for one picture, then merges and smooths their maps.

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;

use burn::tensor::Tensor;
use strum::VariantArray;

use super::study::{Footprint, Part};
use super::{
    Budget, ClassSum, Forward, LayerActivations, METHODS, Method, Needs, Output, Preset, Run, Settings,
    Study, Target, Watch, Weighting, combine,
};
use crate::error::{error, unknown, unknown_variant};
use crate::network::Network;
use crate::random::{Random, seeded};
use crate::{Error, Problem, Result, Size};

/// How the maps of several layers become one. Each is brought to 0..1 and to the picture's size first.
///
/// ```
/// use cam_lucida::cam::Merge;
///
/// assert_eq!("max".parse::<Merge>()?, Merge::Max);
/// assert_eq!(Merge::default().to_string(), "mean");
/// assert!("min".parse::<Merge>().unwrap_err().is_request());
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Error, parse_err_fn = unknown_merge)]
pub enum Merge {
    /// Their mean.
    #[default]
    Mean,
    /// The largest of them, pixel by pixel.
    Max,
}

fn unknown_merge(name: &str) -> Error {
    unknown_variant("merge", name, Merge::VARIANTS)
}

/// Explains what a network saw in one picture, by any number of methods.
///
/// Only network, layers and methods must be given; everything else has a default.
///
/// ```
/// use burn::tensor::Tensor;
/// use cam_lucida::cam::{self, Explainer, Target};
/// # use cam_lucida::{Device, network::Architecture, weights::Hashed};
/// # let device = Device::cpu();
/// # let network = Architecture::named("resnet_small")?.load(&mut Hashed { classes: 3 }, device.tensors())?;
///
/// let methods = [cam::method("grad-cam")?, cam::method("score-cam")?];
/// let explainer = Explainer::new(network.as_ref(), vec!["layer4"], &methods)
///     .target(Target::Probability)
///     .settings(&"max_channels=4".parse()?);
///
/// let x = Tensor::ones([1, 3, 96, 96], device.tensors());
/// let classes = [0, 2];
/// let forward = explainer.forward(x.clone(), classes.len());
/// let found = pollster::block_on(explainer.explain(x, forward, &classes))?;
/// assert_eq!(found[0].maps.dims(), [2, 1, 12, 12]);
/// assert_eq!(found[1].budget.unwrap().used, 4);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct Explainer<'a> {
    network: &'a dyn Network,
    layers: Vec<&'a str>,
    methods: Vec<&'static Method>,
    merge: Merge,
    smooth: bool,
    target: Target,
    problem: Problem,
    preset: Option<&'a str>,
    settings: Settings,
    random: fn(u64) -> Box<dyn Random>,
    watch: &'a dyn Watch,
}

/// What one method found.
///
/// See the example of [`Explainer`].
pub struct Attribution {
    /// The method.
    pub method: &'static Method,
    /// `[rows, c, h, w]`, one row for each class: one channel for a map, three for a picture.
    pub maps: Tensor<4>,
    /// What a limit on the channels left out, at the first layer.
    pub budget: Option<Budget>,
    /// One number `[1]`, finite exactly if all that the maps were made of is.
    pub health: Tensor<1>,
}

/// A map that is a weighted sum of a layer's channels, and what it is made of.
///
/// ```
/// use burn::tensor::Tensor;
/// use cam_lucida::cam::{self, Explainer};
/// # use cam_lucida::{Device, network::Architecture, weights::Hashed};
/// # let device = Device::cpu();
/// # let network = Architecture::named("resnet_small")?.load(&mut Hashed { classes: 3 }, device.tensors())?;
///
/// let explainer = Explainer::new(network.as_ref(), vec!["layer4"], &[cam::method("grad-cam")?]);
/// let x = Tensor::ones([1, 3, 96, 96], device.tensors());
/// let forward = explainer.forward(x.clone(), 1);
/// let found = pollster::block_on(explainer.decompose(x, forward, 2))?;
/// let map = found.weighting.map(found.layer.activations);
/// assert_eq!(map.to_data(), found.attribution.maps.squeeze_dim::<3>(1).to_data());
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct Decomposition<'a> {
    /// What the layer shows, in one row.
    pub layer: LayerActivations<'a>,
    /// What the method multiplies the layer's channels by.
    pub weighting: Weighting,
    /// What [`Explainer::explain`] finds: the map is made of the two above.
    pub attribution: Attribution,
}

/// Whether the copy is mirrored, and the factor of the normalised picture: pytorch-grad-cam's `aug_smooth`.
const COPIES: [(bool, f32); 6] =
    [(false, 0.9), (false, 1.0), (false, 1.1), (true, 0.9), (true, 1.0), (true, 1.1)];

impl<'a> Explainer<'a> {
    /// Over how many copies of the picture [`smooth`](Self::smooth) averages.
    pub const SMOOTH_COPIES: usize = COPIES.len();

    /// Explains class scores at `layers`, at least one, by `methods`.
    pub fn new(network: &'a dyn Network, layers: Vec<&'a str>, methods: &[&'static Method]) -> Self {
        Self {
            network,
            layers,
            methods: methods.to_vec(),
            merge: Merge::default(),
            smooth: false,
            target: Target::default(),
            problem: Problem::default(),
            preset: None,
            settings: Settings::default(),
            random: seeded,
            watch: &|_| ControlFlow::Continue(()),
        }
    }

    /// How the maps of several layers become one; the mean by default.
    pub fn merge(self, merge: Merge) -> Self {
        Self { merge, ..self }
    }

    /// Averages over mirrored, dimmed and brightened copies of the picture; each map is brought to 0..1 first. A network that
    /// [tells left from right](Network::tells_sides) sees no mirrored ones.
    pub fn smooth(self, smooth: bool) -> Self {
        Self { smooth, ..self }
    }

    /// The number to explain; the logit by default.
    pub fn target(self, target: Target) -> Self {
        Self { target, ..self }
    }

    /// How class scores become probabilities; by softmax by default.
    pub fn problem(self, problem: Problem) -> Self {
        Self { problem, ..self }
    }

    /// The name of a preset that at least one of the methods has; `None` by default.
    pub fn preset(self, preset: Option<&'a str>) -> Self {
        Self { preset, ..self }
    }

    /// Values for the methods' settings; each method's own by default.
    pub fn settings(self, settings: &Settings) -> Self {
        Self { settings: settings.clone(), ..self }
    }

    /// Makes the random numbers that start at a seed; [`seeded`] by default.
    pub fn random(self, random: fn(u64) -> Box<dyn Random>) -> Self {
        Self { random, ..self }
    }

    /// Gets the progress of methods that take many steps, and may cancel them.
    pub fn watch(self, watch: &'a dyn Watch) -> Self {
        Self { watch, ..self }
    }

    /// The layers that are explained.
    pub fn layers(&self) -> &[&'a str] {
        &self.layers
    }

    /// Checks that methods, layers, preset and settings go together.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request), saying what does not.
    pub fn check(&self) -> Result<()> {
        if self.layers.is_empty() {
            return Err(error!(Request, "no-layer", "no layer was chosen; choose at least one"));
        }
        self.chosen_preset()?;
        self.settings.check(&self.methods)?;
        for method in self.methods.iter().filter(|method| method.output == Output::Picture) {
            if self.smooth {
                return Err(error!(
                    Request,
                    "smoothed-picture",
                    "smoothing averages maps in 0..1, but {method} gives a signed picture; turn smoothing off, or \
                     choose a method that gives a map",
                    method = method.name
                ));
            }
            if self.layers.len() > 1 && method.needs != Needs::Nothing {
                return Err(error!(
                    Request,
                    "merged-picture",
                    "merging layers averages maps in 0..1, but {method} gives a signed picture; choose one layer, or \
                     a method that gives a map",
                    method = method.name
                ));
            }
        }
        Ok(())
    }

    fn chosen_preset(&self) -> Result<Option<Preset>> {
        let Some(name) = self.preset else { return Ok(None) };
        let presets: Vec<Preset> = self.methods.iter().flat_map(|method| method.presets).copied().collect();
        if presets.is_empty() {
            return Err(error!(
                Request,
                "no-presets",
                "the chosen methods have no presets; leave out `{preset}`",
                preset = name
            ));
        }
        let found = presets.iter().find(|preset| preset.name == name).copied();
        found.map(Some).ok_or_else(|| unknown("preset", name, presets.iter().map(|preset| preset.name)))
    }

    /// Runs the network on picture `x` `[1, 3, height, width]`, ready to explain `rows` classes.
    pub fn forward(&self, x: Tensor<4>, rows: usize) -> Forward<'a> {
        let differentiate = self.methods.iter().any(|method| method.needs == Needs::Gradients);
        Forward::run(self.network, x, &self.layers, rows, differentiate)
    }

    /// Explains each class, or sum of classes, of `classes`, by what [`forward`](Self::forward) gave for `x`. The result has one entry for each
    /// method, in order.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request) as [`check`](Self::check), and when a layer or method does not go with the
    /// network; [`is_cancelled`](Error::is_cancelled) when the watch cancels; [`is_weights`](Error::is_weights) when an
    /// intermediate number is not finite; [`is_device`](Error::is_device) when the device fails.
    pub async fn explain(
        &self,
        x: Tensor<4>,
        forward: Forward<'a>,
        classes: &[impl Into<ClassSum> + Clone],
    ) -> Result<Vec<Attribution>> {
        self.check()?;
        let classes: Vec<ClassSum> = classes.iter().cloned().map(Into::into).collect();
        let classes = classes.as_slice();
        let footprint = Footprint::from_layers(forward.layers());
        if !self.smooth {
            let layers = self.layer_activations(forward, classes)?;
            return self.attributions(&x, &layers, footprint, Part::WHOLE).await;
        }
        let mut sums: Vec<Attribution> = Vec::new();
        let tells_sides = self.network.tells_sides();
        let copies: Vec<_> = COPIES.into_iter().filter(|(mirrored, _)| !(*mirrored && tells_sides)).collect();
        for (i, (mirrored, factor)) in copies.iter().copied().enumerate() {
            let mirror = |x: Tensor<4>| if mirrored { x.flip([3]) } else { x };
            let copy = mirror(x.clone()) * factor;
            let layers = self.layer_activations(self.forward(copy.clone(), classes.len()), classes)?;
            let found =
                self.attributions(&copy, &layers, footprint, Part::WHOLE.split(i, copies.len())).await?;
            for (at, mut attribution) in found.into_iter().enumerate() {
                attribution.maps = mirror(combine::min_max(attribution.maps)) / copies.len() as f32;
                match sums.get_mut(at) {
                    None => sums.push(attribution),
                    Some(sum) => {
                        sum.maps = sum.maps.clone() + attribution.maps;
                        sum.health = sum.health.clone() + attribution.health;
                    }
                }
            }
        }
        Ok(sums)
    }

    /// Explains one class, or sum of classes, as [`explain`](Self::explain) does, and says what the map is made of.
    ///
    /// # Errors
    /// As `explain`; [`is_request`](Error::is_request) also when there is not exactly one layer and one method, the maps are
    /// smoothed, or the method is no [weighted sum](Method::is_weighted_sum).
    pub async fn decompose(
        &self,
        x: Tensor<4>,
        forward: Forward<'a>,
        class: impl Into<ClassSum>,
    ) -> Result<Decomposition<'a>> {
        self.check()?;
        let ([method], 1, false) = (self.methods.as_slice(), self.layers.len(), self.smooth) else {
            return Err(error!(
                Request,
                "decomposed-together",
                "one map of one layer is taken apart at a time, and none that is smoothed; found {methods} methods and \
                 {layers} layers; choose one of each, and turn smoothing off",
                methods = self.methods.len(),
                layers = self.layers.len()
            ));
        };
        let footprint = Footprint::from_layers(forward.layers());
        let layer = self.layer_activations(forward, &[class.into()])?.remove(0);
        let (attribution, weighting) = self.attribute(method, &x, &layer, footprint, Part::WHOLE).await?;
        let weighting = weighting.ok_or_else(|| {
            let names: Vec<&str> = METHODS.iter().filter(|one| one.is_weighted_sum()).map(|one| one.name).collect();
            error!(
                Request,
                "no-weighted-sum",
                "the map of {method} is no weighted sum of channels, so it has no parts; choose one of {names}",
                method = method.name,
                names = names.join(", ")
            )
        })?;
        Ok(Decomposition { layer, weighting, attribution })
    }

    fn layer_activations(
        &self,
        forward: Forward<'a>,
        classes: &[ClassSum],
    ) -> Result<Vec<LayerActivations<'a>>> {
        forward.explain(classes, self.target, self.problem, self.chosen_preset()?)
    }

    async fn attributions(
        &self,
        x: &Tensor<4>,
        layers: &[LayerActivations<'a>],
        footprint: Footprint,
        part: Part,
    ) -> Result<Vec<Attribution>> {
        let mut attributions = Vec::new();
        for &method in &self.methods {
            // A method that looks at no layer gives the same for all of them.
            let layers = if method.needs == Needs::Nothing { &layers[..1] } else { layers };
            let mut by_layer = Vec::new();
            for (i, layer) in layers.iter().enumerate() {
                let part = part.split(i, layers.len());
                by_layer.push(self.attribute(method, x, layer, footprint, part).await?.0);
            }
            attributions.push(self.merged(by_layer, x));
        }
        Ok(attributions)
    }

    /// What a method finds at one layer, and by which weights, if it adds up the channels.
    async fn attribute(
        &self,
        method: &'static Method,
        x: &Tensor<4>,
        layer: &LayerActivations<'a>,
        footprint: Footprint,
        part: Part,
    ) -> Result<(Attribution, Option<Weighting>)> {
        let study = Study {
            layer,
            x: x.clone(),
            method,
            settings: &self.settings,
            random: self.random,
            watch: self.watch,
            footprint,
            part,
            budget: Cell::default(),
            health: RefCell::default(),
        };
        let of_weights = |weighting: Weighting| {
            (weighting.map(layer.activations.clone()).unsqueeze_dim(1), Some(weighting))
        };
        let (maps, weighting) = match method.run {
            Run::Weights(weigh) => of_weights(weigh(layer)?),
            Run::StudyWeights(work) => of_weights(work(&study).await?),
            Run::Layer(map) => (map(layer)?.unsqueeze_dim(1), None),
            Run::Study(work) => (work(&study).await?, None),
        };
        let budget = study.budget.get();
        let health = study.health.into_inner().into_iter().fold(layer.health(), |sum, number| sum + number);
        Ok((Attribution { method, maps, budget, health }, weighting))
    }

    fn merged(&self, mut by_layer: Vec<Attribution>, x: &Tensor<4>) -> Attribution {
        if by_layer.len() == 1 {
            return by_layer.remove(0);
        }
        let [_, _, height, width] = x.dims();
        let count = by_layer.len() as f32;
        for attribution in &mut by_layer {
            let maps = combine::min_max(attribution.maps.clone());
            attribution.maps = combine::upsample(maps, Size { height, width });
        }
        let together = by_layer.into_iter().reduce(|a, b| Attribution {
            maps: match self.merge {
                Merge::Mean => a.maps + b.maps,
                Merge::Max => a.maps.max_pair(b.maps),
            },
            health: a.health + b.health,
            ..a
        });
        let mut together = together.expect("`check` wants at least one layer");
        if self.merge == Merge::Mean {
            together.maps = together.maps / count;
        }
        together
    }
}
