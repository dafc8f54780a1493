//! What was measured of one method's map: as JSON, as rows of a table, as curves.

use cam_lucida::Problem;
use cam_lucida::measure::{CascadeStep, Confidence, Curve, Point, Pointing, RoadCurves, Similarity};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::plot::{Chart, Line, Points};

/// A method's measures in `measure.json`. One that was not asked for is absent; one that a flat map leaves undefined is
/// null.
#[derive(Serialize)]
pub struct MethodResults {
    method: &'static str,
    flat: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion: Option<CurveRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    insertion: Option<CurveRecord>,
    #[serde(rename = "drop", skip_serializing_if = "Option::is_none")]
    confidence: Option<ConfidenceRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    road: Option<RoadRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    energy: Option<Measured<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointing: Option<Measured<PointingRecord>>,
    #[serde(rename = "randomise", skip_serializing_if = "Vec::is_empty")]
    steps: Vec<StepRecord>,
}

/// What was measured; `None` where a flat map leaves it undefined.
#[derive(Serialize)]
struct Measured<T>(Option<T>);

#[derive(Serialize)]
struct CurveRecord {
    area: f64,
    points: Points,
}

#[derive(Serialize)]
struct ConfidenceRecord {
    whole: f64,
    explained: f64,
    drop: f64,
    increased: bool,
}

#[derive(Serialize)]
struct RoadRecord {
    combined: f64,
    most_relevant_first: Points,
    least_relevant_first: Points,
}

#[derive(Serialize)]
struct PointingRecord {
    /// Column and row.
    peak: [usize; 2],
    hit: bool,
}

/// What the method's map became at one step of the randomisation.
#[derive(Serialize)]
struct StepRecord {
    fresh: usize,
    total: usize,
    module: Option<String>,
    rank: Option<f64>,
    rank_of_magnitudes: Option<f64>,
    structure: Option<f64>,
}

impl MethodResults {
    pub fn new(method: &'static str, flat: bool) -> Self {
        Self {
            method,
            flat,
            deletion: None,
            insertion: None,
            confidence: None,
            road: None,
            energy: None,
            pointing: None,
            steps: Vec::new(),
        }
    }

    pub fn set_deletion(&mut self, curve: Curve) {
        self.deletion = Some(curve.into());
    }

    pub fn set_insertion(&mut self, curve: Curve) {
        self.insertion = Some(curve.into());
    }

    pub fn set_confidence(&mut self, confidence: Confidence) {
        let Confidence { whole, explained } = confidence;
        let (drop, increased) = (confidence.drop(), confidence.increased());
        self.confidence = Some(ConfidenceRecord { whole, explained, drop, increased });
    }

    pub fn set_road(&mut self, curves: RoadCurves) {
        self.road = Some(RoadRecord {
            combined: curves.combined(),
            most_relevant_first: curves.most_relevant_first.points,
            least_relevant_first: curves.least_relevant_first.points,
        });
    }

    pub fn set_energy(&mut self, energy: Option<f64>) {
        self.energy = Some(Measured(energy));
    }

    pub fn set_pointing(&mut self, pointing: Option<Pointing>) {
        let record = |Pointing { peak: Point { x, y }, hit }: Pointing| PointingRecord { peak: [x, y], hit };
        self.pointing = Some(Measured(pointing.map(record)));
    }

    pub fn add_step(&mut self, step: &CascadeStep, similarity: &Similarity) {
        let CascadeStep { fresh, modules, module, .. } = step;
        let &Similarity { rank, rank_of_magnitudes, structure, .. } = similarity;
        let module = module.clone();
        self.steps.push(StepRecord {
            fresh: *fresh,
            total: *modules,
            module,
            rank,
            rank_of_magnitudes,
            structure,
        });
    }

