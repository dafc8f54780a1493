//! Which pictures several paths name: files, folders, patterns; and which of them are a shard's.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::str::FromStr;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use crate::{Failure, terminal};

/// What files in a folder are pictures, by the ends of their names: also those that will be refused, with the reason.
const ENDINGS: [&str; 15] = [
    "png", "apng", "jpg", "jpeg", "jpe", "jfif", "webp", "gif", "bmp", "tif", "tiff", "avif", "heic", "heif",
    "dcm",
];

/// A picture to be read.
pub struct Listed {
    /// Its file, as it was named.
    pub path: PathBuf,
    /// Its path below the folder, or below the fixed part of the pattern, that it was found by.
    pub below: PathBuf,
}

/// Tells pictures apart: the first 64 bits of the SHA-256 of the absolute path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PictureId(u64);

/// One of several equal parts of the pictures, counted from 1: `3/16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    pub part: u32,
    pub parts: u32,
}

/// What paths name.
#[derive(Default)]
pub struct Listing {
    pub pictures: Vec<Listed>,
    /// Files in folders whose names end as no picture's do.
    pub ignored: usize,
    /// Folders that could not be listed, a sentence each.
    pub faults: Vec<String>,
    search: Search,
}

/// How far the search in folders is. What takes long is told now and then.
struct Search {
    seen: usize,
    begun: Instant,
    next: Duration,
}

impl Default for Search {
    fn default() -> Self {
        Self { seen: 0, begun: Instant::now(), next: Duration::from_secs(2) }
    }
}

impl Search {
    /// What to say after one more entry, of which so many were pictures.
    fn after(&mut self, root: &Path, pictures: usize, now: Instant) -> Option<String> {
        self.seen += 1;
        if now - self.begun < self.next {
            return None;
        }
        self.next *= 2;
        Some(format!(
            "note: looking for pictures in {}: {pictures} of {} files and folders so far",
            root.display(),
            self.seen
        ))
    }
}

impl Listed {
    pub fn id(&self) -> PictureId {
        // Where the current folder is gone, the path stands for itself.
        let absolute = std::path::absolute(&self.path);
        PictureId(hashed(absolute.as_deref().unwrap_or(&self.path)))
    }

    /// What the files of its results are named after. No two pictures share it, and no system finds it too long.
    pub fn stem(&self) -> String {
        const MAX: usize = 80;
        let folder = self.below.parent().unwrap_or(Path::new(""));
        let stem: String =
            self.below.file_stem().unwrap_or_default().to_string_lossy().chars().take(MAX).collect();
        let stem = format!("{}-{}", stem.replace(std::path::is_separator, "_"), self.id());
        folder.join(stem).to_string_lossy().into_owned()
    }
}

impl fmt::Display for PictureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for PictureId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(Self)
    }
}

impl Shard {
    /// Whether a picture is this shard's. That depends on the picture's path below its folder alone, so it stays when other
    /// pictures come and go, and when the folder is elsewhere on another machine.
    pub fn has(self, picture: &Listed) -> bool {
        hashed(&picture.below) % u64::from(self.parts) == u64::from(self.part - 1)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.parts)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(part, parts)| {
            Some(Self { part: part.trim().parse().ok()?, parts: parts.trim().parse().ok()? })
        });
        let possible = |shard: &Self| (1..=shard.parts).contains(&shard.part);
        numbers.filter(possible).ok_or_else(|| "pass a part and the number of parts, such as 3/16".into())
    }
}

/// Whether a path stands for any number of pictures: a folder, or a pattern.
pub fn is_plural(path: &Path) -> bool {
    path.is_dir() || (!path.exists() && is_pattern(path))
}

/// The pictures of files, folders and patterns, each once. What lies in the folder `output` are results.
///
/// # Errors
/// Nothing was found, or a pattern is none.
pub fn list(paths: &[PathBuf], output: &Path) -> Result<Listing, Failure> {
    let mut listing = Listing::default();
    let output = output.canonicalize().ok();
    for path in paths {
        let before = listing.pictures.len();
        if path.is_dir() {
            listing.add_folder(path, path, output.as_deref());
        } else if path.exists() || !is_pattern(path) {
            // A file that is not there is told as the others' errors are.
            let name = path.file_name().unwrap_or(OsStr::new("picture"));
            listing.pictures.push(Listed { path: path.clone(), below: name.into() });
        } else {
            listing.add_pattern(path, output.as_deref())?;
        }
        if listing.pictures.len() == before {
            return Err(format!("{}: no pictures found", path.display()).into());
        }
    }
    let mut known = HashSet::new();
    listing.pictures.retain(|picture| known.insert(picture.id()));
    Ok(listing)
}

