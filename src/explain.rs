//! The façade that both front doors use: a session holds a device and a model, a request names what to explain,
//! an explanation is what came out.

use std::ops::ControlFlow;

use burn::tensor::{Tensor, TensorData};
use web_time::Instant;

use crate::cam::{self, Budget, Inquiry, Merge, Method, Progress, Settings, Target, Watch};
use crate::device::Device;
use crate::network::{Architecture, Layer, Network, Tap};
use crate::picture::{Picture, Preprocess, Preprocessor};
use crate::weights::{Parameters, Weights};
use crate::{Error, Result, finite, read};

/// A device and, once loaded, a model.
pub struct Session {
    device: Device,
    model: Option<Model>,
}

/// A network with weights, class names and preprocessing.
pub struct Model {
    architecture: &'static Architecture,
    network: Box<dyn Network>,
    classes: usize,
    labels: Option<Vec<String>>,
    preprocessor: Preprocessor,
    layers: Vec<Layer>,
}

/// What the network is shown: normalised numbers `[1, 3, height, width]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    height: usize,
    width: usize,
    values: Vec<f32>,
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
    /// The class; without one, the predicted.
    pub class: Option<usize>,
    /// Names of [`METHODS`](cam::METHODS); all of those that one pass is enough for share it.
    pub methods: Vec<String>,
    /// The number that is explained.
    pub target: Target,
    /// A variant of a method, see [`Method::presets`].
    pub preset: Option<String>,
    /// Values for the methods' settings, see [`Method::settings`].
    pub settings: Settings,
}

/// What came out.
pub struct Explanation {
    /// The layers that were explained.
    pub layers: Vec<String>,
    /// The class that was explained.
    pub class: usize,
    /// The target that was explained.
    pub target: Target,
    /// All class scores.
    pub scores: Scores,
    /// One for each method asked for.
    pub heatmaps: Vec<Heatmap>,
    /// Seconds that each phase took, in order.
    pub times: Vec<(&'static str, f64)>,
}

/// Class scores of one picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// Before softmax, `[classes]`.
    pub logits: Vec<f32>,
    /// After softmax, `[classes]`.
    pub probabilities: Vec<f32>,
}

/// A raw map, still on the device that computed it.
#[derive(Clone)]
pub struct Heatmap {
    /// The method.
    pub method: &'static Method,
    /// Not normalised, `[c, h, w]`: one channel of a map, three of a signed picture.
    pub map: Tensor<3>,
    /// Smallest and largest value.
    pub range: (f32, f32),
    /// What a limit on the channels left out.
    pub budget: Option<Budget>,
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

    /// Reads a safetensors file into a network. On success it takes the place of the model before; on failure
    /// that one stays.
    ///
    /// # Errors
    /// [`is_weights`](Error::is_weights) when a tensor is missing, misshaped, superfluous or not finite, or the
    /// labels are not as many as the classes; [`is_device`](Error::is_device) when the device fails.
    pub async fn load(
        &mut self,
        architecture: &'static Architecture,
        file: Vec<u8>,
        labels: Option<Vec<String>>,
    ) -> Result<&Model> {
        let mut weights = Weights::from_safetensors(file)?;
        let network = architecture.load(&mut weights, self.device.tensors())?;
        weights.finish(network.training_only())?;
        self.take(architecture, network, labels).await
    }

    /// [`load`](Self::load) from any source of tensors; what the network leaves over is not looked at.
    ///
    /// # Errors
    /// As `load`, but for superfluous tensors.
    pub async fn load_from(
        &mut self,
        architecture: &'static Architecture,
        parameters: &mut dyn Parameters,
        labels: Option<Vec<String>>,
    ) -> Result<&Model> {
        let network = architecture.load(parameters, self.device.tensors())?;
        self.take(architecture, network, labels).await
    }

