//! The findings as a section of `docs/FINDINGS.md`, and as JSON.

use cam_lucida::scenes::captions::Role;
use cam_lucida::scenes::questions::QuestionType;
use serde_json::{Value, json};
use strum::IntoEnumIterator;

use super::captions::{EARLIER, ROLES, Texts};
use super::marks::{Figure, Marks, Source, sources};
use super::{Asked, Captions, Extent, Found, SEED, SIDE};
use crate::estimate::{Sample, percent};
use crate::survey::tolerance;

/// The heading of the section.
pub const HEADING: &str = "## Questions and captions";

/// What is wanted of a figure.
#[derive(Clone, Copy)]
enum Wanted {
    /// The least that is good enough, and what is hoped for.
    AtLeast(f64, f64),
    AtMost(f64),
    Nothing,
}

/// A figure with its name.
struct Row {
    name: String,
    sample: Sample,
    wanted: Wanted,
}

impl Row {
    fn new(name: impl Into<String>, sample: &Sample, wanted: Wanted) -> Self {
        Self { name: name.into(), sample: sample.clone(), wanted }
    }

    /// Whether it is what is wanted.
    fn verdict(&self) -> &'static str {
        let mean = self.sample.mean();
        match self.wanted {
            Wanted::AtLeast(_, goal) if mean >= goal => "goal reached",
            Wanted::AtLeast(floor, _) if mean >= floor => "above the floor",
            Wanted::AtMost(most) if mean <= most => "within the limit",
            Wanted::AtLeast(..) | Wanted::AtMost(_) => "**missed**",
            Wanted::Nothing => "",
        }
    }
}

/// The section.
pub fn section(found: &Found, extent: &Extent) -> String {
    let mut text = format!(
        "{HEADING}\n\n\
         Two networks on drawn shapes are asked about scenes that they have not learned from (seed {SEED}, {SIDE}×{SIDE} pixels). \
         There is one question about each of {} scenes. {} scenes have captions. An interval is that of a mean over scenes. Where nothing else is said, captions \
         are of plain scenes alone, about half of all: there one relation clearly holds. In others it hangs on a pixel.\n\n\
         Both read what they say through gates. In training the gates were taught where the things are that an answer or a word \
         speaks of. So these maps show what gates can do; other networks' maps are less clean. Eight pairs of kind and colour are \
         in no training scene. Where a question names one of the two, the loss leaves the other out. So the network that answers \
         does not learn that there is no such pair. No such thing was done for captions.\n\n\
         *Mean activation* is that of what was read, so it has passed the gates, too. Where it does as well as Grad-CAM, the gates do \
         the pointing. Relation words are told from where the gates are open, and what was read does not hold that. Their maps there \
         show what was read, not what decided. So the sums of phrases and captions leave them out. The network computes where its gates \
         are open from earlier layers. So maps of relation words at {} show what decided, too.\n\n",
        extent.questions,
        extent.captions,
        code(EARLIER.0)
    );
    let groups = groups(found);
    if groups.is_empty() {
        return text + "No network of language is among the models.\n\n";
    }
    text += &about_maps();
    for (title, rows) in groups {
        text +=
            &format!("### {title}\n\n| | found, % | n | floor | goal | |\n|---|---:|---:|---:|---:|---|\n");
        for row in rows {
            let share = |value: f64| format!("{:.0}", 100.0 * value);
            let [floor, goal] = match row.wanted {
                Wanted::AtLeast(floor, goal) => [share(floor), share(goal)],
                Wanted::AtMost(most) => [format!("≤ {}", share(most)), String::new()],
                Wanted::Nothing => Default::default(),
            };
            let (name, found, count) = (&row.name, percent(&row.sample), row.sample.len());
            text += &format!("| {name} | {found} | {count} | {floor} | {goal} | {} |\n", row.verdict());
        }
        text += "\n";
    }
    text
}

fn code(name: &str) -> String {
    format!("`{name}`")
}

