//! One file from a server: a small one into memory, a weight file onto the disk, where a later run resumes it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cam_lucida::weights::Weights;
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};
use ureq::http::HeaderMap;
use url::Url;

use super::origin::file_name;
use super::web::{Expected, Reply, RequestError, Web, text, with_retries};
use crate::Failure;
use crate::files::MAX_TEXT_BYTES;
use crate::whole_file::write_beside;

/// The text at `url`; `None` when the server has no such file.
pub fn text_file(web: &Web, url: &Url) -> Result<Option<String>, Failure> {
    let bytes = with_retries(|| {
        let Reply { mut response, .. } = web.get_text(url)?;
        if response.status() == 404 {
            return Ok(None);
        }
        let body = response.body_mut().with_config().limit(MAX_TEXT_BYTES as u64).read_to_vec();
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
    /// Whether its SHA-256 is known beforehand.
    is_known: bool,
}

/// Identifies the file whose beginning is on the disk, so that a later run appends only the rest of the same file.
#[derive(Serialize, Deserialize, Default, PartialEq)]
struct FileVersion {
    url: String,
    #[serde(default)]
    etag: Option<String>,
    #[serde(default)]
    bytes: Option<u64>,
    #[serde(default)]
    sha256: Option<String>,
}

impl<'a> Download<'a> {
    /// A download of `url` into a part file beside `path`. `is_known` says whether its SHA-256 will be checked.
    pub fn new(web: &'a Web, url: &'a Url, path: &Path, is_known: bool) -> Self {
        let beside = |end: &str| {
            let mut name = path.as_os_str().to_os_string();
            name.push(end);
            PathBuf::from(name)
        };
        Self { web, url, part: beside(".part"), about: beside(".part.json"), is_known }
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
        bar.set_message(cam_lucida::printable(file_name(self.url).unwrap_or_default()));
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
        let sent = FileVersion::new(self.url, response.headers(), &expected);
        let changed = || {
            self.discard();
            RequestError::transient(format!("{} changed while it was downloaded", self.url))
        };
        let held = match response.status().as_u16() {
            404 => return Ok(None),
            206 if held > 0 && self.continues(&about, &sent, held, response.headers()) => held,
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
        let mut pace = Pace::new(arrived, Instant::now());
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
            if !pace.holds(arrived, Instant::now()) {
                return Err(self.cut(arrived, "(the server sends too slowly)"));
            }
            self.check_size(arrived).inspect_err(|_| self.discard())?;
        }
    }

    /// How many bytes earlier tries have left, and of which file.
    fn held(&self) -> (u64, FileVersion) {
        let about = crate::files::read(&self.about, MAX_TEXT_BYTES).ok();
        let about = about.and_then(|text| serde_json::from_slice::<FileVersion>(&text).ok());
        match (fs::symlink_metadata(&self.part), about) {
            (Ok(part), Some(about))
                if part.is_file() && about.url == self.url.as_str() && about.is_told(self.is_known) =>
            {
                (part.len(), about)
            }
            _ => (0, FileVersion::default()),
        }
    }

    /// Whether a reply with `headers`, of the version `sent`, holds what follows the first `held` bytes of `begun`.
    fn continues(&self, begun: &FileVersion, sent: &FileVersion, held: u64, headers: &HeaderMap) -> bool {
        let start = text(headers, "content-range").and_then(|range| {
            let (start, _) = range.strip_prefix("bytes ")?.split_once('-')?;
            start.trim().parse().ok()
        });
        start == Some(held) && sent == begun
    }

    fn open(&self, held: u64, about: &FileVersion) -> io::Result<File> {
        if held > 0 {
            return OpenOptions::new().append(true).open(&self.part);
        }
        let folder = self.part.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        // The part goes first, so that the version never lies beside the bytes of another file. Both are made anew: a link that
        // somebody put there leads nowhere.
        match fs::remove_file(&self.part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = OpenOptions::new().write(true).create_new(true).open(&self.part)?;
        write_beside(&self.about, &serde_json::to_vec(about)?)?.persist(&self.about)?;
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
    fn new(url: &Url, headers: &HeaderMap, expected: &Expected) -> Self {
        // A weak tag promises the same meaning, not the same bytes.
        let etag = text(headers, "etag").filter(|etag| !etag.starts_with("W/")).map(String::from);
        let length = || text(headers, "content-length").and_then(|length| length.parse().ok());
        let whole = if headers.contains_key("content-range") { total(headers) } else { length() };
        let sha256 = expected.sha256.clone();
        Self { url: url.to_string(), etag, bytes: whole.or(expected.bytes), sha256 }
    }

    /// Whether something tells that two parts are of the same file: their length alone does not.
    fn is_told(&self, is_known: bool) -> bool {
        is_known || self.etag.is_some() || self.sha256.is_some()
    }
}

/// Whether enough arrives: a server that sends a byte now and then would keep a download for ever.
struct Pace {
    arrived: u64,
    since: Instant,
}

impl Pace {
    /// What must arrive in each [`SPAN`](Self::SPAN): a slow modem's share.
    const BYTES: u64 = 64 << 10;
    const SPAN: Duration = Duration::from_secs(60);

    fn new(arrived: u64, since: Instant) -> Self {
        Self { arrived, since }
    }

    fn holds(&mut self, arrived: u64, now: Instant) -> bool {
        if now - self.since < Self::SPAN {
            return true;
        }
        let enough = arrived - self.arrived >= Self::BYTES;
        *self = Self::new(arrived, now);
        enough
    }
}

/// The size of the whole file when only a part is sent.
fn total(headers: &HeaderMap) -> Option<u64> {
    text(headers, "content-range")?.rsplit_once('/')?.1.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_sends_a_few_bytes_now_and_then_is_given_up() {
        let start = Instant::now();
        let mut pace = Pace::new(0, start);
        for minute in 1..=10 {
            assert!(pace.holds(minute * Pace::BYTES, start + Pace::SPAN * minute as u32), "minute {minute}");
        }
        assert!(
            pace.holds(10 * Pace::BYTES + 1, start + Pace::SPAN * 10 + Pace::SPAN / 2),
            "there is time left"
        );
        assert!(!pace.holds(10 * Pace::BYTES + 5, start + Pace::SPAN * 11));
    }
}
