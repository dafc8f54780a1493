//! Stickers: the glyphs of the Noto Color Emoji font (SIL Open Font License 1.1), as pictures.

use tiny_skia::{FilterQuality, IntSize, Pixmap, PixmapPaint, PremultipliedColorU8, Transform};
use ttf_parser::{Face, RasterImageFormat};

use crate::Result;
use crate::error::error;

/// The classes, with the characters that are drawn for each.
pub const CLASSES: [(&str, &[char]); 32] = [
    ("cat", &['🐈', '🐱', '😺']),
    ("dog", &['🐕', '🐶', '🐩', '🦮']),
    ("tiger", &['🐅', '🐯']),
    ("horse", &['🐎', '🐴']),
    ("elephant", &['🐘']),
    ("bird", &['🐦', '🦜', '🐧', '🦆']),
    ("fish", &['🐟', '🐠', '🐡']),
    ("butterfly", &['🦋']),
    ("car", &['🚗', '🚙', '🚘']),
    ("bus", &['🚌', '🚍', '🚎']),
    ("fire engine", &['🚒']),
    ("train", &['🚂', '🚆', '🚄']),
    ("bicycle", &['🚲', '🚴', '🚵']),
    ("airplane", &['✈', '🛩', '🛫', '🛬']),
    ("rocket", &['🚀']),
    ("boat", &['⛵', '🚤', '🛶']),
    ("apple", &['🍎', '🍏']),
    ("banana", &['🍌']),
    ("pizza", &['🍕']),
    ("cake", &['🍰', '🎂', '🧁']),
    ("chair", &['🪑', '💺']),
    ("umbrella", &['☂', '☔', '⛱', '🌂']),
    ("clock", &['⏰', '🕰', '🕑']),
    ("guitar", &['🎸', '🪕']),
    ("ball", &['⚽', '🏀', '🏐', '🎾']),
    ("book", &['📕', '📗', '📘', '📖']),
    ("key", &['🔑', '🗝']),
    ("shoe", &['👟', '👠', '👞']),
    ("house", &['🏠', '🏡']),
    ("tree", &['🌲', '🌳', '🌴']),
    ("flower", &['🌷', '🌹', '🌻', '🌸']),
    ("mushroom", &['🍄']),
];

/// Where Debian's package `fonts-noto-color-emoji` puts the font.
pub const FONT: &str = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf";

/// The side of a glyph's bitmap in pixels, and how often it is halved for small drawings.
const SIDE: u32 = 128;
const LEVELS: usize = 4;

/// The pictures of all classes.
///
/// ```
/// use cam_lucida::scenes::{FONT, Stickers};
///
/// let stickers = Stickers::from_file(FONT.as_ref())?;
/// let png = stickers.sheet(96, 8)?;
/// assert!(png.starts_with(b"\x89PNG"));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct Stickers {
    glyphs: Vec<Vec<Sticker>>,
}

/// One glyph, at its full size and halved again and again.
///
/// ```
/// use cam_lucida::scenes::{FONT, Stickers};
/// use tiny_skia::Pixmap;
///
/// let stickers = Stickers::from_file(FONT.as_ref())?;
/// let mut sheet = Pixmap::new(64, 64).expect("a sheet has pixels");
/// stickers.variants(0)[0].draw(&mut sheet, (32.0, 32.0), 64.0, 0.0, false);
/// assert!(sheet.pixels().iter().any(|pixel| pixel.alpha() > 0));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct Sticker {
    levels: Vec<Pixmap>,
}

impl Stickers {
    /// Reads the glyphs of `font`, the bytes of a font file with colour bitmaps.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request): not a font, or one that lacks a glyph or its bitmap.
    pub fn from_font(font: &[u8]) -> Result<Self> {
        let face = Face::parse(font, 0).map_err(|cause| {
            error!(Request, "font", "this is not a font ({cause}); use Noto Color Emoji", cause)
                .with_source(cause)
        })?;
        let class = |(_, characters): &(&str, &[char])| characters.iter().map(|&c| glyph(&face, c)).collect();
        Ok(Self { glyphs: CLASSES.iter().map(class).collect::<Result<_>>()? })
    }

    /// [`from_font`](Self::from_font) of a file.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request): it cannot be read, or as `from_font`.
    pub fn from_file(path: &std::path::Path) -> Result<Self> {
        let unusable = |cause: &dyn std::fmt::Display| {
            error!(
                Request,
                "font-file",
                "the font {path} cannot be read ({cause}); install Debian's fonts-noto-color-emoji, or name another file",
                path = path.display(),
                cause
            )
        };
        let font = std::fs::read(path).map_err(|cause| unusable(&cause).with_source(cause))?;
        Self::from_font(&font).map_err(|cause| unusable(&cause).with_source(cause))
    }

