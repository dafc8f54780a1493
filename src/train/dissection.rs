//! What the channels of a layer answer to: in which places of held-out scenes each is strongest, and what the masks say is
//! there. After Network Dissection (Bau 2017, <https://arxiv.org/abs/1704.05796>), with one place for each scene.

use burn::tensor::{Device, Tensor, TensorData};

use super::learner::read;
use crate::error::error;
use crate::network::{Network, ReceptiveField, Tap};
use crate::picture::{Picture, Preprocessor};
use crate::scenes::{Scene, World};
use crate::{Result, Size};

/// Scenes that go through the network together.
const BATCH: usize = 32;

/// How channels are studied.
///
/// See the example of [`Dissection`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// Starts the series of scenes.
    pub seed: u64,
    /// How many scenes, from 0 on.
    pub scenes: usize,
    /// Rows and columns of a scene.
    pub side: u32,
    /// Of how many scenes, those in which a channel is strongest, it is said what is there.
    pub top: usize,
    /// Of how many of them a patch is kept.
    pub patches: usize,
    /// Rows and columns of a patch.
    pub patch: u32,
}

/// What the channels of a layer answer to.
///
/// ```
/// use cam_lucida::Device;
/// use cam_lucida::scenes::{Hair, People};
/// use cam_lucida::train::{Dissection, HELD_OUT, Probe};
/// use cam_lucida::weights::Weights;
///
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/models/people-balanced/model.safetensors");
/// let device = Device::cpu();
/// let mut weights = Weights::read(std::fs::read(path)?)?;
/// let network = weights.recognise()?.load(&mut weights, device.tensors())?;
/// let world = People::new(Hair::Independent);
/// let probe = Probe { seed: HELD_OUT, scenes: 8, side: 96, top: 4, patches: 2, patch: 32 };
/// let found = Dissection::measure(network.as_ref(), &world, "layer4", &probe, device.tensors())?;
/// let unit = found.units.iter().find(|unit| unit.active == 1.0).expect("some channel answers to every scene");
/// assert!(unit.patches[0].activation >= unit.patches[1].activation);
/// assert_eq!(unit.shown.iter().map(|(_, scenes)| scenes).sum::<usize>(), 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Dissection {
    /// torchvision's name of the layer.
    pub layer: String,
    /// The pixels that a place of it sees.
    pub field: ReceptiveField,
    /// Each channel.
    pub units: Vec<Unit>,
    /// In what share of all places of all scenes each thing is, by class and at last nothing but the backdrop: what a channel
    /// that answers to nothing would show.
    pub chance: Vec<f64>,
}

/// What one channel answers to.
///
/// See the example of [`Dissection`].
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// The share of the scenes in which it is above zero anywhere.
    pub active: f64,
    /// What is where it is strongest, in [`Probe::top`] scenes at most: a class, or `None` for the backdrop alone; how often,
    /// the most frequent first. Scenes in which it is nowhere above zero do not count.
    pub shown: Vec<(Option<usize>, usize)>,
    /// Where it is strongest, one place a scene, the strongest first.
    pub patches: Vec<Patch>,
}

/// A place of a scene.
///
/// See the example of [`Dissection`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Patch {
    /// The scene's number.
    pub scene: u64,
    /// Row and column of the layer.
    pub place: [usize; 2],
    /// The channel's value there.
    pub activation: f32,
    /// Left and top of the patch in the scene, in pixels: as near around the middle of what the place sees as the border lets it.
    pub corner: [u32; 2],
    /// What is there.
    pub shown: Option<usize>,
}

