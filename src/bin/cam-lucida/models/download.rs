//! One file from a server: into memory if it is small, else to the disk, going on where it was broken off.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use cam_lucida::weights::Weights;
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};
use ureq::http::HeaderMap;

use super::web::{Promised, Reply, Trouble, Web, patiently, text};
use crate::Failure;

/// Most bytes of a file that says something about a model.
const TEXT_BYTES: u64 = 8 << 20;

/// The text at `url`; `None` if there is none.
pub fn text_file(web: &Web, url: &str) -> Result<Option<String>, Failure> {
    let bytes = patiently(|| {
        let Reply { mut response, .. } = web.get(url, &[])?;
        if response.status() == 404 {
            return Ok(None);
        }
        let body = response.body_mut().with_config().limit(TEXT_BYTES).read_to_vec();
        let failed = |error| match error {
            ureq::Error::BodyExceedsLimit(_) => {
                Trouble::Lasting(format!("{url} has more than {} MiB", TEXT_BYTES >> 20))
            }
            cut => Trouble::passing(format!("the connection for {url} was cut ({cut})")),
        };
        Ok(Some(body.map_err(failed)?))
    })?;
    let Some(bytes) = bytes else { return Ok(None) };
    let found = String::from_utf8(bytes).map_err(|_| format!("{url} is not UTF-8 text"))?;
    if found.trim_start().starts_with('<') {
        return Err(format!("{url} is a web page, not the file: it may be behind a log-in").into());
    }
    Ok(Some(found))
}

/// A file that is on its way to the disk.
pub struct Download<'a> {
    web: &'a Web,
    url: &'a str,
    part: PathBuf,
    about: PathBuf,
}

/// What is known of the file whose beginning is kept, to tell whether the rest is of the same.
#[derive(Serialize, Deserialize, Default)]
struct About {
    url: String,
    etag: Option<String>,
    bytes: Option<u64>,
}

impl<'a> Download<'a> {
    /// `url` on its way to become `path`.
    pub fn new(web: &'a Web, url: &'a str, path: &Path) -> Self {
        let beside = |end: &str| {
            let mut name = path.as_os_str().to_os_string();
            name.push(end);
            PathBuf::from(name)
        };
        Self { web, url, part: beside(".part"), about: beside(".part.json") }
    }

    /// Where it is kept.
    pub fn part(&self) -> &Path {
        &self.part
    }

    pub fn url(&self) -> &str {
        self.url
    }

    /// Removes what has arrived.
    pub fn discard(&self) {
        // What cannot be removed is judged anew next time.
        let _ = fs::remove_file(&self.part);
        let _ = fs::remove_file(&self.about);
    }

    /// Fetches all of it, and returns what the server said of it; `None` if there is no such file.
    pub fn run(&self) -> Result<Option<Promised>, Failure> {
        let bar = ProgressBar::new(0);
        let style = "{msg} {wide_bar} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left";
        bar.set_style(ProgressStyle::with_template(style).expect("the template is a constant"));
        bar.set_message(self.url.rsplit('/').next().unwrap_or_default().to_string());
        let done = patiently(|| self.go_on(&bar));
        bar.finish_and_clear();
        done
    }

    /// One request for what is missing.
    fn go_on(&self, bar: &ProgressBar) -> Result<Option<Promised>, Trouble> {
        let (held, about) = self.held();
        let range = format!("bytes={held}-");
        let mut headers = Vec::new();
        if held > 0 {
            headers.push(("range", range.as_str()));
            headers.extend(about.etag.as_deref().map(|etag| ("if-range", etag)));
        }
        let Reply { response, promised } = self.web.get(self.url, &headers)?;
        let is = About::new(self.url, response.headers(), promised.bytes);
        let changed = || {
            self.discard();
            Trouble::passing(format!("{} has changed while it was fetched", self.url))
        };
        let held = match response.status().as_u16() {
            404 => return Ok(None),
            206 if held > 0 && is.goes_on(&about, held, response.headers()) => held,
            416 if held > 0 && total(response.headers()) == Some(held) => return Ok(Some(promised)),
            206 | 416 => return Err(changed()),
            _ => 0,
        };
        if let (Some(said), Some(sent)) = (promised.bytes, is.bytes)
            && said != sent
        {
            return Err(Trouble::Lasting(format!(
                "{} has {said} bytes as its server says, {sent} are sent: try again later",
                self.url
            )));
        }
        self.check_size(is.bytes.unwrap_or(0))?;
        let mut file = self.open(held, &is).map_err(|error| self.unwritten(&error))?;
        bar.set_length(is.bytes.unwrap_or(0));
        bar.set_position(held);
        let arrived = self.receive(response.into_body().into_reader(), &mut file, held, bar)?;
        match is.bytes {
            Some(bytes) if bytes != arrived => Err(self.cut(arrived, &format!("of {bytes}"))),
            _ => Ok(Some(promised)),
        }
    }