    /// The first sticker of each class in a cell of `cell`×`cell` pixels, `columns` beside each other: a PNG with
    /// transparency.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request) when there is no room for a pixel.
    pub fn sheet(&self, cell: u32, columns: u32) -> Result<Vec<u8>> {
        let rows = (self.glyphs.len() as u32).div_ceil(columns.max(1));
        let sheet = Pixmap::new(cell * columns, cell * rows);
        let mut sheet =
            sheet.ok_or_else(|| error!(Request, "sheet-size", "a sheet needs at least one pixel"))?;
        for (i, glyphs) in self.glyphs.iter().enumerate() {
            let place = |at: u32| (at * cell) as f32 + cell as f32 / 2.0;
            let centre = (place(i as u32 % columns), place(i as u32 / columns));
            glyphs[0].draw(&mut sheet, centre, cell as f32, 0.0, false);
        }
        let rgba = sheet.pixels().iter().map(|pixel| pixel.demultiply());
        let rgba: Vec<u8> = rgba.flat_map(|p| [p.red(), p.green(), p.blue(), p.alpha()]).collect();
        let image = image::RgbaImage::from_raw(sheet.width(), sheet.height(), rgba);
        let mut png = std::io::Cursor::new(Vec::new());
        let image = image.expect("four bytes for each pixel");
        image.write_to(&mut png, image::ImageFormat::Png).expect("writing to memory cannot fail");
        Ok(png.into_inner())
    }

    /// The stickers of a class.
    pub fn variants(&self, class: usize) -> &[Sticker] {
        &self.glyphs[class]
    }
}

impl Sticker {
    /// Draws it on `sheet` with its middle at `centre`, `side` pixels wide, turned by `degrees`, and
    /// mirrored if so wished.
    pub fn draw(&self, sheet: &mut Pixmap, centre: (f32, f32), side: f32, degrees: f32, mirrored: bool) {
        // The smallest level that need not be enlarged, so that fine lines do not break up.
        let level = self.levels.iter().rev().find(|level| level.width() as f32 >= side);
        let level = level.unwrap_or(&self.levels[0]);
        let half = level.width() as f32 / 2.0;
        let scale = side / level.width() as f32;
        let turned = Transform::from_translate(-half, -half)
            .post_scale(if mirrored { -scale } else { scale }, scale)
            .post_concat(Transform::from_rotate(degrees))
            .post_translate(centre.0, centre.1);
        let paint = PixmapPaint { quality: FilterQuality::Bilinear, ..PixmapPaint::default() };
        sheet.draw_pixmap(0, 0, level.as_ref(), &paint, turned, None);
    }
}

fn glyph(face: &Face, character: char) -> Result<Sticker> {
    let missing = || {
        error!(
            Request,
            "font-glyph", "the font has no colour bitmap for {character}; use Noto Color Emoji", character
        )
    };
    let id = face.glyph_index(character).ok_or_else(missing)?;
    let image = face.glyph_raster_image(id, SIDE as u16).ok_or_else(missing)?;
    if image.format != RasterImageFormat::PNG {
        return Err(missing());
    }
    let bitmap =
        image::load_from_memory_with_format(image.data, image::ImageFormat::Png).map_err(|_| missing())?;
    let mut bitmap = premultiplied(&bitmap.to_rgba8());
    // Bitmaps are a little wider than high: they go into a square.
    let mut level = Pixmap::new(SIDE, SIDE).expect("it has pixels");
    let scale = SIDE as f32 / bitmap.width().max(bitmap.height()) as f32;
    let (left, top) =
        [bitmap.width(), bitmap.height()].map(|side| (SIDE as f32 - side as f32 * scale) / 2.0).into();
    let paint = PixmapPaint { quality: FilterQuality::Bilinear, ..PixmapPaint::default() };
    let place = Transform::from_scale(scale, scale).post_translate(left, top);
    level.draw_pixmap(0, 0, bitmap.as_ref(), &paint, place, None);
    let mut levels = Vec::with_capacity(LEVELS);
    for _ in 0..LEVELS {
        bitmap = halved(&level);
        levels.push(std::mem::replace(&mut level, bitmap.clone()));
    }
    Ok(Sticker { levels })
}

fn premultiplied(bitmap: &image::RgbaImage) -> Pixmap {
    let size = IntSize::from_wh(bitmap.width(), bitmap.height()).expect("a glyph has pixels");
    let mut pixels = bitmap.as_raw().clone();
    for pixel in pixels.chunks_exact_mut(4) {
        let alpha = u16::from(pixel[3]);
        pixel[..3].iter_mut().for_each(|c| *c = ((u16::from(*c) * alpha + 127) / 255) as u8);
    }
    Pixmap::from_vec(pixels, size).expect("four bytes for each pixel")
}

/// The mean of each 2×2 pixels.
fn halved(whole: &Pixmap) -> Pixmap {
    let side = whole.width() / 2;
    let mut half = Pixmap::new(side, side).expect("it has pixels");
    let at = |x: u32, y: u32| whole.pixel(x, y).expect("within the pixmap");
    for (i, pixel) in half.pixels_mut().iter_mut().enumerate() {
        let (x, y) = (2 * (i as u32 % side), 2 * (i as u32 / side));
        let four = [at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)];
        let mean = |channel: fn(PremultipliedColorU8) -> u8| {
            (four.iter().map(|&p| u16::from(channel(p))).sum::<u16>() / 4) as u8
        };
        let [r, g, b, a] = [
            mean(PremultipliedColorU8::red),
            mean(PremultipliedColorU8::green),
            mean(PremultipliedColorU8::blue),
            mean(PremultipliedColorU8::alpha),
        ];
        *pixel = PremultipliedColorU8::from_rgba(r, g, b, a).expect("a mean of premultiplied pixels is one");
    }
    half
}
