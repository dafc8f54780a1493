//! One file from a server: a small one into memory, a weight file onto the disk, where a later run resumes it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use cam_lucida::weights::Weights;
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};
use ureq::http::HeaderMap;
use url::Url;

use super::origin::file_name;
use super::web::{Expected, Reply, RequestError, Web, text, with_retries};
use crate::Failure;

/// The largest text file about a model, in bytes.
const MAX_TEXT_BYTES: u64 = 8 << 20;

/// The text at `url`; `None` when the server has no such file.
pub fn text_file(web: &Web, url: &Url) -> Result<Option<String>, Failure> {
    let bytes = with_retries(|| {
        let Reply { mut response, .. } = web.get(url, &[])?;
        if response.status() == 404 {
            return Ok(None);
        }
        let body = response.body_mut().with_config().limit(MAX_TEXT_BYTES).read_to_vec();
        let failed = |error| match error {
            ureq::Error::BodyExceedsLimit(_) => {
                RequestError::Permanent(format!("{url} has more than {} MiB", MAX_TEXT_BYTES >> 20))
            }
            cut => RequestError::transient(format!("the connection to {url} was cut ({cut})")),
        };
        Ok(Some(body.map_err(failed)?))
    })?;
    let Some(bytes) = bytes else { return Ok(None) };
    let found = String::from_utf8(bytes).map_err(|_| format!("{url} is not UTF-8 text"))?;
    if found.trim_start().starts_with('<') {
        return Err(format!("{url} is a web page, not the file; the file may be behind a log-in").into());
    }
    Ok(Some(found))
}

/// A download onto the disk.
pub struct Download<'a> {
    web: &'a Web,
    url: &'a Url,
    part: PathBuf,
    about: PathBuf,
}

/// Identifies the file whose beginning is on the disk, so that a later run appends only the rest of the same file.
#[derive(Serialize, Deserialize, Default)]
struct FileVersion {
    url: String,
    etag: Option<String>,
    bytes: Option<u64>,
}

impl<'a> Download<'a> {
    /// A download of `url` into a part file beside `path`.
    pub fn new(web: &'a Web, url: &'a Url, path: &Path) -> Self {
        let beside = |end: &str| {
            let mut name = path.as_os_str().to_os_string();
            name.push(end);
            PathBuf::from(name)
        };
        Self { web, url, part: beside(".part"), about: beside(".part.json") }
    }

    /// The file that holds what has arrived.
    pub fn part(&self) -> &Path {
        &self.part
    }

    pub fn url(&self) -> &Url {
        self.url
    }

    /// Removes what has arrived.
    pub fn discard(&self) {
        // The next run checks whatever could not be removed.
        let _ = fs::remove_file(&self.part);
        let _ = fs::remove_file(&self.about);
    }

    /// Downloads the whole file and returns what the server stated about it; `None` when the server has no such file.
    pub fn run(&self) -> Result<Option<Expected>, Failure> {
        let bar = ProgressBar::new(0);
        let style = "{msg} {wide_bar} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left";
        bar.set_style(ProgressStyle::with_template(style).expect("the template is a constant"));
        bar.set_message(file_name(self.url).unwrap_or_default());
        let done = with_retries(|| self.resume(&bar));
        bar.finish_and_clear();
        done
    }

