//! What channels answer to: where each is strongest, which patch shows that, and what the masks say is there.
#![cfg(feature = "train")]

mod common;

use burn::tensor::{Tensor, TensorData};
use cam_lucida::Device;
use cam_lucida::Size;
use cam_lucida::network::{Network, Reach, ReceptiveField, Tap};
use cam_lucida::picture::{Picture, Preprocessor};
use cam_lucida::scenes::{Object, Objects, Scene, World};
use cam_lucida::train::{Dissection, HELD_OUT, Probe};
use cam_lucida::weights::Weights;
use common::stickers;

const SIDE: usize = 64;
const CELL: usize = 8;

/// Grey scenes with a red square of class 0 or a blue one of class 1, which fills one cell of eight pixels; every fifth is empty. The
/// red ones become brighter from scene to scene.
struct Squares;

impl Squares {
    /// Class, and row and column of the cell.
    fn square(index: u64) -> Option<(usize, [usize; 2])> {
        let cells = SIDE as u64 / CELL as u64;
        let cell = [(3 * index % cells) as usize, (5 * index % cells) as usize];
        (!index.is_multiple_of(5)).then_some(((index % 2) as usize, cell))
    }
}

impl World for Squares {
    fn classes(&self) -> Vec<&'static str> {
        vec!["red", "blue"]
    }

    fn is_multi_label(&self) -> bool {
        true
    }

    fn scene(&self, _: u64, index: u64, side: u32) -> Scene {
        assert_eq!(side as usize, SIDE);
        let mut rgb = vec![100; 3 * SIDE * SIDE];
        let mut owners = vec![0; SIDE * SIDE];
        let mut objects = Vec::new();
        if let Some((class, [row, column])) = Self::square(index) {
            for pixel in 0..CELL * CELL {
                let at = (row * CELL + pixel / CELL) * SIDE + column * CELL + pixel % CELL;
                rgb[3 * at + 2 * class] = 150 + index as u8;
                owners[at] = 1;
            }
            let bounds = [column as u32 * 8, row as u32 * 8, 8, 8];
            objects.push(Object {
                name: ["red", "blue"][class],
                class: Some(class),
                bounds,
                visible: CELL * CELL,
            });
        }
        let picture = Picture::new(Size::square(SIDE), rgb).unwrap();
        Scene { picture, labels: objects.iter().filter_map(|object| object.class).collect(), objects, owners }
    }
}

/// One layer, the means of cells: of red, of blue, and of nothing.
struct Means;

impl Network for Means {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        let [n, _, height, width] = x.dims();
        let x = tap.at("cells", x, |x, _| {
            let cells: Tensor<6> = x.reshape([n, 3, height / CELL, CELL, width / CELL, CELL]);
            let means: Tensor<4> = cells.mean_dim(5).mean_dim(3).reshape([n, 3, height / CELL, width / CELL]);
            let grey = Tensor::<1>::from_floats([100.0 / 255.0; 3], &means.device());
            let (mean, std) =
                (Tensor::<1>::from_floats([0.485, 0.456, 0.406], &means.device()), [0.229, 0.224, 0.225]);
            let floor = (grey - mean) / Tensor::<1>::from_floats(std, &means.device());
            let above = means - floor.reshape([1, 3, 1, 1]) - 0.01;
            let above = above.clamp_min(0.0);
            Tensor::cat(
                vec![above.clone().narrow(1, 0, 1), above.clone().narrow(1, 2, 1), above.narrow(1, 1, 1)],
                1,
            )
        });
        x.mean_dim(3).mean_dim(2).flatten(1, 3)
    }

    fn receptive_field(&self, layer: &str) -> Option<ReceptiveField> {
        let reach = Reach { first: 0, last: CELL as isize - 1, step: CELL };
        (layer == "cells").then_some(ReceptiveField { rows: reach, columns: reach })
    }
}

fn probe(patch: u32) -> Probe {
    Probe { seed: 1, scenes: 60, side: SIDE as u32, top: 10, patches: 3, patch }
}

#[test]
fn a_channel_is_shown_where_it_is_strongest_and_named_by_the_mask_there() {
    let found = Dissection::measure(&Means, &Squares, "cells", &probe(16), Device::cpu().tensors()).unwrap();
    assert_eq!(found.units.len(), 3);
    let scenes =
        |class: usize| (0..60).filter(move |&index| Squares::square(index).is_some_and(|(c, _)| c == class));
    for (channel, unit) in found.units.iter().enumerate().take(2) {
        let mut brightest: Vec<u64> = scenes(channel).collect();
        assert_eq!(unit.active, brightest.len() as f64 / 60.0);
        assert_eq!(unit.shown, [(Some(channel), 10)], "of ten scenes, each shows the square");
        brightest.reverse();
        let shown: Vec<u64> = unit.patches.iter().map(|patch| patch.scene).collect();
        assert_eq!(shown, brightest[..3], "the brightest first");
        for patch in &unit.patches {
            let (_, [row, column]) = Squares::square(patch.scene).unwrap();
            assert_eq!(patch.place, [row, column]);
            // A patch of 16 pixels around the middle of a cell of 8 begins 4 before it, if the border lets it.
            let start = |cell: usize| (8 * cell).saturating_sub(4).min(SIDE - 16) as u32;
            assert_eq!(patch.corner, [start(column), start(row)]);
            assert_eq!(patch.shown, Some(channel));
        }
    }
    let nothing = &found.units[2];
    assert_eq!(
        (nothing.active, nothing.shown.len(), nothing.patches.len()),
        (0.0, 0, 0),
        "it is nowhere above zero"
    );
}

