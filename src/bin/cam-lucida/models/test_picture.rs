//! The picture that models are compared by: a clock, which ImageNet networks know, with tiles, stripes and grain around it.

use cam_lucida::picture::Picture;
use cam_lucida::{Result, Size};

const SIZE: Size = Size { height: 336, width: 448 };
const CENTRE: (i32, i32) = (224, 168);

const BLACK: [u8; 3] = [12, 10, 10];
const FACE: [u8; 3] = [245, 242, 232];
const RIM: [u8; 3] = [60, 40, 30];

pub fn test_picture() -> Result<Picture> {
    let (width, height) = (SIZE.width as i32, SIZE.height as i32);
    let rgb = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y)));
    Picture::new(SIZE, rgb.collect())
}

fn pixel(x: i32, y: i32) -> [u8; 3] {
    let within = |(cx, cy): (i32, i32), r: i32| (x - cx).pow(2) + (y - cy).pow(2) < r * r;
    let is_mark = (0..12).any(|hour| within(on_dial(f64::from(hour), 100.0), 8));
    if is_mark || is_hand(x, y, 1.7, 90.0, 4.0) || is_hand(x, y, 9.9, 60.0, 6.0) {
        BLACK
    } else if within(CENTRE, 116) {
        FACE
    } else if within(CENTRE, 130) {
        RIM
    } else if (8..86).contains(&x) && (230..308).contains(&y) {
        if (x / 13 + y / 13) % 2 == 0 { [196, 60, 48] } else { [232, 226, 210] }
    } else if within((396, 270), 36) {
        if (x + y) / 9 % 2 == 0 { [40, 84, 190] } else { [236, 240, 246] }
    } else if y > 236 {
        let grain = (noise(x, y) % 48) as u8;
        [56 + grain, 112 + grain, 40 + grain / 2]
    } else {
        let light = (y / 3) as u8;
        [96 + light, 150 + light / 2, 222]
    }
}

/// The position of an hour on a dial of this radius.
fn on_dial(hour: f64, radius: f64) -> (i32, i32) {
    let angle = hour * std::f64::consts::PI / 6.0;
    let along = |length: f64| (radius * length).round() as i32;
    (CENTRE.0 + along(angle.sin()), CENTRE.1 - along(angle.cos()))
}

/// Whether a hand that shows this hour covers a pixel.
fn is_hand(x: i32, y: i32, hour: f64, length: f64, half_width: f64) -> bool {
    let angle = hour * std::f64::consts::PI / 6.0;
    let (right, up) = (f64::from(x - CENTRE.0), f64::from(CENTRE.1 - y));
    let along = right * angle.sin() + up * angle.cos();
    let across = right * angle.cos() - up * angle.sin();
    (-8.0..length).contains(&along) && across.abs() < half_width
}

/// A number for each pixel that looks random.
fn noise(x: i32, y: i32) -> u32 {
    let mut bits = (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77);
    bits = (bits ^ (bits >> 15)).wrapping_mul(0x2c1b_3c6d);
    bits ^ (bits >> 12)
}
