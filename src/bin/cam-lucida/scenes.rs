//! `scenes` and `stickers`: the pictures that the embedded models are trained on, for others to use.

use std::path::PathBuf;

use cam_lucida::picture::Picture;
use cam_lucida::scenes::{CLASSES, FONT, Scene, Stickers};
use cam_lucida::train::WorldKind;
use cam_lucida::{Size, printable};
use serde_json::json;
use strum::VariantArray;

use crate::Failure;
use crate::choice::Choice;
use crate::files::Output;
use crate::numbers::whole;
use crate::terminal;

/// The font with the stickers.
#[derive(clap::Args)]
struct Font {
    /// Noto Color Emoji, Debian's package fonts-noto-color-emoji.
    #[arg(long, default_value = FONT)]
    font: PathBuf,
}

#[derive(clap::Args)]
pub struct Scenes {
    /// What to draw. Hair gives the label away in the biased world.
    #[arg(long, value_parser = Choice::<WorldKind>::new(WorldKind::VARIANTS), default_value_t)]
    world: WorldKind,
    /// How many scenes, up to 1,000,000.
    #[arg(long, default_value_t = 100, value_parser = whole::<u64>(0..=1_000_000))]
    count: u64,
    /// The seed of the series: scene i of a seed is always the same.
    #[arg(long, default_value_t = 0, value_parser = whole::<u64>(0..=u64::MAX))]
    seed: u64,
    /// Rows and columns, 32 to 1024.
    #[arg(long, default_value_t = 128, value_parser = whole::<u32>(32..=1024))]
    size: u32,
    /// The folder for scenes.json, scene-0.png, its mask scene-0.mask.png, and so on.
    #[arg(long, default_value = "scenes")]
    output_dir: PathBuf,
    #[command(flatten)]
    font: Font,
}

#[derive(clap::Args)]
pub struct StickerSheet {
    /// The folder for sheet.png and index.json.
    #[arg(long, default_value = "stickers")]
    output_dir: PathBuf,
    /// Rows and columns of each sticker, 32 to 128.
    #[arg(long, default_value_t = 96, value_parser = whole::<u32>(32..=128))]
    cell: u32,
    #[command(flatten)]
    font: Font,
}

impl Scenes {
    /// A mask is grey: 0 on the backdrop, `i + 1` on object `i` of the JSON.
    pub fn run(self) -> Result<(), Failure> {
        let world = self.world.build(|| Stickers::from_file(&self.font.font))?;
        let classes = world.classes();
        let mut entries = Vec::new();
        for index in 0..self.count {
            let scene = world.scene(self.seed, index, self.size);
            let (file, mask) = (format!("scene-{index}.png"), format!("scene-{index}.mask.png"));
            let mut output = Output::new(self.output_dir.clone());
            output.add(file.clone(), scene.picture.to_png());
            output.add(mask.clone(), mask_png(&scene, self.size)?);
            output.write()?;
            let objects = scene.objects.iter().map(|object| {
                json!({ "name": object.name, "class_id": object.class, "box": object.bounds, "pixels": object.visible })
            });
            let labels: Vec<_> = scene.labels.iter().map(|&class| classes[class]).collect();
            let objects: Vec<_> = objects.collect();
            entries.push(json!({ "file": file, "mask": mask, "labels": labels, "objects": objects }));
        }
        let about = json!({ "seed": self.seed, "size": self.size, "classes": classes, "scenes": entries });
        let shown = self.output_dir.display().to_string();
        let mut output = Output::new(self.output_dir);
        output.add("scenes.json".into(), serde_json::to_vec_pretty(&about)?);
        output.write()?;
        terminal::say(format!("{} scenes in {}", self.count, printable(shown)))
    }
}

impl StickerSheet {
    const COLUMNS: u32 = 8;

    /// One sticker of each class, row by row.
    pub fn run(self) -> Result<(), Failure> {
        let stickers = Stickers::from_file(&self.font.font)?;
        let names: Vec<_> = CLASSES.iter().map(|(name, _)| json!({ "class": name })).collect();
        let index = json!({ "cell": self.cell, "columns": Self::COLUMNS, "stickers": names });
        let mut output = Output::new(self.output_dir);
        output.add("sheet.png".into(), stickers.sheet(self.cell, Self::COLUMNS)?);
        output.add("index.json".into(), serde_json::to_vec_pretty(&index)?);
        output.write()?;
        Ok(())
    }
}

fn mask_png(scene: &Scene, side: u32) -> Result<Vec<u8>, Failure> {
    let grey = scene.owners.iter().flat_map(|&owner| [owner; 3]).collect();
    Ok(Picture::new(Size::square(side as usize), grey)?.to_png())
}
