//! What was measured of a method's map: as JSON, as lines of a table, as curves.

use cam_lucida::measure::{Confidence, Curve, Pointing, RoadCurves, Similarity, Stage};
use serde_json::{Map, Value, json};

use crate::plot::{Chart, Line, Points};

/// A method's measures; those that were not asked for are absent, those that its map does not define `None` within.
pub struct Measured {
    method: &'static str,
    flat: bool,
    pub deletion: Option<Curve>,
    pub insertion: Option<Curve>,
    pub confidence: Option<Confidence>,
    pub road: Option<RoadCurves>,
    pub energy: Option<Option<f64>>,
    pub pointing: Option<Option<Pointing>>,
    /// The stages of randomisation, with what this method's map became.
    pub stages: Vec<(Stage, Similarity)>,
}

impl Measured {
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
            stages: Vec::new(),
        }
    }

    pub fn to_json(&self) -> Value {
        let mut all = Map::new();
        all.insert("method".into(), json!(self.method));
        all.insert("flat".into(), json!(self.flat));
        for (name, curve) in [("deletion", &self.deletion), ("insertion", &self.insertion)] {
            if let Some(curve) = curve {
                all.insert(name.into(), json!({ "area": curve.area(), "points": curve.points }));
            }
        }
        if let Some(confidence) = self.confidence {
            let (drop, increased) = (confidence.drop(), confidence.increased());
            let Confidence { whole, explained } = confidence;
            let drop =
                json!({ "whole": whole, "explained": explained, "drop": drop, "increased": increased });
            all.insert("drop".into(), drop);
        }
        if let Some(road) = &self.road {
            let road = json!({
                "combined": road.combined(),
                "most_relevant_first": road.most_relevant_first.points,
                "least_relevant_first": road.least_relevant_first.points,
            });
            all.insert("road".into(), road);
        }
        if let Some(energy) = self.energy {
            all.insert("energy".into(), json!(energy));
        }
        if let Some(pointing) = self.pointing {
            let pointing = pointing.map(|Pointing { peak, hit }| json!({ "peak": peak, "hit": hit }));
            all.insert("pointing".into(), json!(pointing));
        }
        if !self.stages.is_empty() {
            let stage = |(stage, similarity): &(Stage, Similarity)| {
                json!({
                    "fresh": stage.fresh, "of": stage.of, "module": stage.module, "rank": similarity.rank,
                    "rank_of_magnitudes": similarity.rank_of_magnitudes, "structure": similarity.structure,
                })
            };
            all.insert("randomise".into(), self.stages.iter().map(stage).collect());
        }
        Value::Object(all)
    }

    /// Method, measure, value.
    pub fn rows(&self) -> Vec<[String; 3]> {
        let number =
            |value: Option<f64>| value.map_or("undefined: the map is flat".into(), |v| format!("{v:.3}"));
        let mut rows = Vec::new();
        let mut add = |measure: &str, value: String| rows.push([self.method.into(), measure.into(), value]);
        if let Some(curve) = &self.deletion {
            add("deletion, area", number(Some(curve.area())));
        }
        if let Some(curve) = &self.insertion {
            add("insertion, area", number(Some(curve.area())));
        }
        if let Some(confidence) = self.confidence {
            add("drop of confidence", format!("{:.1} %", confidence.drop()));
        }
        if let Some(road) = &self.road {
            add("road, combined", number(Some(road.combined())));
        }
        if let Some(energy) = self.energy {
            add("energy inside the mask", number(energy));
        }
        if let Some(pointing) = self.pointing {
            let said = |Pointing { hit, .. }| String::from(if hit { "hit" } else { "miss" });
            add("pointing game", pointing.map_or_else(|| number(None), said));
        }
        if let Some((_, last)) = self.stages.last() {
            add("randomised, rank correlation", number(last.rank));
            add("randomised, rank correlation of magnitudes", number(last.rank_of_magnitudes));
            add("randomised, structural similarity", number(last.structure));
        }
        rows
    }

    /// Randomisation as a curve: at each share of fresh modules what `of` says, where it says anything.
    fn staged(&self, of: impl Fn(&Similarity) -> Option<f64>) -> Option<Points> {
        let share = |stage: &Stage| stage.fresh as f64 / stage.of as f64;
        let points =
            self.stages.iter().filter_map(|(stage, similarity)| Some((share(stage), of(similarity)?)));
        (!self.stages.is_empty()).then(|| points.collect())
    }
}

/// The curves, a chart for each measure that has any and a line for each method.
pub fn charts(of_methods: &[Measured]) -> Vec<Chart> {
    const PIXELS: &str = "share of the pixels";
    const MODULES: &str = "share of the modules, from the head";
    let points = |curve: &Curve| curve.points.clone();
    let chart = |title, across, down, of: &dyn Fn(&Measured) -> Option<Points>| {
        let line = |measured: &Measured| Some(Line { name: measured.method, points: of(measured)? });
        let lines: Vec<Line> = of_methods.iter().filter_map(line).collect();
        (!lines.is_empty()).then_some(Chart { title, across, down, lines })
    };
    let charts = [
        chart("Deletion", PIXELS, "probability", &|m| m.deletion.as_ref().map(points)),
        chart("Insertion", PIXELS, "probability", &|m| m.insertion.as_ref().map(points)),
        chart("ROAD, most relevant first", PIXELS, "probability", &|m| {
            m.road.as_ref().map(|road| points(&road.most_relevant_first))
        }),
        chart("ROAD, least relevant first", PIXELS, "probability", &|m| {
            m.road.as_ref().map(|road| points(&road.least_relevant_first))
        }),
        chart("Weights randomised", MODULES, "rank correlation", &|m| m.staged(|s| s.rank)),
        chart("Weights randomised", MODULES, "structural similarity", &|m| m.staged(|s| s.structure)),
    ];
    charts.into_iter().flatten().collect()
}
