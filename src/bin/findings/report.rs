//! The parts of `docs/FINDINGS.md` about networks that classify.

use cam_lucida::train::HELD_OUT;

use crate::Failure;
use crate::bias::{Crowd, HAIR, PARTS, PeopleResults, TOOL};
use crate::claims::conclusions;
use crate::comparison::{Unit, judge, reaches};
use crate::estimate::{Sample, percent, plain};
use crate::survey::{CHANCE, Extent, Figure, MAX_CHANNELS, SEED, STEPS, Survey, tolerance};

/// The columns of a network's tables, and whether they are percent.
const SINGLE: [(&str, Figure); 6] = [
    ("energy inside, %", Figure::Energy),
    ("pointing game, %", Figure::Pointing),
    ("object covered, %", Figure::Covered),
    ("rest covered, %", Figure::Spilt),
    ("deletion", Figure::Deletion),
    ("insertion", Figure::Insertion),
];
const OTHERS: [(&str, Figure); 4] = [
    ("several: energy inside, %", Figure::EnergyOfSeveral),
    ("several: instances covered, %", Figure::Instances),
    ("two classes: on its own, %", Figure::Own),
    ("outline, %", Figure::Outline),
];

/// The heading of [`scenes`].
pub const SCENES: &str = "## What the networks see";
/// The heading of [`bias`].
pub const PEOPLE: &str = "## Doctor or nurse?";

/// What networks of stickers see.
pub fn scenes(surveys: &[Survey], extent: &Extent) -> String {
    let mut text = format!("{SCENES}\n\n");
    if surveys.is_empty() {
        return text
            + "No network that was trained on scenes of stickers is among the models.\n\n"
            + &claims(surveys);
    }
    text += "![One scene, its class with several objects explained by every network and method](findings.png)\n\n";
    text += &format!(
        "Scenes 0 to {} of seed {SEED} ({HELD_OUT} is the trainer's own test), deletion and insertion on the first {} of \
         them, in {STEPS} steps. Asked is for classes in a scene that the network sees (score above zero), at its default \
         layer; methods that try channel after channel try the {MAX_CHANNELS} most active ones. {CHANCE} is a random \
         number for each pixel: what a map scores that knows nothing.\n\n\
         - *energy inside*: the share of the map's energy on the one object of the class. *pointing game*: how often its \
         peak is on the object, or near it (15 pixels of 224, in proportion).\n\
         - *object covered*, *rest covered*: the share of the object, and of everything else, where the map is at least half \
         its peak. The first alone would favour a map that covers everything.\n\
         - *deletion* (lower is better), *insertion* (higher is better): area under the curve of the class's probability.\n\
         - *several*: scenes with several objects of the class, *instances covered* those of which at least half is.\n\
         - *two classes*: of the energy on the objects of both, the share on the one that is explained, mean over which; maps \
         that do not depend on the class score 50.\n\
         - *outline*: the map's mean within two pixels of the object's border, in parts of that and its mean on the \
         rest of the object; 50 means no preference.\n\n",
        extent.scenes.saturating_sub(1),
        extent.perturbed,
    );
    for survey in surveys {
        let recipe = survey.recipe;
        let reach = tolerance(recipe.side);
        text += &format!(
            "### {} (`{}`)\n\nThe tolerance of the pointing game is {reach:.1} pixels.\n\n",
            recipe.title, recipe.network
        );
        text += &table(survey, &SINGLE);
        text += &table(survey, &OTHERS);
    }
    text + &claims(surveys)
}

fn table(survey: &Survey, columns: &[(&str, Figure)]) -> String {
    let first = survey.methods.first().copied().unwrap_or(CHANCE);
    let head = columns
        .iter()
        .map(|(name, figure)| format!(" {name} (n = {}) |", survey.sample(first, *figure).len()));
    let mut text =
        format!("| method |{}\n|---|{}\n", head.collect::<String>(), "---:|".repeat(columns.len()));
    for method in &survey.methods {
        let cells = columns.iter().map(|(name, figure)| {
            let sample = survey.sample(method, *figure);
            format!(" {} |", if name.ends_with('%') { percent(&sample) } else { plain(&sample) })
        });
        text += &format!("| {method} |{}\n", cells.collect::<String>());
    }
    text + "\n"
}

fn claims(surveys: &[Survey]) -> String {
    let mut text =
        "### What others have concluded\n\nFrom ImageNet networks and photographs; beside each conclusion, \
                    what the figures above say of these small networks.\n\n"
            .to_string();
    for conclusion in conclusions(surveys) {
        text += &format!("**“{}”**\n\n", conclusion.claim);
        if conclusion.sentences.is_empty() {
            text +=
                "- **not tested**: no network that was trained on scenes of stickers is among the models.\n";
        }
        conclusion.sentences.iter().for_each(|sentence| text += &format!("- {sentence}\n"));
        text += "\n";
    }
    text
}