    async fn take(
        &mut self,
        architecture: &'static Architecture,
        network: Box<dyn Network>,
        labels: Option<Vec<String>>,
    ) -> Result<&Model> {
        let model = Model::new(architecture, network, labels, &self.device).await?;
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
        Scores::read(logits).await
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
        let usual = (model.preprocessor.size as f64).powi(2);
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
            scores.extend(Scores::read_rows(model.network.forward(x, &mut Tap::default())).await?);
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
        if let Some(class) = request.class {
            cam::check_class(class, model.classes)?;
        }
        request.target.check(model.classes)?;
        let inquiry = Inquiry {
            network: model.network.as_ref(),
            layers: model.layers_named(&request.layers)?,
            merge: request.merge,
            smooth: request.smooth,
            methods: &methods,
            target: request.target,
            preset: request.preset.as_deref(),
            settings: &request.settings,
            noise: cam::seeded,
            watch,
        };
        inquiry.check()?;

        let mut clock = Clock::start();
        let x = input.tensor(&self.device);
        let pass = inquiry.begin(x.clone(), 1);
        let scores = Scores::read(pass.logits()).await?;
        clock.lap("forward");
        let class = request.class.unwrap_or_else(|| scores.top(1)[0]);
        let answers = inquiry.explain(x, pass, &[class]).await?;
        let heatmaps = Heatmap::read(answers).await?;
        clock.lap("map");
        Ok(Explanation {
            layers: inquiry.layers.into_iter().map(String::from).collect(),
            class,
            target: request.target,
            scores,
            heatmaps,
            times: clock.laps,
        })
    }
}

impl Model {
    async fn new(
        architecture: &'static Architecture,
        network: Box<dyn Network>,
        labels: Option<Vec<String>>,
        device: &Device,
    ) -> Result<Self> {
        let preprocessor = Preprocessor::imagenet(architecture.size);
        let side = architecture.size as usize;
        let mut tap = Tap::at_layers(&[]);
        let grey = Tensor::zeros([1, 3, side, side], device.tensors());
        let classes = Scores::read(network.forward(grey, &mut tap)).await?.logits.len();
        if let Some(names) = labels.as_ref().filter(|names| names.len() != classes) {
            return Err(Error::weights(format!(
                "{} labels do not fit a network of {classes} classes",
                names.len()
            )));
        }
        Ok(Self { architecture, network, classes, labels, preprocessor, layers: tap.layers().to_vec() })
    }

    /// The network without its weights.
    pub fn architecture(&self) -> &'static Architecture {
        self.architecture
    }

    /// How many classes the weights have.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The name of a class, where labels were given.
    pub fn label(&self, class: usize) -> Option<&str> {
        self.labels()?.get(class).map(String::as_str)
    }

    /// The names of all classes, where labels were given.
    pub fn labels(&self) -> Option<&[String]> {
        self.labels.as_deref()
    }

    /// Input size and normalisation.
    pub fn preprocessor(&self) -> &Preprocessor {
        &self.preprocessor
    }

    /// Every layer that can be explained, in order, with its shape at the usual input size.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// What the network is shown of a picture.
    ///
    /// # Errors
    /// As [`Preprocessor::frame`].
    pub fn input(&self, picture: &Picture, preprocess: Preprocess) -> Result<Input> {
        let frame = self.preprocessor.frame(picture, preprocess)?;
        Ok(Input {
            height: frame.height() as usize,
            width: frame.width() as usize,
            values: self.preprocessor.normalise(&frame),
        })
    }

    /// What an input that was normalised elsewhere looked like before.
    pub fn picture(&self, input: &Input) -> Picture {
        self.preprocessor.denormalise(&input.values, input.width as u32, input.height as u32)
    }

    fn check(&self, input: &Input) -> Result<()> {
        let least = self.network.least_side();
        if input.height.min(input.width) >= least {
            return Ok(());
        }
        Err(Error::request(format!(
            "an input of {}×{} (height × width) was given, {} needs at least {least} on each side",
            input.height, input.width, self.architecture.title
        )))
    }

    /// The layers of these names, each once, or the default one.
    fn layers_named<'a>(&'a self, names: &'a [String]) -> Result<Vec<&'a str>> {
        let mut found: Vec<&str> = Vec::new();
        for name in names {
            if !self.layers.iter().any(|layer| layer.name == *name) {
                let names = self.layers.iter().map(|layer| layer.name.as_str());
                return Err(crate::error::unknown("layer", name, names));
            }
            if !found.contains(&name.as_str()) {
                found.push(name);
            }
        }
        Ok(if found.is_empty() { vec![self.architecture.default_layer] } else { found })
    }
}

impl Input {
    /// Least and most rows and columns of an input.
    pub const SIDES: (usize, usize) = (32, 2048);

