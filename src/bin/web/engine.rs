//! `Engine`: the one class that the page's worker talks to.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use cam_lucida::cam::{Budget, METHODS, Merge, Method, Needs, Output, Progress, Setting, Target};
use cam_lucida::network::{Architecture, Layer, NETWORKS};
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::render::{Colormap, Formula, Style};
use cam_lucida::{Device, Error, Heatmap, Model, Request, Result, Scores, Session, weights};
use js_sys::{Float32Array, Function};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::ImageBitmap;

use crate::faults;
use crate::painter::{Ground, Painter};

/// A device, a model, a picture and the last explanation.
#[wasm_bindgen]
pub struct Engine {
    session: Session,
    painter: Painter,
    why_no_gpu: Option<String>,
    picture: Option<Picture>,
    shown: Option<Shown>,
}

/// The last explanation, kept where it was computed so that a new style needs no new computation.
struct Shown {
    heatmap: Heatmap,
    ground: Ground,
}

#[derive(Deserialize)]
struct Start {
    gpu: bool,
    why: Option<String>,
}

#[derive(Deserialize)]
struct Explain {
    method: String,
    /// Empty: the network's default.
    layers: Vec<String>,
    merge: String,
    smooth: bool,
    preset: Option<String>,
    settings: BTreeMap<String, f64>,
    class: Option<usize>,
    target: String,
    preprocess: String,
}

#[derive(Deserialize)]
struct Draw {
    opacity: f32,
    colormap: String,
    formula: String,
    threshold: f32,
}

#[derive(Serialize)]
struct About {
    version: &'static str,
    device: DeviceInfo,
    networks: Vec<NetworkInfo>,
    methods: Vec<MethodInfo>,
    colormaps: Vec<&'static str>,
    formulas: Vec<FormulaInfo>,
    merges: Vec<&'static str>,
    targets: [&'static str; 4],
    preprocess: Vec<&'static str>,
}

#[derive(Serialize)]
struct DeviceInfo {
    kind: &'static str,
    name: String,
    why: Option<String>,
}

#[derive(Serialize)]
struct NetworkInfo {
    name: &'static str,
    title: &'static str,
    default_layer: &'static str,
    paper: &'static str,
}

#[derive(Serialize)]
struct MethodInfo {
    name: &'static str,
    title: &'static str,
    summary: &'static str,
    source: &'static str,
    presets: &'static [&'static str],
    settings: Vec<SettingInfo>,
    /// `nothing`, `activations` or `gradients`: all but the first are a layer's.
    needs: &'static str,
    /// `map` or `picture`.
    output: &'static str,
}

#[derive(Serialize)]
struct SettingInfo {
    name: &'static str,
    summary: &'static str,
    /// `None`: without limit.
    default: Option<f64>,
    least: f64,
    /// `None`: without limit.
    most: Option<f64>,
    whole: bool,
}

#[derive(Serialize)]
struct FormulaInfo {
    name: &'static str,
    /// Whether it shows the raw values, without picture and colours.
    raw: bool,
}

#[derive(Serialize)]
struct Loaded<'a> {
    network: &'a str,
    classes: usize,
    labels: Option<&'a [String]>,
    layers: Vec<LayerInfo<'a>>,
    default_layer: &'a str,
}

#[derive(Serialize)]
struct LayerInfo<'a> {
    name: &'a str,
    shape: [usize; 3],
}

#[derive(Serialize)]
struct Size {
    width: u32,
    height: u32,
}

#[derive(Serialize)]
struct Explained {
    method: &'static str,
    output: &'static str,
    /// None, of a method that looks at no layer.
    layers: Vec<String>,
    class: usize,
    class_name: Option<String>,
    target: String,
    top: Vec<Class>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    probabilities: Float32Array,
    flat: bool,
    budget: Option<BudgetInfo>,
    channels: usize,
    map: Size,
    view: Size,
    times: Vec<Time>,
}

#[derive(Serialize)]
struct Class {
    class: usize,
    name: Option<String>,
    probability: f32,
    logit: f32,
}

#[derive(Serialize)]
struct Time {
    name: &'static str,
    milliseconds: f64,
}

#[derive(Serialize)]
struct BudgetInfo {
    used: usize,
    of: usize,
    share: f32,
}

#[derive(Serialize)]
struct Step {
    method: &'static str,
    done: usize,
    total: usize,
}

#[derive(Serialize)]
struct RawMap {
    channels: usize,
    height: usize,
    width: usize,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    data: Float32Array,
}