impl Dissection {
    /// Shows `network` the scenes of `probe`, and looks at `layer`.
    ///
    /// What is in a place is the class that has the most pixels of its patch; nothing where no class has any.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request) when the network has no such layer, or does not tell what its places see;
    /// [`is_device`](crate::Error::is_device) when the device fails.
    pub fn measure(
        network: &dyn Network,
        world: &dyn World,
        layer: &str,
        probe: &Probe,
        device: &Device,
    ) -> Result<Self> {
        let classes = world.classes().len();
        let field = network.receptive_field(layer).ok_or_else(|| unknown(layer))?;
        let preprocessor = Preprocessor::imagenet(probe.side);
        let mut channels: Vec<Vec<Patch>> = Vec::new();
        let mut there = vec![0; classes + 1];
        for start in (0..probe.scenes).step_by(BATCH) {
            let numbers = start..probe.scenes.min(start + BATCH);
            let scenes: Vec<Scene> =
                numbers.clone().map(|index| world.scene(probe.seed, index as u64, probe.side)).collect();
            let pictures = scenes.iter().flat_map(|scene| preprocessor.normalise(&scene.picture)).collect();
            let (values, [k, h, w]) = activations(network, layer, pictures, scenes.len(), probe, device)?;
            channels.resize_with(k, Vec::new);
            for ((index, scene), values) in numbers.zip(&scenes).zip(values.chunks_exact(k * h * w)) {
                let patches: Vec<Patch> = (0..h * w)
                    .map(|at| {
                        let place = [at / w, at % w];
                        let corner = corner(field, place, probe);
                        let shown = shown(scene, corner, classes, probe);
                        Patch { scene: index as u64, place, activation: 0.0, corner, shown }
                    })
                    .collect();
                for patch in &patches {
                    there[patch.shown.unwrap_or(classes)] += 1;
                }
                for (channel, values) in channels.iter_mut().zip(values.chunks_exact(h * w)) {
                    let (at, activation) = strongest(values);
                    channel.push(Patch { activation, ..patches[at] });
                }
            }
        }
        let places = there.iter().sum::<usize>().max(1);
        let chance = there.iter().map(|&count| count as f64 / places as f64).collect();
        let units = channels.into_iter().map(|channel| Unit::of(channel, probe)).collect();
        Ok(Self { layer: layer.into(), field, units, chance })
    }

    /// What of its strength a channel keeps, in the mean over all patches, when a scene shows nothing but the patch and the mean
    /// colour around it: near 1 where the patches show what counts.
    ///
    /// # Errors
    /// As [`measure`](Self::measure).
    pub fn kept(
        &self,
        network: &dyn Network,
        world: &dyn World,
        probe: &Probe,
        device: &Device,
    ) -> Result<f64> {
        let preprocessor = Preprocessor::imagenet(probe.side);
        let patches = self.units.iter().enumerate();
        let patches: Vec<(usize, Patch)> = patches
            .flat_map(|(channel, unit)| unit.patches.iter().map(move |&patch| (channel, patch)))
            .collect();
        let mut shares = Vec::with_capacity(patches.len());
        for some in patches.chunks(BATCH) {
            let alone = some.iter().flat_map(|(_, patch)| {
                let scene = world.scene(probe.seed, patch.scene, probe.side);
                let mut values = preprocessor.normalise(&scene.picture);
                for (at, value) in values.iter_mut().enumerate() {
                    // The mean colour is zero.
                    if !inside(at % (probe.side * probe.side) as usize, patch.corner, probe) {
                        *value = 0.0;
                    }
                }
                values
            });
            let (values, [k, h, w]) =
                activations(network, &self.layer, alone.collect(), some.len(), probe, device)?;
            for ((channel, patch), values) in some.iter().zip(values.chunks_exact(k * h * w)) {
                let [row, column] = patch.place;
                shares.push(f64::from(values[(channel * h + row) * w + column] / patch.activation));
            }
        }
        Ok(shares.iter().sum::<f64>() / shares.len().max(1) as f64)
    }

    /// All patches, a channel a row, the strongest first; black where a channel has fewer.
    pub fn sheet(&self, world: &dyn World, probe: &Probe) -> Picture {
        let side = probe.patch as usize;
        let size = Size { width: side * probe.patches, height: side * self.units.len() };
        let mut rgb = vec![0; 3 * size.area()];
        for (row, unit) in self.units.iter().enumerate() {
            for (column, patch) in unit.patches.iter().enumerate() {
                let scene = world.scene(probe.seed, patch.scene, probe.side);
                let [left, top] = patch.corner.map(|at| at as usize);
                for y in 0..side {
                    let from = 3 * ((top + y) * probe.side as usize + left);
                    let to = 3 * ((row * side + y) * size.width + column * side);
                    rgb[to..to + 3 * side].copy_from_slice(&scene.picture.rgb()[from..from + 3 * side]);
                }
            }
        }
        Picture::new(size, rgb).expect("three bytes for each pixel")
    }
}

