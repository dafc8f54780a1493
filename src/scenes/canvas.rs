//! A picture in the making: objects drawn one over another, and for every pixel which of them is seen there.

use tiny_skia::{Pixmap, PremultipliedColorU8};

use super::{Object, Scene};
use crate::Size;
use crate::picture::Picture;

/// The opacity from which a pixel counts as the object's.
const OPAQUE: u8 = 128;

/// A square picture, and the object that each pixel shows.
pub struct Canvas {
    pixels: Pixmap,
    owners: Vec<u8>,
    objects: Vec<Named>,
}

struct Named {
    name: &'static str,
    class: Option<usize>,
    /// Pixels that were drawn of it, including those that are hidden by now.
    drawn: usize,
}

impl Canvas {
    /// A canvas with nothing but `backdrop`.
    pub fn new(backdrop: Pixmap) -> Self {
        let owners = vec![0; backdrop.pixels().len()];
        Self { pixels: backdrop, owners, objects: Vec::new() }
    }

    /// Pixels of a side.
    pub fn side(&self) -> u32 {
        self.pixels.width()
    }

    /// A transparent sheet of the canvas's size.
    pub fn sheet(&self) -> Pixmap {
        Pixmap::new(self.side(), self.side()).expect("a canvas has pixels")
    }

    /// Names an object that will be drawn; the number under which it owns pixels.
    pub fn name(&mut self, name: &'static str, class: Option<usize>) -> u8 {
        self.objects.push(Named { name, class, drawn: 0 });
        u8::try_from(self.objects.len()).expect("a scene has few objects")
    }

    /// The smallest visible share of any object, of what was drawn of it, if `sheet` were drawn over the canvas.
    pub fn min_visible_share_under(&self, sheet: &Pixmap) -> f64 {
        let mut seen = vec![0; self.objects.len() + 1];
        for (pixel, &owner) in sheet.pixels().iter().zip(&self.owners) {
            seen[usize::from(owner)] += usize::from(pixel.alpha() < OPAQUE);
        }
        let shares =
            self.objects.iter().zip(&seen[1..]).map(|(object, &seen)| seen as f64 / object.drawn as f64);
        shares.fold(1.0, f64::min)
    }

    /// Draws `sheet` over everything, as a part of `owner`.
    pub fn draw(&mut self, sheet: &Pixmap, owner: u8) {
        let drawn = &mut self.objects[usize::from(owner) - 1].drawn;
        let pixels = self.pixels.pixels_mut().iter_mut().zip(&mut self.owners);
        let painted = |above: &PremultipliedColorU8| above.alpha() > 0;
        for (above, (below, seen)) in sheet.pixels().iter().zip(pixels).filter(|(above, _)| painted(above)) {
            *below = over(*above, *below);
            if above.alpha() >= OPAQUE {
                *seen = owner;
                *drawn += 1;
            }
        }
    }

    /// The scene, with what is seen of each object.
    pub fn finish(self, mut labels: Vec<usize>) -> Scene {
        labels.sort_unstable();
        labels.dedup();
        let side = self.side();
        let object = |(i, object): (usize, &Named)| {
            let (bounds, visible) = seen(&self.owners, side, i as u8 + 1);
            Object { name: object.name, class: object.class, bounds, visible }
        };
        let objects = self.objects.iter().enumerate().map(object).collect();
        let rgb = self.pixels.pixels().iter().flat_map(|p| [p.red(), p.green(), p.blue()]).collect();
        let picture = Picture::new(Size::square(side as usize), rgb).expect("three bytes for each pixel");
        Scene { picture, labels, objects, owners: self.owners }
    }
}

fn over(above: PremultipliedColorU8, below: PremultipliedColorU8) -> PremultipliedColorU8 {
    let rest = 255 - u32::from(above.alpha());
    let mix = |a: u8, b: u8| (u32::from(a) + (u32::from(b) * rest + 127) / 255).min(255) as u8;
    let [r, g, b] =
        [mix(above.red(), below.red()), mix(above.green(), below.green()), mix(above.blue(), below.blue())];
    PremultipliedColorU8::from_rgba(r, g, b, 255).expect("an opaque pixel is premultiplied")
}

/// Left, top, width and height of `owner`'s pixels, zeros where it has none, and their number.
fn seen(owners: &[u8], side: u32, owner: u8) -> ([u32; 4], usize) {
    let (mut left, mut top, mut right, mut bottom) = (side, side, 0, 0);
    let mut count = 0;
    for (i, _) in owners.iter().enumerate().filter(|(_, seen)| **seen == owner) {
        let (x, y) = (i as u32 % side, i as u32 / side);
        (left, top, right, bottom) = (left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1));
        count += 1;
    }
    let bounds = if count == 0 { [0; 4] } else { [left, top, right - left, bottom - top] };
    (bounds, count)
}
