//! What held-out scenes ask of a network: the classes that it sees, and where they are.

use cam_lucida::measure::Mask;
use cam_lucida::scenes::Scene;
use cam_lucida::{Scores, Size};

use crate::Failure;

/// Pixels around an object's border that make its outline.
const OUTLINE: usize = 2;

/// A class with one object in the scene.
pub struct Single {
    /// The class.
    pub class: usize,
    /// Where its object is.
    pub object: Mask,
    /// Everywhere else.
    pub rest: Mask,
    /// The pixels near the object's border, and the object's others; `None` where an object is too thin for both.
    pub outline: Option<(Mask, Mask)>,
}

/// A class with several objects in the scene.
pub struct Several {
    /// The class.
    pub class: usize,
    /// Where any of its objects is.
    pub all: Mask,
    /// Where each of them is.
    pub instances: Vec<Mask>,
}

/// The trials of one scene, each of a class whose score is above zero.
pub struct Trials {
    /// The first class with one object.
    pub single: Option<Single>,
    /// The first class with several.
    pub several: Option<Several>,
    /// Both classes of a scene that has just two, with where they are.
    pub pair: Option<[(usize, Mask); 2]>,
}

impl Trials {
    /// The trials of `scene`, which has `side`×`side` pixels.
    pub fn from_scene(scene: &Scene, side: usize, scores: &Scores) -> Result<Self, Failure> {
        let mask = |inside| Mask::new(Size::square(side), inside);
        let objects_of = |class| mask(scene.mask(|object| object.class == Some(class)));
        let seen: Vec<usize> =
            scene.labels.iter().copied().filter(|&class| scores.logits[class] > 0.0).collect();
        let instances = |class: usize| {
            let there = scene.objects.iter().enumerate();
            let there = there.filter(move |(_, object)| object.class == Some(class) && object.visible > 0);
            there.map(|(number, _)| number + 1).collect::<Vec<_>>()
        };
        let single = seen.iter().find(|&&class| instances(class).len() == 1).map(|&class| {
            let object = objects_of(class)?;
            let rest = mask(object.inside().iter().map(|inside| !inside).collect())?;
            let near = near_border(object.inside(), side);
            let inner = object.inside().iter().zip(&near).map(|(inside, near)| *inside && !near).collect();
            let outline = mask(near).ok().zip(mask(inner).ok());
            Ok::<_, Failure>(Single { class, object, rest, outline })
        });
        let several = seen.iter().find(|&&class| instances(class).len() > 1).map(|&class| {
            let instance = |number: usize| {
                mask(scene.owners.iter().map(|owner| usize::from(*owner) == number).collect())
            };
            let instances = instances(class).into_iter().map(instance).collect::<Result<_, _>>()?;
            Ok::<_, Failure>(Several { class, all: objects_of(class)?, instances })
        });
        let pair = match seen[..] {
            [a, b] if scene.labels.len() == 2 => Some([(a, objects_of(a)?), (b, objects_of(b)?)]),
            _ => None,
        };
        Ok(Self { single: single.transpose()?, several: several.transpose()?, pair })
    }

    /// Every class that is asked for, each once.
    pub fn classes(&self) -> Vec<usize> {
        let mut classes: Vec<usize> = Vec::new();
        classes.extend(self.single.iter().map(|single| single.class));
        classes.extend(self.several.iter().map(|several| several.class));
        classes.extend(self.pair.iter().flatten().map(|(class, _)| *class));
        classes.sort_unstable();
        classes.dedup();
        classes
    }
}

/// The pixels with one of the other kind, inside or outside, within [`OUTLINE`] rows and columns.
fn near_border(inside: &[bool], side: usize) -> Vec<bool> {
    let around = |at: usize| at.saturating_sub(OUTLINE)..=(at + OUTLINE).min(side - 1);
    let near = |at: usize| {
        let mut pixels = around(at / side).flat_map(|y| around(at % side).map(move |x| y * side + x));
        pixels.any(|other| inside[other] != inside[at])
    };
    (0..inside.len()).map(near).collect()
}