    /// Wraps numbers that are normalised already, `[1, 3, height, width]` row-major.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request): the length or a side does not fit, or a value is not finite.
    pub fn new(height: usize, width: usize, values: Vec<f32>) -> Result<Self> {
        let (least, most) = Self::SIDES;
        if [height, width].iter().any(|side| !(least..=most).contains(side)) {
            return Err(Error::request(format!(
                "an input of {height}×{width} (height × width) was given, each side must be {least} to {most}"
            )));
        }
        if values.len() != 3 * height * width {
            return Err(Error::request(format!(
                "an input [1, 3, {height}, {width}] has {} values, found {}",
                3 * height * width,
                values.len()
            )));
        }
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            return Err(Error::request(format!(
                "value {at} of the input is {}, all must be finite",
                values[at]
            )));
        }
        Ok(Self { height, width, values })
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The numbers `[3, height, width]`, row-major.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Another input of this size. Its values must be as many; whether they are finite shows in the scores.
    pub(crate) fn with_values(&self, values: Vec<f32>) -> Self {
        Self { values, ..*self }
    }

    fn tensor(&self, device: &Device) -> Tensor<4> {
        let data = TensorData::new(self.values.clone(), [1, 3, self.height, self.width]);
        Tensor::from_data(data, device.tensors())
    }
}

impl Scores {
    /// Of logits `[1, classes]`.
    async fn read(logits: Tensor<2>) -> Result<Self> {
        Ok(Self::read_rows(logits).await?.swap_remove(0))
    }

    /// Of each row of logits `[n, classes]`.
    async fn read_rows(logits: Tensor<2>) -> Result<Vec<Self>> {
        let [_, classes] = logits.dims();
        let logits = read(logits.flatten::<1>(0, 1)).await?;
        finite(&logits, "class scores")?;
        Ok(logits.chunks_exact(classes).map(|row| Self::of(row.to_vec())).collect())
    }

    fn of(logits: Vec<f32>) -> Self {
        let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let exponentials: Vec<f64> = logits.iter().map(|&y| f64::from(y - highest).exp()).collect();
        let sum: f64 = exponentials.iter().sum();
        let probabilities = exponentials.iter().map(|e| (e / sum) as f32).collect();
        Self { logits, probabilities }
    }

    /// The `count` classes with the highest scores, best first.
    pub fn top(&self, count: usize) -> Vec<usize> {
        let mut classes: Vec<usize> = (0..self.logits.len()).collect();
        classes.sort_by(|&a, &b| self.logits[b].total_cmp(&self.logits[a]));
        classes.truncate(count);
        classes
    }
}

impl Heatmap {
    /// Whether the map is the same everywhere: nothing speaks for this class.
    pub fn is_flat(&self) -> bool {
        self.range.0 >= self.range.1
    }

    /// One channel to be coloured, `[h, w]`: the map, or of a signed picture the largest magnitude of the channels
    /// (Simonyan 2014).
    pub fn magnitude(&self) -> Tensor<2> {
        let map = self.map.clone();
        if self.map.dims()[0] == 1 { map.squeeze_dim(0) } else { map.abs().max_dim(0).squeeze_dim(0) }
    }

    /// The values of [`magnitude`](Self::magnitude), row-major.
    ///
    /// # Errors
    /// [`is_device`](Error::is_device) when the device fails.
    pub async fn magnitudes(&self) -> Result<Vec<f32>> {
        read(self.magnitude().flatten::<1>(0, 1)).await
    }

    /// The raw values `[c, h, w]`, row-major.
    ///
    /// # Errors
    /// [`is_device`](Error::is_device) when the device fails.
    pub async fn values(&self) -> Result<Vec<f32>> {
        read(self.map.clone().flatten::<1>(0, 2)).await
    }

    /// Takes the one row of each answer, and reads of each only its range.
    async fn read(answers: Vec<cam::Answer>) -> Result<Vec<Self>> {
        const EACH: usize = 4;
        let mut numbers = Vec::new();
        for answer in &answers {
            let map = answer.maps.clone();
            numbers.extend([answer.health.clone(), map.clone().sum(), map.clone().min(), map.max()]);
        }
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let numbers = read(Tensor::cat(numbers, 0)).await?;
        finite(&numbers, "activations, gradients or map")?;
        let of_answers = numbers.chunks_exact(EACH).zip(answers);
        let heatmap = |(numbers, answer): (&[f32], cam::Answer)| Self {
            method: answer.method,
            map: answer.maps.squeeze_dim(0),
            range: (numbers[2], numbers[3]),
            budget: answer.budget,
        };
        Ok(of_answers.map(heatmap).collect())
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