    /// Method, measure, value.
    pub fn rows(&self) -> Vec<[String; 3]> {
        let number =
            |value: Option<f64>| value.map_or("undefined: the map is flat".into(), |v| format!("{v:.3}"));
        let mut rows = Vec::new();
        let mut add = |measure: &str, value: String| rows.push([self.method.into(), measure.into(), value]);
        if let Some(curve) = &self.deletion {
            add("deletion, area", number(Some(curve.area)));
        }
        if let Some(curve) = &self.insertion {
            add("insertion, area", number(Some(curve.area)));
        }
        if let Some(confidence) = &self.confidence {
            add("drop of confidence", format!("{:.1} %", confidence.drop));
        }
        if let Some(road) = &self.road {
            add("road, combined", number(Some(road.combined)));
        }
        if let Some(Measured(energy)) = &self.energy {
            add("energy inside the mask", number(*energy));
        }
        if let Some(Measured(pointing)) = &self.pointing {
            let outcome = |pointing: &PointingRecord| String::from(if pointing.hit { "hit" } else { "miss" });
            add("pointing game", pointing.as_ref().map_or_else(|| number(None), outcome));
        }
        if let Some(last) = self.steps.last() {
            add("randomised, rank correlation", number(last.rank));
            add("randomised, rank correlation of magnitudes", number(last.rank_of_magnitudes));
            add("randomised, structural similarity", number(last.structure));
        }
        rows
    }

    /// Measure and number, for those that are defined.
    fn numbers(&self) -> Vec<(&'static str, f64)> {
        let last = self.steps.last();
        let pointing = self.pointing.as_ref().and_then(|Measured(pointing)| pointing.as_ref());
        let numbers = [
            ("deletion", self.deletion.as_ref().map(|curve| curve.area)),
            ("insertion", self.insertion.as_ref().map(|curve| curve.area)),
            ("drop", self.confidence.as_ref().map(|confidence| confidence.drop)),
            ("road", self.road.as_ref().map(|road| road.combined)),
            ("energy", self.energy.as_ref().and_then(|Measured(energy)| *energy)),
            ("pointing", pointing.map(|pointing| f64::from(u8::from(pointing.hit)))),
            ("randomise", last.and_then(|step| step.rank)),
        ];
        numbers.into_iter().filter_map(|(measure, number)| Some((measure, number?))).collect()
    }

    /// `value` at each step of the randomisation, over the share of fresh modules.
    fn cascade(&self, value: impl Fn(&StepRecord) -> Option<f64>) -> Option<Points> {
        let point = |step: &StepRecord| Some((step.fresh as f64 / step.total as f64, value(step)?));
        (!self.steps.is_empty()).then(|| self.steps.iter().filter_map(point).collect())
    }
}

impl From<Curve> for CurveRecord {
    fn from(curve: Curve) -> Self {
        Self { area: curve.area(), points: curve.points }
    }
}

/// Each measure's number by its name, and by that of its method where there are several: `deletion`, `grad-cam deletion`.
pub fn numbers(results: &[MethodResults]) -> Map<String, Value> {
    let named = |method: &MethodResults, measure: &str| match results {
        [_] => measure.into(),
        _ => format!("{} {measure}", method.method),
    };
    let of_method = |method: &'_ MethodResults| {
        method
            .numbers()
            .into_iter()
            .map(|(measure, number)| (named(method, measure), Value::from(number)))
            .collect::<Vec<_>>()
    };
    results.iter().flat_map(of_method).collect()
}

/// The curves: a chart for each measure that has any, with a line for each method.
pub fn charts(results: &[MethodResults], problem: Problem) -> Vec<Chart> {
    let score = if problem == Problem::Value { "value" } else { "probability" };
    const PIXELS: &str = "share of the pixels";
    const MODULES: &str = "share of the modules, from the head";
    let chart = |title, across, down, points: &dyn Fn(&MethodResults) -> Option<Points>| {
        let line = |method: &MethodResults| Some(Line { name: method.method, points: points(method)? });
        let lines: Vec<Line> = results.iter().filter_map(line).collect();
        (!lines.is_empty()).then_some(Chart { title, across, down, lines })
    };
    let curve = |curve: &Option<CurveRecord>| curve.as_ref().map(|curve| curve.points.clone());
    let charts = [
        chart("Deletion", PIXELS, score, &|m| curve(&m.deletion)),
        chart("Insertion", PIXELS, score, &|m| curve(&m.insertion)),
        chart("ROAD, most relevant first", PIXELS, score, &|m| {
            m.road.as_ref().map(|road| road.most_relevant_first.clone())
        }),
        chart("ROAD, least relevant first", PIXELS, score, &|m| {
            m.road.as_ref().map(|road| road.least_relevant_first.clone())
        }),
        chart("Weights randomised", MODULES, "rank correlation", &|m| m.cascade(|step| step.rank)),
        chart("Weights randomised", MODULES, "structural similarity", &|m| m.cascade(|step| step.structure)),
    ];
    charts.into_iter().flatten().collect()
}