    /// One request for the bytes that are missing.
    fn resume(&self, bar: &ProgressBar) -> Result<Option<Expected>, RequestError> {
        let (held, about) = self.held();
        let range = format!("bytes={held}-");
        let mut headers = Vec::new();
        if held > 0 {
            headers.push(("range", range.as_str()));
            headers.extend(about.etag.as_deref().map(|etag| ("if-range", etag)));
        }
        let Reply { response, expected } = self.web.get(self.url, &headers)?;
        let sent = FileVersion::new(self.url, response.headers(), expected.bytes);
        let changed = || {
            self.discard();
            RequestError::transient(format!("{} changed while it was downloaded", self.url))
        };
        let held = match response.status().as_u16() {
            404 => return Ok(None),
            206 if held > 0 && sent.continues(&about, held, response.headers()) => held,
            416 if held > 0 && total(response.headers()) == Some(held) => return Ok(Some(expected)),
            206 | 416 => return Err(changed()),
            _ => 0,
        };
        if let (Some(stated), Some(bytes)) = (expected.bytes, sent.bytes)
            && stated != bytes
        {
            return Err(RequestError::Permanent(format!(
                "{} has {stated} bytes as its server says, but it sends {bytes}: try again later",
                self.url
            )));
        }
        self.check_size(sent.bytes.unwrap_or(0))?;
        let mut file = self.open(held, &sent).map_err(|error| self.unwritten(&error))?;
        bar.set_length(sent.bytes.unwrap_or(0));
        bar.set_position(held);
        let arrived = self.receive(response.into_body().into_reader(), &mut file, held, bar)?;
        match sent.bytes {
            Some(bytes) if bytes != arrived => Err(self.cut(arrived, &format!("of {bytes}"))),
            _ => Ok(Some(expected)),
        }
    }

    /// Appends `body` to the `arrived` bytes in `file`, and returns how many there are then.
    fn receive(
        &self,
        mut body: impl Read,
        file: &mut File,
        mut arrived: u64,
        bar: &ProgressBar,
    ) -> Result<u64, RequestError> {
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

    /// How many bytes earlier tries have left, and of which file.
    fn held(&self) -> (u64, FileVersion) {
        let about =
            fs::read(&self.about).ok().and_then(|text| serde_json::from_slice::<FileVersion>(&text).ok());
        match (fs::metadata(&self.part), about) {
            (Ok(part), Some(about)) if about.url == self.url.as_str() => (part.len(), about),
            _ => (0, FileVersion::default()),
        }
    }

    fn open(&self, held: u64, about: &FileVersion) -> io::Result<File> {
        if held > 0 {
            return OpenOptions::new().append(true).open(&self.part);
        }
        if let Some(folder) = self.part.parent() {
            fs::create_dir_all(folder)?;
        }
        // The part is emptied first, so that the version never lies beside the bytes of another file.
        let file = File::create(&self.part)?;
        fs::write(&self.about, serde_json::to_vec(about)?)?;
        Ok(file)
    }

    fn check_size(&self, bytes: u64) -> Result<(), RequestError> {
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        Weights::check_size(bytes).map_err(|error| RequestError::Permanent(format!("{}: {error}", self.url)))
    }

    fn cut(&self, arrived: u64, why: &str) -> RequestError {
        RequestError::transient(format!("the connection to {} was cut after {arrived} bytes {why}", self.url))
    }

    fn unwritten(&self, error: &io::Error) -> RequestError {
        RequestError::Permanent(format!("cannot write {}: {error}", self.part.display()))
    }
}

impl FileVersion {
    fn new(url: &Url, headers: &HeaderMap, expected: Option<u64>) -> Self {
        // A weak tag promises the same meaning, not the same bytes.
        let etag = text(headers, "etag").filter(|etag| !etag.starts_with("W/")).map(String::from);
        let length = || text(headers, "content-length").and_then(|length| length.parse().ok());
        let whole = if headers.contains_key("content-range") { total(headers) } else { length() };
        Self { url: url.to_string(), etag, bytes: whole.or(expected) }
    }

    /// Whether the reply with `headers` holds what follows the first `held` bytes of `begun`.
    fn continues(&self, begun: &Self, held: u64, headers: &HeaderMap) -> bool {
        let start = text(headers, "content-range").and_then(|range| {
            let (start, _) = range.strip_prefix("bytes ")?.split_once('-')?;
            start.trim().parse().ok()
        });
        start == Some(held) && self.etag == begun.etag && self.bytes == begun.bytes
    }
}

/// The size of the whole file when only a part is sent.
fn total(headers: &HeaderMap) -> Option<u64> {
    text(headers, "content-range")?.rsplit_once('/')?.1.trim().parse().ok()
}
