//! Doctor or nurse: where networks look that were trained with and without a bias.

use cam_lucida::Size;
use cam_lucida::cam;
use cam_lucida::measure::{Map, Mask, energy_inside};
use cam_lucida::scenes::{Hair, People, Scene, World};
use cam_lucida::train::{HELD_OUT, WorldKind};
use pollster::block_on;

use crate::Failure;
use crate::estimate::Sample;
use crate::trained_model::TrainedModel;

/// The method whose maps are studied.
pub const METHOD: &str = "grad-cam";

/// What a scene consists of, in the order of the tables.
pub const PARTS: [&str; 5] = ["hair", "tool", "face", "coat", "backdrop"];
/// Where in [`PARTS`] hair stands.
pub const HAIR: usize = 0;
/// Where in [`PARTS`] the tool stands.
pub const TOOL: usize = 1;

/// One network's results on the people.
pub struct PeopleResults {
    /// The network.
    pub trained: TrainedModel,
    /// Whether it was right.
    pub right: Sample,
    /// The share of a map's energy on each of [`PARTS`]; flat maps are left out.
    pub energy: [Sample; PARTS.len()],
    /// That share divided by the share of the picture that the part covers: 1 for a map without a preference.
    pub density: [Sample; PARTS.len()],
}

impl PeopleResults {
    /// Whether hair told the label in what the network has learned from.
    pub fn is_biased(&self) -> bool {
        self.trained.recipe.world == WorldKind::PeopleBiased
    }
}

/// Held-out people, all of one size.
pub struct Crowd {
    scenes: Vec<Scene>,
    side: u32,
}

/// The people whom the networks of the study have not seen.
pub fn people() -> People {
    People::new(Hair::Independent)
}

/// Whether the hair of a person is long.
pub fn is_long_haired(scene: &Scene) -> bool {
    scene.objects.iter().any(|object| object.name == "long hair")
}

impl Crowd {
    /// The first `count`, of `side`×`side` pixels.
    pub fn new(count: u64, side: u32) -> Self {
        Self { scenes: (0..count).map(|index| people().scene(HELD_OUT, index, side)).collect(), side }
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.scenes.len()
    }

    /// Whether the hair of person `index` is long.
    pub fn is_long_haired(&self, index: u64) -> bool {
        is_long_haired(&self.scenes[index as usize])
    }

    /// Whether the hair of person `index` goes with the label as it did in the biased training: long the nurse's, short
    /// the doctor's.
    pub fn hair_goes_with_label(&self, index: u64) -> bool {
        let label = people().classes()[self.scenes[index as usize].labels[0]];
        self.is_long_haired(index) == (label == "nurse")
    }

    /// The share of the picture that each of [`PARTS`] covers.
    pub fn areas(&self) -> Result<[Sample; PARTS.len()], Failure> {
        let mut areas: [Sample; PARTS.len()] = Default::default();
        for (index, scene) in (0..).zip(&self.scenes) {
            for (area, part) in areas.iter_mut().zip(PARTS) {
                area.note(index, share(&self.mask(scene, part)?));
            }
        }
        Ok(areas)
    }

    /// Shows everyone to `trained`, and explains the class that it predicts.
    pub fn study(&self, trained: TrainedModel) -> Result<PeopleResults, Failure> {
        let mut found = PeopleResults {
            trained,
            right: Sample::default(),
            energy: Default::default(),
            density: Default::default(),
        };
        for (index, scene) in (0..).zip(&self.scenes) {
            let input = found.trained.input(scene)?;
            let explanation =
                found.trained.explain(&input, &[cam::method(METHOD)?], &[], &Default::default())?;
            found.right.note(index, f64::from(explanation.classes == scene.labels));
            let map = block_on(Map::from_heatmap(&explanation.heatmaps[0]))?;
            for (number, part) in PARTS.iter().enumerate() {
                let mask = self.mask(scene, part)?;
                let energy = energy_inside(&map, &mask);
                found.energy[number].note(index, energy);
                found.density[number].note(index, energy.map(|energy| energy / share(&mask)));
            }
        }
        Ok(found)
    }

    fn mask(&self, scene: &Scene, part: &str) -> Result<Mask, Failure> {
        let inside = match part {
            "backdrop" => scene.owners.iter().map(|owner| *owner == 0).collect(),
            _ => scene.mask(|object| object.name.ends_with(part)),
        };
        Ok(Mask::new(Size::square(self.side as usize), inside)?)
    }
}

/// The share of the picture that a mask covers.
fn share(mask: &Mask) -> f64 {
    mask.inside().iter().filter(|inside| **inside).count() as f64 / mask.inside().len() as f64
}