#[wasm_bindgen]
impl Engine {
    /// Opens the GPU if asked to and if it passes the canary, else the CPU.
    pub async fn start(options: JsValue) -> std::result::Result<Engine, JsValue> {
        let Start { gpu, why } = read(options)?;
        let opened = if gpu { open_gpu().await } else { Err(why.unwrap_or_default()) };
        let (device, painter, why_no_gpu) = match opened {
            Ok((device, painter)) => (device, painter, None),
            Err(why) => (Device::cpu(), Painter::Cpu, Some(why)),
        };
        Ok(Self { session: Session::new(device), painter, why_no_gpu, picture: None, shown: None })
    }

    /// What this engine is and offers.
    pub fn about(&self) -> std::result::Result<JsValue, JsValue> {
        let device = self.session.device();
        let network = |n: &Architecture| NetworkInfo {
            name: n.name,
            title: n.title,
            default_layer: n.default_layer,
            paper: n.paper,
        };
        write(&About {
            version: env!("CARGO_PKG_VERSION"),
            device: DeviceInfo {
                kind: if device.is_gpu() { "gpu" } else { "cpu" },
                name: device.name(),
                why: self.why_no_gpu.clone(),
            },
            networks: NETWORKS.iter().map(network).collect(),
            methods: METHODS.iter().copied().map(method_info).collect(),
            colormaps: Colormap::ALL.map(|(name, _)| name).to_vec(),
            formulas: Formula::ALL.map(formula_info).into(),
            merges: Merge::ALL.map(|(name, _)| name).to_vec(),
            targets: Target::FORMS,
            preprocess: Preprocess::ALL.map(|(name, _)| name).to_vec(),
        })
    }

    /// Reads a safetensors file into a network; the model before stays if that fails.
    pub async fn load_weights(
        &mut self,
        network: &str,
        bytes: Vec<u8>,
        labels: Option<String>,
    ) -> std::result::Result<JsValue, JsValue> {
        let labels = labels.map(|text| weights::labels(&text)).transpose().map_err(error)?;
        let architecture = Architecture::named(network).map_err(error)?;
        let model = self.session.load(architecture, bytes, labels).await.map_err(error)?;
        write(&Loaded {
            network: architecture.name,
            classes: model.classes(),
            labels: model.labels(),
            layers: model.layers().iter().map(layer_info).collect(),
            default_layer: architecture.default_layer,
        })
    }

    /// Decodes a picture; the one before stays if that fails.
    pub fn open_picture(&mut self, bytes: Vec<u8>) -> std::result::Result<JsValue, JsValue> {
        let picture = Picture::decode(&bytes).map_err(error)?;
        let size = size(&picture);
        self.picture = Some(picture);
        write(&size)
    }

    /// Explains the picture; the explanation before stays if that fails. `on_progress` is called with
    /// `{ method, done, total }` on each step of a method that takes many; if it throws, the work ends.
    pub async fn explain(
        &mut self,
        request: JsValue,
        on_progress: Function,
    ) -> std::result::Result<JsValue, JsValue> {
        let request: Explain = read(request)?;
        let (shown, explained) = self.compute(request, &on_progress).await.map_err(error)?;
        self.shown = Some(shown);
        write(&explained)
    }

    /// Draws the last explanation.
    pub async fn draw(&self, style: JsValue) -> std::result::Result<ImageBitmap, JsValue> {
        let Draw { opacity, colormap, formula, threshold } = read(style)?;
        let style = Style {
            opacity,
            threshold,
            colormap: colormap.parse().map_err(error)?,
            formula: formula.parse().map_err(error)?,
        };
        let Shown { heatmap, ground } = self.shown().map_err(error)?;
        self.painter.draw(ground, heatmap, &style).await.map_err(error)
    }

    /// Fails if the GPU has had anything to complain about. What it complains of arrives late, so this is to be asked
    /// once its work is done, and before a result is shown.
    pub fn check(&self) -> std::result::Result<(), JsValue> {
        if self.session.device().is_gpu() { faults::check().map_err(error) } else { Ok(()) }
    }

    /// The raw map of the last explanation.
    pub async fn raw_map(&self) -> std::result::Result<JsValue, JsValue> {
        let heatmap = &self.shown().map_err(error)?.heatmap;
        let [channels, height, width] = heatmap.map.dims();
        let values = heatmap.values().await.map_err(error)?;
        write(&RawMap { channels, height, width, data: values.as_slice().into() })
    }
}