    /// Writes what comes behind the `arrived` bytes that are there, and counts it.
    fn receive(
        &self,
        mut body: impl Read,
        file: &mut File,
        mut arrived: u64,
        bar: &ProgressBar,
    ) -> Result<u64, Trouble> {
        let mut buffer = vec![0; 1 << 16];
        loop {
            let count = match body.read(&mut buffer) {
                Ok(0) => return Ok(arrived),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.cut(arrived, &format!("({error})"))),
            };
            file.write_all(&buffer[..count]).map_err(|error| self.unwritten(&error))?;
            arrived += count as u64;
            bar.set_position(arrived);
            self.check_size(arrived).inspect_err(|_| self.discard())?;
        }
    }

    /// How many bytes have arrived in earlier tries, and of what.
    fn held(&self) -> (u64, About) {
        let about = fs::read(&self.about).ok().and_then(|text| serde_json::from_slice::<About>(&text).ok());
        match (fs::metadata(&self.part), about) {
            (Ok(part), Some(about)) if about.url == self.url => (part.len(), about),
            _ => (0, About::default()),
        }
    }

    fn open(&self, held: u64, about: &About) -> io::Result<File> {
        if held > 0 {
            return OpenOptions::new().append(true).open(&self.part);
        }
        if let Some(folder) = self.part.parent() {
            fs::create_dir_all(folder)?;
        }
        // The part first: notes are never beside the bytes of another file.
        let file = File::create(&self.part)?;
        fs::write(&self.about, serde_json::to_vec(about)?)?;
        Ok(file)
    }

    fn check_size(&self, bytes: u64) -> Result<(), Trouble> {
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        Weights::check_size(bytes).map_err(|error| Trouble::Lasting(format!("{}: {error}", self.url)))
    }

    fn cut(&self, arrived: u64, why: &str) -> Trouble {
        Trouble::passing(format!("the connection for {} was cut after {arrived} bytes {why}", self.url))
    }

    fn unwritten(&self, error: &io::Error) -> Trouble {
        Trouble::Lasting(format!("cannot write {}: {error}", self.part.display()))
    }
}

impl About {
    fn new(url: &str, headers: &HeaderMap, promised: Option<u64>) -> Self {
        // A weak tag says that two are of one meaning, not of the same bytes.
        let etag = text(headers, "etag").filter(|etag| !etag.starts_with("W/")).map(String::from);
        let length = || text(headers, "content-length").and_then(|length| length.parse().ok());
        let whole = if headers.contains_key("content-range") { total(headers) } else { length() };
        Self { url: url.into(), etag, bytes: whole.or(promised) }
    }

    /// Whether a part of this that was answered with `headers` is what follows the first `held` bytes of `begun`.
    fn goes_on(&self, begun: &Self, held: u64, headers: &HeaderMap) -> bool {
        let start = text(headers, "content-range").and_then(|range| {
            let (start, _) = range.strip_prefix("bytes ")?.split_once('-')?;
            start.trim().parse().ok()
        });
        start == Some(held) && self.etag == begun.etag && self.bytes == begun.bytes
    }
}

/// The size of the whole file of which a part is sent.
fn total(headers: &HeaderMap) -> Option<u64> {
    text(headers, "content-range")?.rsplit_once('/')?.1.trim().parse().ok()
}