fn about_maps() -> String {
    format!(
        "Maps are Grad-CAM's at the default layer (`head`; of a word, what is read for it), for answers that are true and words \
         that are right after those before them. `h` is a map at the picture's size without negative values, `G` the pixels of \
         what the answer or word speaks of; a flat map counts as 0. A relation speaks of all things that the caption names. The answers \
         “no” and “0” stand on nothing, so their maps are not measured. Of the question whether a thing is left of another, “yes” \
         stands on that thing alone: there the network reads it.\n\n\
         - *mass*: `Σ_G h / Σ h`. *rank*: of the `|G|` pixels with the highest values, those in `G` (Arras 2022, CLEVR-XAI). \
         *pointing*: how often the peak is in `G`; *near*: or within {:.1} pixels, as above.\n\
         - Controls: *uniform* knows nothing; *mean activation* is the layer's, whatever is asked (where a word is read, that \
         is the network's own attention); *another question* is the map of the most probable answer to it, *another word* that \
         of the next word of its role in the caption.\n\
         - *own instance*: where a kind occurs in several colours, what lies on the things of the answer's colour, in parts of \
         what lies on all of the kind; the mean over the true answers.\n\n",
        tolerance(SIDE)
    )
}

/// All figures.
pub fn json(found: &Found) -> Value {
    let group = |(title, rows): (String, Vec<Row>)| {
        let row = |row: Row| {
            let estimate = row.sample.estimate();
            let numbers = estimate.map(|estimate| [estimate.mean, estimate.low, estimate.high]);
            json!({ "name": row.name, "mean_low_high": numbers, "n": row.sample.len() })
        };
        json!({ "title": title, "figures": rows.into_iter().map(row).collect::<Vec<_>>() })
    };
    groups(found).into_iter().map(group).collect()
}

/// The tables, each with its title.
fn groups(found: &Found) -> Vec<(String, Vec<Row>)> {
    let mut groups = Vec::new();
    if let Some(asked) = &found.questions {
        let Asked { recipe, bytes, .. } = asked;
        groups.push((format!("{}: {:.2} MB in f16", recipe.title, *bytes as f64 / 1e6), answers(asked)));
        groups.push(("Maps of colours".into(), colours(asked)));
        groups.push(("Maps of all answers that stand on something".into(), types(asked)));
    }
    if let Some((recipe, bytes, captions)) = &found.captions {
        groups.push((format!("{}: {:.2} MB in f16", recipe.title, *bytes as f64 / 1e6), texts(captions)));
        for (role, name) in ROLES {
            let Some(marks) = captions.marks.get(name) else { continue };
            let wanted = |figure| match figure {
                Figure::Pointing => Wanted::AtLeast(0.85, 0.95),
                Figure::Mass => Wanted::AtLeast(0.45, 0.60),
                _ => Wanted::Nothing,
            };
            let wanted: &dyn Fn(Figure) -> Wanted = match role {
                Role::Colour | Role::Kind => &wanted,
                _ => &|_| Wanted::Nothing,
            };
            groups.push((format!("Maps of {name}"), marked(marks, "another word", wanted)));
        }
        if let Some(marks) = captions.marks.get(EARLIER.1) {
            groups
                .push((format!("Maps of {}", EARLIER.1), marked(marks, "another word", |_| Wanted::Nothing)));
        }
    }
    groups
}

fn answers(Asked { answers, .. }: &Asked) -> Vec<Row> {
    let mut rows = vec![Row::new("right", &answers.all, Wanted::AtLeast(0.92, 0.95))];
    for kind in QuestionType::iter() {
        if let Some(sample) = answers.by_type.get(&kind) {
            rows.push(Row::new(format!("right: {kind}"), sample, Wanted::AtLeast(0.85, 0.88)));
        }
    }
    rows.extend([
        Row::new("right, the question alone (a grey picture)", &answers.alone, Wanted::AtMost(0.25)),
        Row::new("right, another scene's picture", &answers.shuffled, Wanted::AtMost(0.27)),
        Row::new("right: colours of held-out pairs", &answers.held_out, Wanted::AtLeast(0.75, 0.85)),
        Row::new(
            "several colours: probability of the true ones",
            &answers.several,
            Wanted::AtLeast(0.90, 0.95),
        ),
        Row::new(
            "the first glance lies on the thing from which a direction is told, or on the largest or smallest",
            &answers.glance,
            Wanted::Nothing,
        ),
    ]);
    rows
}