impl Listing {
    /// All pictures of a folder and the folders in it, by name; hidden ones are left out.
    fn add_folder(&mut self, folder: &Path, root: &Path, output: Option<&Path>) {
        let walk = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
        let wanted = |entry: &walkdir::DirEntry| {
            let inner = entry.depth() > 0;
            let hidden = inner && (is_hidden(entry.file_name()) || is_of_system(entry.path()));
            let results = entry.file_type().is_dir() && lies_in(entry.path(), output);
            !hidden && !results
        };
        for entry in walk.filter_entry(wanted) {
            if let Some(said) = self.search.after(root, self.pictures.len(), Instant::now()) {
                terminal::tell(said);
            }
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                // What is no file, such as a pipe, may never end.
                Ok(entry) if entry.file_type().is_file() && is_named_as_picture(entry.path()) => {
                    self.add(entry.into_path(), root);
                }
                Ok(_) => self.ignored += 1,
                Err(error) => self.faults.push(error.to_string()),
            }
        }
    }

    /// What a pattern names, as a shell takes it: hidden files and folders only where it writes the dot.
    fn add_pattern(&mut self, pattern: &Path, output: Option<&Path>) -> Result<(), Failure> {
        let shown = pattern.display();
        let text = pattern.to_str().ok_or_else(|| format!("{shown}: a pattern must be UTF-8 text"))?;
        let root = fixed_part(pattern);
        let found = glob::glob(text).map_err(|error| format!("{shown} is no pattern: {error}"))?;
        for found in found {
            match found {
                Ok(path) if lies_in(&path, output) || hidden_parts(&path) > hidden_parts(pattern) => {}
                Ok(path) if path.is_dir() => self.add_folder(&path, &root, output),
                Ok(path) if path.exists() && !path.is_file() => self.ignored += 1,
                Ok(path) => self.add(path, &root),
                Err(error) => self.faults.push(error.to_string()),
            }
        }
        Ok(())
    }

    fn add(&mut self, path: PathBuf, root: &Path) {
        let below = path.strip_prefix(root).ok().filter(|below| is_below(below));
        let below = below.or(path.file_name().map(Path::new)).unwrap_or(&path).to_path_buf();
        self.pictures.push(Listed { path, below });
    }
}

/// The folders of a pattern up to its first sign.
fn fixed_part(pattern: &Path) -> PathBuf {
    let fixed = pattern.components().take_while(|part| !is_pattern(Path::new(part.as_os_str())));
    fixed.collect()
}

fn is_pattern(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().iter().any(|byte| b"*?[".contains(byte))
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Whether a folder holds what the system says of itself, and no files of anyone.
fn is_of_system(path: &Path) -> bool {
    cfg!(unix) && ["/dev", "/proc", "/sys"].iter().any(|system| path == Path::new(system))
}

/// How many parts of a path are hidden.
fn hidden_parts(path: &Path) -> usize {
    path.components().filter(|part| matches!(part, Component::Normal(name) if is_hidden(name))).count()
}

/// Whether a path lies in the folder of the results, if that is there.
fn lies_in(path: &Path, output: Option<&Path>) -> bool {
    output.is_some_and(|output| path.canonicalize().is_ok_and(|path| path.starts_with(output)))
}

fn is_named_as_picture(path: &Path) -> bool {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// Whether a path leads to nothing outside the folder that it is joined to.
pub fn is_below(path: &Path) -> bool {
    path.components().next().is_some() && path.components().all(|part| matches!(part, Component::Normal(_)))
}

fn hashed(path: &Path) -> u64 {
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    u64::from_be_bytes(*digest.first_chunk().expect("SHA-256 has 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_search_says_how_far_it_is_more_and_more_rarely() {
        let start = Instant::now();
        let mut search = Search { begun: start, ..Search::default() };
        let said: Vec<u64> = (0..20)
            .filter(|&second| {
                search.after(Path::new("photos"), 7, start + Duration::from_secs(second)).is_some()
            })
            .collect();
        assert_eq!(said, [2, 4, 8, 16]);
        let told = search.after(Path::new("photos"), 7, start + Duration::from_secs(32)).unwrap();
        assert!(told.contains("photos: 7 of 21 files and folders"), "{told}");
    }

    #[test]
    fn a_shard_is_a_part_of_at_least_one() {
        assert_eq!("3/16".parse(), Ok(Shard { part: 3, parts: 16 }));
        for wrong in ["0/4", "5/4", "3", "3/", "/3", "-1/4", "1/0", "a/b", "1/4/4"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn each_picture_is_in_one_shard_wherever_its_folder_is() {
        let listed = |root: &str, i: usize| Listed {
            path: format!("{root}/{i}.png").into(),
            below: format!("{i}.png").into(),
        };
        for i in 0..200 {
            let shards = |root| {
                let picture = listed(root, i);
                (1..=4).filter(|&part| Shard { part, parts: 4 }.has(&picture)).collect::<Vec<_>>()
            };
            assert_eq!(shards("/here").len(), 1);
            assert_eq!(shards("/here"), shards("/there"));
        }
    }

    #[test]
    fn pictures_of_one_name_have_other_stems() {
        let listed = |path: &str, below: &str| Listed { path: path.into(), below: below.into() };
        let stems = [
            listed("a/x.png", "x.png").stem(),
            listed("b/x.png", "x.png").stem(),
            listed("a/x.jpg", "x.jpg").stem(),
            listed("a/c/x.png", "c/x.png").stem(),
        ];
        assert_eq!(stems.iter().collect::<HashSet<_>>().len(), 4);
        assert!(stems[3].starts_with("c/x-"), "{}", stems[3]);
        let long = listed("a/long.png", &format!("{}.png", "ä".repeat(300))).stem();
        assert!(long.len() < 200, "{long}");
    }
}
