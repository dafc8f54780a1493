//! The plain data that goes in and out of the session, and how the library's values become it.

use std::collections::BTreeMap;

use cam_lucida::cam::{Budget, Method, Needs, Output, Setting};
use cam_lucida::network::Layer;
use cam_lucida::picture::Picture;
use cam_lucida::render::Formula;
use cam_lucida::{Model, Scores};
use js_sys::Float32Array;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct Start {
    pub gpu: bool,
    pub why: Option<String>,
}

/// What is said of a model beside its weights; all of it may be left out.
#[derive(Deserialize)]
pub struct ModelFiles {
    /// A network's name, which counts more than the config's.
    pub network: Option<String>,
    /// The text of `config.json`.
    pub config: Option<String>,
    /// The text of `preprocessor_config.json`.
    pub preprocessor: Option<String>,
    /// The text of a labels file, which counts more than the config's class names.
    pub labels: Option<String>,
    pub size: Option<u32>,
    pub mean: Option<[f32; 3]>,
    pub std: Option<[f32; 3]>,
}

#[derive(Deserialize)]
pub struct Explain {
    pub method: String,
    /// Empty: the network's default.
    pub layers: Vec<String>,
    pub merge: String,
    pub smooth: bool,
    pub preset: Option<String>,
    pub settings: BTreeMap<String, f64>,
    /// Empty: the predicted.
    pub classes: Vec<usize>,
    pub target: String,
    pub preprocess: String,
    /// The longer side of what is drawn, in pixels; `None`: as large as is good to see.
    pub view: Option<u32>,
}

#[derive(Deserialize)]
pub struct Draw {
    pub opacity: f32,
    pub colormap: String,
    pub formula: String,
    pub threshold: f32,
}

#[derive(Serialize)]
pub struct About {
    pub version: &'static str,
    pub device: DeviceInfo,
    pub networks: Vec<NetworkInfo>,
    pub methods: Vec<MethodInfo>,
    pub colormaps: Vec<&'static str>,
    pub formulas: Vec<FormulaInfo>,
    pub merges: Vec<&'static str>,
    pub targets: [&'static str; 4],
    pub preprocess: Vec<&'static str>,
}

#[derive(Serialize)]
pub struct DeviceInfo {
    pub kind: &'static str,
    pub name: String,
    pub why: Option<String>,
}

#[derive(Serialize)]
pub struct NetworkInfo {
    pub name: &'static str,
    pub title: &'static str,
    pub default_layer: &'static str,
    pub paper: &'static str,
}

#[derive(Serialize)]
pub struct MethodInfo {
    pub name: &'static str,
    pub title: &'static str,
    pub summary: &'static str,
    pub source: &'static str,
    pub presets: Vec<&'static str>,
    pub settings: Vec<SettingInfo>,
    /// `nothing`, `activations` or `gradients`: all but the first are a layer's.
    pub needs: &'static str,
    /// `map` or `picture`.
    pub output: &'static str,
}

#[derive(Serialize)]
pub struct SettingInfo {
    pub name: &'static str,
    pub summary: &'static str,
    /// `None`: without limit.
    pub default: Option<f64>,
    pub least: f64,
    /// `None`: without limit.
    pub most: Option<f64>,
    pub whole: bool,
}

#[derive(Serialize)]
pub struct FormulaInfo {
    pub name: &'static str,
    /// Whether it shows the raw values, without picture and colours.
    pub raw: bool,
}

#[derive(Serialize)]
pub struct Loaded<'a> {
    pub network: &'a str,
    pub title: &'a str,
    /// `single-label` or `multi-label`.
    pub problem: &'a str,
    /// Side of the square input, in pixels.
    pub size: u32,
    pub classes: usize,
    pub labels: Option<&'a [String]>,
    pub layers: Vec<LayerInfo<'a>>,
    pub default_layer: &'a str,
}

#[derive(Serialize)]
pub struct LayerInfo<'a> {
    pub name: &'a str,
    pub shape: [usize; 3],
}

#[derive(Serialize)]
pub struct Size {
    pub width: u32,
    pub height: u32,
}

#[derive(Serialize)]
pub struct Explained {
    pub method: &'static str,
    pub output: &'static str,
    /// None, of a method that looks at no layer.
    pub layers: Vec<String>,
    /// One for each heatmap, in order.
    pub classes: Vec<ExplainedClass>,
    pub target: String,
    pub top: Vec<Class>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub probabilities: Float32Array,
    pub budget: Option<BudgetInfo>,
    pub channels: usize,
    pub map: Size,
    pub view: Size,
    pub times: Vec<Time>,
}

#[derive(Serialize)]
pub struct Class {
    pub class: usize,
    pub name: Option<String>,
    pub probability: f32,
    pub logit: f32,
}

#[derive(Serialize)]
pub struct ExplainedClass {
    pub class: usize,
    pub name: Option<String>,
    pub probability: f32,
    pub logit: f32,
    pub flat: bool,
}

#[derive(Serialize)]
pub struct Time {
    pub name: &'static str,
    pub milliseconds: f64,
}

#[derive(Serialize)]
pub struct BudgetInfo {
    pub used: usize,
    pub of: usize,
    pub share: f32,
}

#[derive(Serialize)]
pub struct Step {
    pub method: &'static str,
    pub done: usize,
    pub total: usize,
}

#[derive(Serialize)]
pub struct RawMap {
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub data: Float32Array,
}

pub fn size(picture: &Picture) -> Size {
    let cam_lucida::Size { height, width } = picture.size();
    Size { width: width as u32, height: height as u32 }
}

pub fn method_info(method: &Method) -> MethodInfo {
    MethodInfo {
        name: method.name,
        title: method.title,
        summary: method.summary,
        source: method.source,
        presets: method.presets.iter().map(|preset| preset.name).collect(),
        settings: method.settings.iter().map(setting_info).collect(),
        needs: match method.needs {
            Needs::Nothing => "nothing",
            Needs::Activations => "activations",
            Needs::Gradients => "gradients",
        },
        output: output(method),
    }
}

pub fn output(method: &Method) -> &'static str {
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
        least: setting.min,
        most: limit(setting.max),
        whole: setting.whole,
    }
}

pub fn formula_info(formula: &Formula) -> FormulaInfo {
    FormulaInfo { name: formula.into(), raw: formula.is_raw() }
}

pub fn budget_info(Budget { used, of, share }: Budget) -> BudgetInfo {
    BudgetInfo { used, of, share }
}

pub fn layer_info(layer: &Layer) -> LayerInfo<'_> {
    LayerInfo { name: &layer.name, shape: layer.shape }
}

pub fn class_info(model: &Model, scores: &Scores, class: usize) -> Class {
    Class {
        class,
        name: model.label(class).map(String::from),
        probability: scores.probabilities[class],
        logit: scores.logits[class],
    }
}

pub fn time((name, seconds): (&'static str, f64)) -> Time {
    Time { name, milliseconds: 1000.0 * seconds }
}