fn colours(Asked { maps, .. }: &Asked) -> Vec<Row> {
    const OTHER: &str = "another question";
    let mut rows = Vec::new();
    if let Some(marks) = maps.by_type.get(&QuestionType::Colour) {
        let wanted = |figure| match figure {
            Figure::Mass => Wanted::AtLeast(0.40, 0.50),
            Figure::Rank => Wanted::AtLeast(0.60, 0.75),
            Figure::Pointing => Wanted::AtLeast(0.75, 0.85),
            Figure::Near => Wanted::Nothing,
        };
        rows = marked(marks, OTHER, wanted);
    }
    rows.extend([
        Row::new("own instance: Grad-CAM", &maps.own, Wanted::AtLeast(0.85, 0.95)),
        Row::new("own instance: one map for all answers", &maps.own_by_chance, Wanted::Nothing),
    ]);
    rows
}

fn types(Asked { maps, .. }: &Asked) -> Vec<Row> {
    let mut rows = Vec::new();
    for (kind, marks) in &maps.by_type {
        for (figure, name) in [(Figure::Mass, "mass"), (Figure::Rank, "rank"), (Figure::Pointing, "pointing")]
        {
            rows.push(Row::new(
                format!("{kind}: {name}"),
                &marks.sample(Source::GradCam, figure),
                Wanted::Nothing,
            ));
        }
        let uniform = marks.sample(Source::Uniform, Figure::Mass);
        rows.push(Row::new(format!("{kind}: share of the picture"), &uniform, Wanted::Nothing));
    }
    rows
}

fn texts(captions: &Captions) -> Vec<Row> {
    let figures = |Texts { exact, pairs, relation, .. }: &Texts, of: &str, wanted: [Wanted; 3]| {
        let [for_exact, for_pairs, for_relation] = wanted;
        [
            Row::new(format!("right to the last word{of}"), exact, for_exact),
            Row::new(format!("F1 of pairs of colour and kind{of}"), pairs, for_pairs),
            Row::new(format!("relation{of}"), relation, for_relation),
        ]
    };
    let wanted = [Wanted::AtLeast(0.75, 0.85), Wanted::AtLeast(0.90, 0.95), Wanted::AtLeast(0.85, 0.90)];
    let mut rows = Vec::from(figures(&captions.plain, "", wanted));
    rows.extend(figures(&captions.all, ", scenes as they come", [Wanted::Nothing; 3]));
    rows.extend(figures(&captions.held_out, ", scenes with a held-out pair", [Wanted::Nothing; 3]));
    rows.push(Row::new("held-out pairs that it names", &captions.held_out.unseen, Wanted::Nothing));
    for (_, name) in ROLES {
        let Some(sample) = captions.right.get(name) else { continue };
        rows.push(Row::new(format!("right after the true words before: {name}"), sample, Wanted::Nothing));
    }
    rows
}

/// The figures of all sources that there are.
fn marked(marks: &Marks, other: &'static str, wanted: impl Fn(Figure) -> Wanted) -> Vec<Row> {
    let figures = [
        (Figure::Mass, "mass"),
        (Figure::Rank, "rank"),
        (Figure::Pointing, "pointing"),
        (Figure::Near, "near"),
    ];
    let of = |(figure, name): (Figure, &'static str)| {
        let wanted = &wanted;
        sources(other).map(|(source, from)| {
            let wanted = if source == Source::GradCam { wanted(figure) } else { Wanted::Nothing };
            Row::new(format!("{name}: {from}"), &marks.sample(source, figure), wanted)
        })
    };
    figures.into_iter().flat_map(of).filter(|row| row.sample.len() > 0).collect()
}
