//! A network whose answer is known: MobileNetV2 with weights set by hand so that it sees nothing but colours.

use cam_lucida::Size;
use cam_lucida::network::Architecture;
use cam_lucida::picture::Picture;

use super::weight_file::{Entry, WeightFile};

pub const NETWORK: &str = "mobilenet_v2_x0_25";
pub const CLASSES: [&str; 3] = ["red", "green", "blue"];

/// Blocks with a shortcut: their branch is silenced, so that they pass on what they get.
const RESIDUAL: [usize; 10] = [3, 5, 6, 8, 9, 10, 12, 13, 15, 16];

/// Layers that halve the size.
const STRIDED: [&str; 5] = [
    "features.0.0.weight",
    "features.2.conv.1.0.weight",
    "features.4.conv.1.0.weight",
    "features.7.conv.1.0.weight",
    "features.14.conv.1.0.weight",
];

/// Channel c of every layer is how much a pixel is of colour c rather than of the two others; class c is its mean.
pub fn weights() -> Vec<u8> {
    let mut file = WeightFile::hashed(Architecture::named(NETWORK).unwrap(), CLASSES.len());
    file.0.iter_mut().for_each(set);
    file.bytes()
}

fn set(entry: &mut Entry) {
    let normalises = entry.shape.len() == 1;
    let unit = normalises && (entry.name.ends_with(".weight") || entry.name.ends_with(".running_var"));
    // Normalised by ImageNet's means grey is a little blue: only what is clearly coloured counts.
    let least_colour = entry.name == "features.0.1.bias";
    entry.values.fill(if unit {
        1.0
    } else if least_colour {
        -0.5
    } else {
        0.0
    });
    let silenced = RESIDUAL.iter().any(|block| entry.name.starts_with(&format!("features.{block}.")));
    if normalises || silenced {
        return;
    }
    let per_output = entry.values.len() / entry.shape[0];
    let area = entry.shape[2..].iter().product::<usize>();
    let depthwise = entry.shape[1] == 1;
    // The centre alone, or of a 3×3 window moved by two the four pixels that it is moved over: a mean of their own.
    let taps: &[usize] = if STRIDED.contains(&entry.name.as_str()) { &[4, 5, 7, 8] } else { &[area / 2] };
    for colour in 0..CLASSES.len() {
        let mut at = |input: usize, value: f32| {
            let start = colour * per_output + input * area;
            taps.iter().for_each(|tap| entry.values[start + tap] = value / taps.len() as f32);
        };
        match entry.name.as_str() {
            // Scores far apart: softmax over them, as Score-CAM's, then chooses.
            "classifier.1.weight" => at(colour, 50.0),
            "features.0.0.weight" => (0..3).for_each(|c| at(c, if c == colour { 1.0 } else { -0.5 })),
            _ => at(if depthwise { 0 } else { colour }, 1.0),
        }
    }
}

/// A grey scene with two red discs, a green square and a blue diamond.
pub fn scene() -> Picture {
    let (width, height) = (480_i32, 320_i32);
    let disc = |x: i32, y: i32, r: i32| x * x + y * y <= r * r;
    let pixel = |x: i32, y: i32| -> [u8; 3] {
        if disc(x - 110, y - 90, 56) || disc(x - 220, y - 250, 34) {
            [214, 62, 54]
        } else if (300..400).contains(&x) && (40..140).contains(&y) {
            [70, 160, 76]
        } else if (x - 380).abs() + (y - 240).abs() <= 62 {
            [58, 92, 204]
        } else {
            [(150 + x * 60 / width - y * 50 / height) as u8; 3]
        }
    };
    let rgb = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y)));
    Picture::new(Size { height: height as usize, width: width as usize }, rgb.collect()).unwrap()
}

/// Whether a pixel of the scene is of a colour.
pub fn is_of(colour: usize, pixel: &[u8]) -> bool {
    (0..3).all(|c| c == colour || pixel[colour] > pixel[c] + 40)
}
