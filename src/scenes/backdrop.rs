//! What is behind the things of a scene: plain, gradients, stripes, textures, sky and grass.

use rand::{Rng, RngExt};
use tiny_skia::{Pixmap, PremultipliedColorU8};

type Colour = [f32; 3];

/// A backdrop of `side`×`side` pixels.
pub fn backdrop(side: u32, random: &mut impl Rng) -> Pixmap {
    let grain = if random.random_bool(0.5) { random.random_range(0.0..0.12) } else { 0.0 };
    let (a, b) = (colour(random), colour(random));
    let kind = random.random_range(0..6);
    let paint: Box<dyn Fn(f32, f32) -> Colour> = match kind {
        0 => Box::new(move |_, _| a),
        1 => {
            let (dx, dy) = random.random_range(0.0..std::f32::consts::TAU).sin_cos();
            Box::new(move |x, y| mix(a, b, 0.5 + (x - 0.5) * dx + (y - 0.5) * dy))
        }
        2 => {
            let (cx, cy) = (random.random_range(0.2..0.8), random.random_range(0.2..0.8));
            Box::new(move |x, y| mix(a, b, (x - cx).hypot(y - cy)))
        }
        3 => {
            let (dx, dy) = random.random_range(0.0..std::f32::consts::TAU).sin_cos();
            let (count, hard) = (random.random_range(2.0..14.0), random.random_range(1.0..8.0));
            Box::new(move |x, y| {
                mix(a, b, 0.5 + hard * ((x * dx + y * dy) * count * std::f32::consts::PI).sin())
            })
        }
        4 => {
            let coarse = Lattice::new(random.random_range(2..7), random);
            let fine = Lattice::new(random.random_range(8..24), random);
            let share = random.random_range(0.0..0.6);
            Box::new(move |x, y| mix(a, b, coarse.at(x, y) * (1.0 - share) + fine.at(x, y) * share))
        }
        _ => outdoors(random),
    };
    let mut pixmap = Pixmap::new(side, side).expect("a scene has pixels");
    for (i, pixel) in pixmap.pixels_mut().iter_mut().enumerate() {
        let place = |i: u32| (i as f32 + 0.5) / side as f32;
        let shift = if grain > 0.0 { random.random_range(-grain..grain) } else { 0.0 };
        let c = paint(place(i as u32 % side), place(i as u32 / side)).map(|v| byte(v + shift));
        *pixel = PremultipliedColorU8::from_rgba(c[0], c[1], c[2], 255).expect("opaque");
    }
    pixmap
}

/// Sky over grass, with a horizon and some unevenness.
fn outdoors(random: &mut impl Rng) -> Box<dyn Fn(f32, f32) -> Colour> {
    let horizon = random.random_range(0.3..0.75);
    let light = random.random_range(0.75..1.0);
    let sky = [[0.35, 0.62, 0.95], [0.75, 0.88, 1.0]].map(|c: Colour| c.map(|v| v * light));
    let green: Colour =
        [random.random_range(0.2..0.5), random.random_range(0.5..0.75), random.random_range(0.1..0.3)];
    let blades = Lattice::new(random.random_range(16..40), random);
    let clouds = Lattice::new(random.random_range(3..6), random);
    let cloudy = random.random_range(0.0..0.8);
    Box::new(move |x, y| {
        if y < horizon {
            let blue = mix(sky[0], sky[1], y / horizon);
            mix(blue, [1.0; 3], cloudy * (2.0 * clouds.at(x, y) - 1.0))
        } else {
            let near = (y - horizon) / (1.0 - horizon);
            green.map(|v| v * light * (0.75 + 0.25 * near) * (0.85 + 0.3 * blades.at(x, y)))
        }
    })
}

/// Smooth noise: random values at the points of a lattice, interpolated between them (value noise).
struct Lattice {
    cells: usize,
    values: Vec<f32>,
}

impl Lattice {
    fn new(cells: usize, random: &mut impl Rng) -> Self {
        let count = (cells + 1) * (cells + 1);
        Self { cells, values: (0..count).map(|_| random.random()).collect() }
    }

    fn at(&self, x: f32, y: f32) -> f32 {
        let place = |v: f32| (v * self.cells as f32).clamp(0.0, self.cells as f32 - 1e-3);
        let (x, y) = (place(x), place(y));
        let (i, j) = (x as usize, y as usize);
        let smooth = |v: f32| v * v * (3.0 - 2.0 * v);
        let (u, v) = (smooth(x.fract()), smooth(y.fract()));
        let row = |j: usize| {
            let at = j * (self.cells + 1) + i;
            self.values[at] * (1.0 - u) + self.values[at + 1] * u
        };
        row(j) * (1.0 - v) + row(j + 1) * v
    }
}

fn colour(random: &mut impl Rng) -> Colour {
    std::array::from_fn(|_| random.random())
}

fn mix(a: Colour, b: Colour, share: f32) -> Colour {
    let share = share.clamp(0.0, 1.0);
    std::array::from_fn(|c| a[c] * (1.0 - share) + b[c] * share)
}

fn byte(value: f32) -> u8 {
    (value * 255.0).round().clamp(0.0, 255.0) as u8
}