impl Unit {
    /// Of a channel's strongest places, one a scene.
    fn of(mut places: Vec<Patch>, probe: &Probe) -> Self {
        let scenes = places.len().max(1);
        places.retain(|patch| patch.activation > 0.0);
        let active = places.len() as f64 / scenes as f64;
        // Equal ones stay in the order of the scenes.
        places.sort_by(|a, b| b.activation.total_cmp(&a.activation));
        places.truncate(probe.top);
        let mut shown: Vec<(Option<usize>, usize)> = Vec::new();
        for patch in &places {
            match shown.iter_mut().find(|(class, _)| *class == patch.shown) {
                Some((_, count)) => *count += 1,
                None => shown.push((patch.shown, 1)),
            }
        }
        shown.sort_by_key(|&(class, count)| (std::cmp::Reverse(count), class));
        places.truncate(probe.patches);
        Self { active, shown, patches: places }
    }
}

fn unknown(layer: &str) -> crate::Error {
    error!(
        Request,
        "layer-without-field",
        "the network has no layer `{layer}` whose places see a part of the picture; choose one of its features",
        layer
    )
}

/// The activations of `layer`, `[n, k, h, w]`, of `n` scenes.
fn activations(
    network: &dyn Network,
    layer: &str,
    pictures: Vec<f32>,
    n: usize,
    probe: &Probe,
    device: &Device,
) -> Result<(Vec<f32>, [usize; 3])> {
    let side = probe.side as usize;
    let pictures = Tensor::<4>::from_data(TensorData::new(pictures, [n, 3, side, side]), device);
    let mut tap = Tap::at_layers(&[layer]);
    network.forward(pictures, &mut tap);
    let output = tap.take(layer).ok_or_else(|| unknown(layer))?.activation;
    let [_, k, h, w] = output.dims();
    Ok((read(&output.flatten(0, 3))?, [k, h, w]))
}

/// The highest value and where it is; the first of several.
fn strongest(values: &[f32]) -> (usize, f32) {
    values
        .iter()
        .copied()
        .enumerate()
        .fold((0, f32::NEG_INFINITY), |best, one| if one.1 > best.1 { one } else { best })
}

/// Left and top of the patch around a place.
fn corner(field: ReceptiveField, [row, column]: [usize; 2], probe: &Probe) -> [u32; 2] {
    let most = f64::from(probe.side - probe.patch);
    // The middle of a pixel is half of one behind its border.
    let start = |centre: f64| (centre + 0.5 - f64::from(probe.patch) / 2.0).round().clamp(0.0, most) as u32;
    [start(field.columns.centre(column)), start(field.rows.centre(row))]
}

/// Whether a pixel of a scene is in the patch at a corner.
fn inside(pixel: usize, [left, top]: [u32; 2], probe: &Probe) -> bool {
    let (x, y) = (pixel as u32 % probe.side, pixel as u32 / probe.side);
    (left..left + probe.patch).contains(&x) && (top..top + probe.patch).contains(&y)
}

/// The class that has the most pixels of a patch, the first of several.
fn shown(scene: &Scene, [left, top]: [u32; 2], classes: usize, probe: &Probe) -> Option<usize> {
    let mut pixels = vec![0; classes];
    for y in top..top + probe.patch {
        let row = &scene.owners[(y * probe.side + left) as usize..][..probe.patch as usize];
        for &owner in row.iter().filter(|&&owner| owner > 0) {
            if let Some(class) = scene.objects[usize::from(owner) - 1].class {
                pixels[class] += 1;
            }
        }
    }
    let most = (0..classes).max_by_key(|&class| (pixels[class], std::cmp::Reverse(class)))?;
    (pixels[most] > 0).then_some(most)
}