/// Where networks of people look.
pub fn bias(crowd: &Crowd, people: &[PeopleResults]) -> Result<String, Failure> {
    let mut text = format!(
        "{PEOPLE}\n\n\
         Two networks of one architecture and the same first weights, those of `resnet-scenes` but for the head: one has learned from people whose hair tells the \
         label, the other from people whose hair tells nothing. Shown are {} held-out people (seed {HELD_OUT}) \
         whose hair tells nothing; explained, by Grad-CAM at the default layer, is the class that the network predicts. \
         *Density* is the share of the energy in parts of the share of the picture that the part covers, since there is \
         more hair than tool: 1 means no preference.\n\n",
        crowd.len()
    );
    if people.is_empty() {
        return Ok(text + "Neither network is among the models.\n");
    }
    text += "| network | right, % | hair as in the biased training, % | hair against it, % |\n|---|---:|---:|---:|\n";
    for found in people {
        let (right, goes) = (&found.right, |index| crowd.hair_goes_with_label(index));
        let cells = [right, &right.only(goes), &right.only(|index| !goes(index))].map(percent).join(" | ");
        text += &format!("| {} (`{}`) | {cells} |\n", found.trained.recipe.title, found.trained.recipe.name);
    }
    let areas = crowd.areas()?;
    for found in people {
        let recipe = found.trained.recipe;
        text += &format!("\n### {}\n\nTrained on {}\n\n", recipe.title, recipe.world.about());
        text += "| part | area, % | energy, % | energy, long hair, % | energy, short hair, % | density | density, long hair |\n|---|---:|---:|---:|---:|---:|---:|\n";
        for (part, name) in PARTS.iter().enumerate() {
            let (energy, long) = (&found.energy[part], |index| crowd.is_long_haired(index));
            let cells =
                [&areas[part], energy, &energy.only(long), &energy.only(|index| !long(index))].map(percent);
            let densities = [&found.density[part], &found.density[part].only(long)].map(plain);
            text += &format!("| {name} | {} | {} |\n", cells.join(" | "), densities.join(" | "));
        }
        let flat = crowd.len() - found.energy[0].len();
        if flat > 0 {
            text += &format!("\n{flat} maps were flat and are left out of the energies.\n");
        }
        text += "\n";
        text += &expectation(crowd, found);
    }
    Ok(text + &side_by_side(people))
}

/// What a network has learned from should be where it looks: hair, where that is long and told the label; else the tool.
fn expectation(crowd: &Crowd, found: &PeopleResults) -> String {
    let long = |index| crowd.is_long_haired(index);
    let (sought, times, whose) =
        if found.is_biased() { (HAIR, 3.0, "Of people with long hair, more") } else { (TOOL, 5.0, "More") };
    let of = |samples: &[Sample], part: usize| match found.is_biased() {
        true => samples[part].only(long),
        false => samples[part].clone(),
    };
    let mut text = String::new();
    let mut note = |what: &str, unit, samples: &[Sample], than: usize| {
        let what = format!("{whose} {what} on the {} than on the {}", PARTS[sought], PARTS[than]);
        text += &format!("- {}\n", judge(&what, unit, Ok(of(samples, sought)), Ok(of(samples, than))));
    };
    let rival = if found.is_biased() { TOOL } else { HAIR };
    note("energy", Unit::Share, &found.energy, rival);
    for part in (0..PARTS.len()).filter(|part| *part != sought) {
        note("energy for each pixel", Unit::Ratio, &found.density, part);
    }
    let density = of(&found.density, sought);
    let what = format!(
        "{whose} energy for each pixel on the {} than {times} times that of an even map",
        PARTS[sought]
    );
    text + &format!("- {}\n", reaches(&what, Unit::Ratio, &density, times))
}

/// The same person before both networks.
fn side_by_side(people: &[PeopleResults]) -> String {
    let network = |biased| people.iter().find(|found| found.is_biased() == biased);
    let (Some(biased), Some(balanced)) = (network(true), network(false)) else {
        return String::new();
    };
    let judge = |what: &str, part: usize, more: &PeopleResults, less: &PeopleResults| {
        let what = format!("{what} has more energy on the {} than the other", PARTS[part]);
        judge(&what, Unit::Share, Ok(more.energy[part].clone()), Ok(less.energy[part].clone()))
    };
    format!(
        "\n### Side by side\n\n- {}\n- {}\n",
        judge("The biased network", HAIR, biased, balanced),
        judge("The balanced network", TOOL, balanced, biased),
    )
}