impl Engine {
    async fn compute(&self, request: Explain, on_progress: &Function) -> Result<(Shown, Explained)> {
        let model = self.session.model()?;
        let picture =
            self.picture.as_ref().ok_or_else(|| Error::missing("no picture is open yet; choose one"))?;
        let preprocess: Preprocess = request.preprocess.parse()?;
        let input = model.input(picture, preprocess)?;
        let request = Request {
            layers: request.layers,
            merge: request.merge.parse()?,
            smooth: request.smooth,
            class: request.class,
            methods: vec![request.method],
            target: request.target.parse()?,
            preset: request.preset,
            settings: request.settings.into_iter().collect(),
        };
        let watch = |Progress { method, done, total }: Progress| {
            let told = write(&Step { method, done, total })
                .and_then(|step| on_progress.call1(&JsValue::NULL, &step));
            if told.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let mut explanation = self.session.explain_watched(&input, &request, &watch).await?;
        let heatmap = explanation.heatmaps.remove(0);
        let view = model.preprocessor().view(picture, preprocess);
        let [channels, height, width] = heatmap.map.dims();
        let scores = &explanation.scores;
        let explained = Explained {
            method: heatmap.method.name,
            output: output(heatmap.method),
            layers: if heatmap.method.needs == Needs::Nothing { Vec::new() } else { explanation.layers },
            class: explanation.class,
            class_name: name(model, explanation.class),
            target: explanation.target.to_string(),
            top: scores.top(5).into_iter().map(|class| class_info(model, scores, class)).collect(),
            probabilities: scores.probabilities.as_slice().into(),
            flat: heatmap.is_flat(),
            budget: heatmap.budget.map(budget_info),
            channels,
            map: Size { width: width as u32, height: height as u32 },
            view: size(&view),
            times: explanation.times.into_iter().map(time).collect(),
        };
        let ground = self.painter.ground(view);
        Ok((Shown { heatmap, ground }, explained))
    }

    fn shown(&self) -> Result<&Shown> {
        self.shown.as_ref().ok_or_else(|| Error::missing("nothing has been explained yet"))
    }
}

/// The GPU with something to draw on it, or why it is not used.
async fn open_gpu() -> std::result::Result<(Device, Painter), String> {
    let open = async {
        let device = Device::gpu().await?;
        device.check().await?;
        let painter = Painter::new(&device)?;
        faults::check()?;
        Ok((device, painter))
    };
    open.await.map_err(|error: Error| error.to_string())
}

fn size(picture: &Picture) -> Size {
    Size { width: picture.width(), height: picture.height() }
}

fn method_info(method: &Method) -> MethodInfo {
    MethodInfo {
        name: method.name,
        title: method.title,
        summary: method.summary,
        source: method.source,
        presets: method.presets,
        settings: method.settings.iter().map(setting_info).collect(),
        needs: match method.needs {
            Needs::Nothing => "nothing",
            Needs::Activations => "activations",
            Needs::Gradients => "gradients",
        },
        output: output(method),
    }
}

fn output(method: &Method) -> &'static str {
    match method.output {
        Output::Map => "map",
        Output::Picture => "picture",
    }
}

fn setting_info(setting: &Setting) -> SettingInfo {
    let limit = |value: f64| value.is_finite().then_some(value);
    SettingInfo {
        name: setting.name,
        summary: setting.summary,
        default: limit(setting.default),
        least: setting.least,
        most: limit(setting.most),
        whole: setting.whole,
    }
}

fn formula_info((name, formula): (&'static str, Formula)) -> FormulaInfo {
    FormulaInfo { name, raw: formula.is_raw() }
}

fn budget_info(Budget { used, of, share }: Budget) -> BudgetInfo {
    BudgetInfo { used, of, share }
}

fn layer_info(layer: &Layer) -> LayerInfo<'_> {
    LayerInfo { name: &layer.name, shape: layer.shape }
}

fn class_info(model: &Model, scores: &Scores, class: usize) -> Class {
    Class {
        class,
        name: name(model, class),
        probability: scores.probabilities[class],
        logit: scores.logits[class],
    }
}

fn name(model: &Model, class: usize) -> Option<String> {
    model.label(class).map(String::from)
}

fn time((name, seconds): (&'static str, f64)) -> Time {
    Time { name, milliseconds: 1000.0 * seconds }
}

fn read<T: serde::de::DeserializeOwned>(value: JsValue) -> std::result::Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value)
        .map_err(|found| error(Error::missing(&format!("not understood: {found}"))))
}

fn write<T: Serialize>(value: &T) -> std::result::Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
    value.serialize(&serializer).map_err(|found| error(Error::device_fault(&found.to_string())))
}

/// A JS `Error` with a `kind`.
fn error(error: Error) -> JsValue {
    let thrown = js_sys::Error::new(&error.to_string());
    // Setting a property of an object made on the line above cannot fail.
    let _ = js_sys::Reflect::set(&thrown, &"kind".into(), &error.kind().into());
    thrown.into()
}