#[test]
fn chance_is_how_often_each_thing_is_at_any_place() {
    let found = Dissection::measure(&Means, &Squares, "cells", &probe(8), Device::cpu().tensors()).unwrap();
    // Patches of a cell: each square is at one place of 64.
    let count = |class: usize| {
        (0..60).filter(|&i| Squares::square(i).is_some_and(|(c, _)| c == class)).count() as f64
    };
    let places = 60.0 * 64.0;
    let expected = [count(0) / places, count(1) / places, (places - count(0) - count(1)) / places];
    for (found, expected) in found.chance.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-12, "{found} instead of {expected}");
    }
}

#[test]
fn patches_are_cut_out_of_their_scenes_and_keep_what_a_channel_sees() {
    let probe = probe(16);
    let found = Dissection::measure(&Means, &Squares, "cells", &probe, Device::cpu().tensors()).unwrap();
    let sheet = found.sheet(&Squares, &probe);
    assert_eq!(sheet.size(), Size { width: 3 * 16, height: 3 * 16 });
    let pixel = |picture: &Picture, x: usize, y: usize| {
        let at = 3 * (y * picture.size().width + x);
        picture.rgb()[at..at + 3].to_vec()
    };
    for (row, unit) in found.units.iter().enumerate().take(2) {
        for (column, patch) in unit.patches.iter().enumerate() {
            let scene = Squares.scene(probe.seed, patch.scene, probe.side);
            let [left, top] = patch.corner.map(|at| at as usize);
            for at in 0..16 * 16 {
                let (x, y) = (at % 16, at / 16);
                assert_eq!(
                    pixel(&sheet, column * 16 + x, row * 16 + y),
                    pixel(&scene.picture, left + x, top + y)
                );
            }
        }
    }
    assert_eq!(pixel(&sheet, 0, 2 * 16), [0, 0, 0], "a channel without patches");
    // A patch holds all that its place sees, so nothing is lost without the rest.
    let kept = found.kept(&Means, &Squares, &probe, Device::cpu().tensors()).unwrap();
    assert!((kept - 1.0).abs() < 1e-5, "{kept}");
}

#[test]
fn a_layer_that_tells_no_field_is_refused() {
    let refused =
        Dissection::measure(&Means, &Squares, "fc", &probe(8), Device::cpu().tensors()).unwrap_err();
    assert_eq!(refused.code(), "layer-without-field");
}

/// The default network, scene by scene and mask by mask in another way.
#[test]
fn of_the_default_network_it_says_what_scenes_and_masks_say() {
    let (layer, side, scenes) = ("layer4", 96, 40);
    let probe = Probe { seed: HELD_OUT + 9, scenes, side, top: 12, patches: 2, patch: 32 };
    let world = Objects::new(stickers());
    let device = Device::cpu();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/models/resnet-scenes/model.safetensors");
    let mut weights = Weights::read(std::fs::read(file).unwrap()).unwrap();
    let network = weights.recognise().unwrap().load(&mut weights, device.tensors()).unwrap();
    let found = Dissection::measure(network.as_ref(), &world, layer, &probe, device.tensors()).unwrap();
    assert_eq!(found.units.len(), 96);

    let preprocessor = Preprocessor::imagenet(side);
    let scenes: Vec<Scene> = (0..scenes as u64).map(|index| world.scene(probe.seed, index, side)).collect();
    let outputs: Vec<Vec<f32>> = scenes
        .iter()
        .map(|scene| {
            let x = TensorData::new(preprocessor.normalise(&scene.picture), [1, 3, 96, 96]);
            let mut tap = Tap::at_layers(&[layer]);
            network.forward(Tensor::from_data(x, device.tensors()), &mut tap);
            tap.take(layer).unwrap().activation.into_data().try_to_vec().unwrap()
        })
        .collect();
    for (channel, unit) in found.units.iter().enumerate() {
        let mut strongest: Vec<(f32, usize, usize)> = Vec::new();
        for (index, output) in outputs.iter().enumerate() {
            let places = &output[channel * 144..(channel + 1) * 144];
            let best = (0..144).rev().max_by(|&a, &b| places[a].total_cmp(&places[b])).unwrap();
            if places[best] > 0.0 {
                strongest.push((places[best], index, best));
            }
        }
        strongest.sort_by(|a, b| b.0.total_cmp(&a.0));
        assert_eq!(
            unit.shown.iter().map(|(_, count)| count).sum::<usize>(),
            strongest.len().min(12),
            "{channel}"
        );
        for (patch, (value, index, place)) in unit.patches.iter().zip(&strongest) {
            assert!(
                (patch.activation - value).abs() < 1e-3,
                "{channel}: {} instead of {value}",
                patch.activation
            );
            assert_eq!((patch.scene as usize, patch.place), (*index, [place / 12, place % 12]), "{channel}");
        }
        // Place (row, column) of this network is around pixel (8 row, 8 column).
        let mut counts = vec![0; 33];
        for (_, index, place) in strongest.iter().take(12) {
            let scene = &scenes[*index];
            let corner = |at: usize| (8 * at).saturating_sub(15).min(96 - 32);
            let (top, left) = (corner(place / 12), corner(place % 12));
            let pixels = |class: usize| {
                let mask = scene.mask(|object| object.class == Some(class));
                (0..32 * 32).filter(|at| mask[(top + at / 32) * 96 + left + at % 32]).count()
            };
            let most = (0..32).rev().max_by_key(|&class| pixels(class)).unwrap();
            counts[if pixels(most) > 0 { most } else { 32 }] += 1;
        }
        for (class, count) in &unit.shown {
            assert_eq!(counts[class.unwrap_or(32)], *count, "{channel}: {class:?}");
        }
    }
}
